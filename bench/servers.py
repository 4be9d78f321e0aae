"""Real servers as processes of their own, and a real program that asks them."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.records import environment
from portal.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DATASETTE = ROOT / ".venv-bench" / "bin" / "datasette"
LONGEST_START = 60.0
THREADS, CONNECTIONS = 2, 8

NGINX = """
worker_processes 1; daemon off; error_log stderr crit; pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/html;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  {served}
}}
"""
A_FILE = """
  open_file_cache max=100;
  server {{ listen 127.0.0.1:{port} reuseport; root {folder}; }}
"""
# what docs/operating/nginx.conf says of public pages, without TLS
IN_FRONT = """
  proxy_cache_path {folder}/kept levels=1:2 keys_zone=portal:20m max_size=512m inactive=10s use_temp_path=off;
  upstream portal {{ server {portal}; keepalive 64; }}
  server {{
    listen 127.0.0.1:{port} reuseport;
    location / {{
      proxy_pass http://portal; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_set_header Accept-Encoding ""; proxy_cache portal; proxy_cache_key "$request_uri";
      proxy_ignore_headers Vary; proxy_cache_lock on; proxy_cache_lock_timeout 5s;
    }}
  }}
"""
LUA = """
local paths = {{ {paths} }}
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def missing() -> dict[str, str]:
    """What is not on this machine, and how it is said in the table."""
    found = {}
    for name in ("wrk", "nginx"):
        if not program(name):
            found[name] = f"not run: {name} is not installed"
    if not DATASETTE.exists():
        found["datasette"] = "not run: Datasette is not installed (make bench installs it into .venv-bench)"
    return found


def program(name: str) -> str:
    """Where a program is; nginx stands where a user's path may not look."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


@contextmanager
def portal(settings: Settings, port: int, workers: int = 1, **more: str) -> Iterator[str]:
    """``portal serve`` as it comes, granian and all; its address.

    :param workers: how many processes answer.
    :param more: further settings, as the variables' names without their beginning.
    """
    variables = environment(settings) | {
        "PORTAL_WORKER": "0",
        "PORTAL_SEARCH_ENGINE": settings.search_engine,
        "PYTHONPATH": str(ROOT),
        **{f"PORTAL_{name.upper()}": value for name, value in more.items()},
    }
    command = [sys.executable, "-c", "from portal.cli import main; main()", "serve", "--port", str(port)]
    command += ["--workers", str(workers)]
    with _process(command, variables) as _:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz")
        yield address


@contextmanager
def nginx(body: bytes, port: int) -> Iterator[str]:
    """One file, /page.html, sent by nginx with one worker; its address."""
    with _nginx(A_FILE, port, "/page.html", body) as address:
        yield address


@contextmanager
def nginx_before(portal: str, port: int) -> Iterator[str]:
    """The portal behind nginx as it is installed: what may be kept for a second is kept; its address."""
    with _nginx(IN_FRONT, port, "/healthz", portal=portal.removeprefix("http://")) as address:
        yield address


@contextmanager
def _nginx(served: str, port: int, asked: str, body: bytes = b"", **names: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="bench-nginx-") as name:
        folder = Path(name)
        folder.chmod(0o777)  # the worker is nobody, and keeps its pages there
        (folder / "page.html").write_bytes(body)
        (folder / "page.html").chmod(0o644)
        told = served.format(folder=folder, port=port, **names)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, served=told))
        with _process([program("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder)], {}):
            address = f"http://127.0.0.1:{port}"
            _wait_for(address + asked)
            yield address


@contextmanager
def datasette(database: Path, port: int) -> Iterator[str]:
    """Datasette on one database, opened as one that never changes; its address."""
    command = [str(DATASETTE), "serve", "-i", str(database), "--port", str(port)]
    command += ["--setting", "sql_time_limit_ms", "30000", "--setting", "facet_time_limit_ms", "30000"]
    with _process(command, {}):
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/-/versions.json")
        yield address


def load(address: str, paths: Sequence[str], seconds: float) -> float:
    """Requests answered per second by wrk, the paths in turn.

    :raises RuntimeError: when an answer was none or an error: a refusal must not count as fast.
    """
    command = [
        program("wrk"),
        f"-t{THREADS}",
        f"-c{CONNECTIONS}",
        f"-d{max(2, round(seconds))}s",
        "--timeout",
        "30s",
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA.format(paths=", ".join(f'"{each}"' for each in paths)))
        script.flush()
        several = ["-s", script.name, address] if len(paths) > 1 else [address + paths[0]]
        ran = subprocess.run([*command, *several], capture_output=True, text=True, check=False)
    said = ran.stdout + ran.stderr
    if ran.returncode:
        raise RuntimeError(f"wrk {address}{paths[0]}: {said.strip()}")
    if wrong := re.search(r"Non-2xx.*|Socket errors.*", said):
        raise RuntimeError(f"{address}{paths[0]}: {wrong[0]}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate is not None, said
    return float(rate[1])


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own address
        body: bytes = answer.read()
    return body


def one_by_one(address: str, paths: Sequence[str]) -> list[float]:
    """Milliseconds of each request, alone."""
    found = []
    for path in paths:
        began = time.perf_counter()
        fetch(address + path)
        found.append((time.perf_counter() - began) * 1000)
    return found


@contextmanager
def _process(command: list[str], variables: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    running = subprocess.Popen(
        command,
        env={**os.environ, **variables},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def _wait_for(address: str) -> None:
    end = time.monotonic() + LONGEST_START
    while True:
        try:
            fetch(address)
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
