"""People who file objections on a real server, over HTTP, all at once; and the server, which may be killed.

Run with the settings of a test: the server is ``portal serve`` in a process group of its own.
"""

import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import requests
from bs4 import BeautifulSoup

from portal.settings import Settings

PATIENCE = 120.0  # seconds a server may take to start on a busy machine


@dataclass
class Sent:
    """One form, as it was sent; the receipt once the server showed one, and the code on it."""

    number: str
    key: str
    text: str
    evidence: bytes
    receipts: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    tries: int = 0

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.evidence).hexdigest()


class Server:
    """``portal serve`` on a free port, and the hand that kills it."""

    def __init__(self, settings: Settings, *, name: str = "server", **more: str) -> None:
        self.env = os.environ | {
            "PORTAL_VAR": str(settings.var),
            "PORTAL_INDEX_DIR": str(settings.index_dir),
            "PORTAL_DATABASE_URL": settings.database_url,
            "PORTAL_PUBLIC_DATABASE_URL": settings.public_database_url,
            "PORTAL_WORKER": "0",
            **more,
        }
        self.log = settings.var.parent / f"{name}.log"
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.port = _free_port()
        command = [
            sys.executable,
            "-c",
            "from portal.cli import main; main()",
            "serve",
            "--port",
            str(self.port),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.env, cwd=Path(__file__).resolve().parents[1],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                requests.get(f"{self.site}/readyz", timeout=5)
                return
            except requests.RequestException:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start: {self.log.read_text(errors='replace')[-2000:]}")

    def kill(self) -> None:
        """Kill it and all that it started, without a word."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class Crowd:
    """Several people filing at once until they are told to stop; who got no answer sends the same form again."""

    server: Server
    numbers: Sequence[str]
    rng: random.Random
    people: int = 4
    sent: list[Sent] = field(default_factory=list)
    unanswered: list[Sent] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)  # answers that were neither a receipt nor the form again
    begun: Event = field(default_factory=Event)
    patient: bool = False  # send nothing new, only what got no answer

    def file_until_killed(self, seconds: float) -> None:
        """Let everybody file; the server is killed so many seconds after the first form was sent."""
        stop = Event()
        self.begun.clear()
        threads = [Thread(target=self._file, args=(stop, random.Random(self.rng.random()))) for _ in range(self.people)]  # noqa: S311  # fmt: skip
        for thread in threads:
            thread.start()
        assert self.begun.wait(PATIENCE), "nobody got as far as sending a form"
        time.sleep(seconds)
        self.server.kill()
        stop.set()
        for thread in threads:
            thread.join()

    def _file(self, stop: Event, rng: random.Random) -> None:
        while not stop.is_set():
            try:
                self.one(rng)
            except requests.RequestException:
                if not stop.is_set():
                    time.sleep(0.01)

    def one(self, rng: random.Random) -> Sent | None:
        """File once: a form that got no answer before, or a new one."""
        visit = requests.Session()
        again = self.unanswered.pop() if self.unanswered and (self.patient or rng.random() < 0.7) else None
        number = again.number if again else rng.choice(list(self.numbers))
        try:
            token, key = self._open(visit, number)
            form = again or self._new(number, key, rng)
        except requests.RequestException:
            if again is not None:
                self.unanswered.append(again)
            raise
        form.tries += 1
        try:
            answer = self._send(visit, form, token)
        except requests.RequestException:
            self.unanswered.append(form)
            raise
        self._read(form, answer)
        return form

    def _open(self, visit: requests.Session, number: str) -> tuple[str, str]:
        page = visit.get(f"{self.server.site}/objections/new", params={"result": number}, timeout=30)
        soup = BeautifulSoup(page.text, "html.parser")
        return _value(soup, "csrf_token"), _value(soup, "key")

    def _new(self, number: str, key: str, rng: random.Random) -> Sent:
        nonce = rng.randbytes(8).hex()
        papers = f"进货查验记录 {nonce} ".encode() * rng.randrange(1, 400)
        form = Sent(number, key, f"记录与事实不符，编号{nonce}。", papers)
        self.sent.append(form)
        return form

    def _send(self, visit: requests.Session, form: Sent, token: str) -> requests.Response:
        data = {
            "csrf_token": token, "key": form.key, "grounds": "not_so", "text": form.text, "party": "entity",
            "phone": "15400000000", "send": "post", "act": "file",
        }  # fmt: skip
        files = {"evidence": ("记录.txt", form.evidence, "text/plain")}
        self.begun.set()
        return visit.post(
            f"{self.server.site}/objections/new",
            params={"result": form.number},
            data=data,
            files=files,
            timeout=60,
        )

    def _read(self, form: Sent, answer: requests.Response) -> None:
        receipt, code = receipt_on(answer.text)
        if answer.status_code in (200, 201) and receipt:
            form.receipts.add(receipt)
            form.codes.add(code)
        elif form.text in answer.text:
            self.unanswered.append(form)  # not received, said so, and the words are still there
        else:
            self.odd.append(f"{answer.status_code}: {answer.text[:300]}")


def receipt_on(html: str) -> tuple[str, str]:
    """The 回执号 and the 查询码 that a receipt shows; empty on any other page."""
    values = [each.get_text(strip=True) for each in BeautifulSoup(html, "html.parser").select("dl.keep dd")]
    return (values[0], values[1]) if len(values) >= 2 else ("", "")


def _value(soup: BeautifulSoup, name: str) -> str:
    found = soup.select_one(f"input[name={name}]")
    if found is None:
        raise requests.ConnectionError(f"the page has no {name}: the server was going down")
    return str(found["value"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
