"""An installed wheel runs by itself, outside a checkout."""

import os
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from portal.cli.serving import LONGEST_ANSWER
from portal.work import LONGEST_GOODBYE
from tests.house.source import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment that has the wheel and, from ours, its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    venv.create(folder / "env", with_pip=True)
    commands = folder / "env" / "bin"
    (wheel,) = folder.glob("*.whl")
    subprocess.run([commands / "pip", "install", "--quiet", "--no-deps", wheel], check=True)
    lend_dependencies(folder / "env")
    return commands


def lend_dependencies(environment: Path) -> None:
    """Make the dependencies of this environment importable in the other, but not this checkout.

    A ``.pth`` line adds a folder without reading the ``.pth`` files in it, so the editable checkout stays out.
    """
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    (theirs,) = environment.glob("lib/python*/site-packages")
    (theirs / "lent.pth").write_text(ours + "\n")


@contextmanager
def serving(commands: Path, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [commands / "portal", "serve", "--port", str(port)], cwd=folder, env=environment
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(LONGEST_GOODBYE + LONGEST_ANSWER + 5)


def get(address: str) -> str:
    """The page, once the server has come up."""
    for _ in range(100):
        try:
            with urlopen(address) as answer:
                return str(answer.read().decode())
        except URLError:
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {address}")


def test_the_wheel_migrates_makes_the_demo_and_serves(installed: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment.pop("PYTHONPATH", None)
    for command in ("migrate", "demo"):
        subprocess.run([installed / "portal", command], cwd=tmp_path, env=environment, check=True)
    with serving(installed, tmp_path, environment) as address:
        home = get(f"{address}/")
        assert "双随机、一公开" in home
        assert "<link" in home
        assert get(f"{address}/static/theme.css")
