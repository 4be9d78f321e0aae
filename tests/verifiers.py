"""The two programs that verify a log, side by side: the portal's own, and the one in Go that shares nothing with it."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.verifying.report import Report
from portal.verifying.sources import Answer, Directory
from portal.verifying.verify import verify
from tests.databases import alone
from tests.house.source import ROOT
from tests.logs import SIGNER

TODAY = date(2026, 11, 26)
LATE = 3  # the exit code when only objections are overdue
NEEDS_GO = "PORTAL_TEST_NEEDS_GO"  # set where Go must be there: .ci/run
PACKAGED = "/usr/share/gocode"  # golang-golang-x-mod-dev


def build_verifier(folder: Path) -> Path:
    """Compile the verifier once per run, without any network."""
    program = folder / "verifier"
    with alone(folder):
        if not program.exists():
            go = shutil.which("go")
            if go is None or not Path(PACKAGED, "src/golang.org/x/mod/sumdb/tlog").is_dir():
                assert not os.environ.get(NEEDS_GO), "golang-go or golang-golang-x-mod-dev is missing"
                pytest.skip("needs golang-go and golang-golang-x-mod-dev")
            env = os.environ | {"GO111MODULE": "off", "GOPATH": PACKAGED, "GOCACHE": str(folder / "go"), "GOFLAGS": ""}  # fmt: skip
            build = [go, "build", "-o", str(program), "."]
            subprocess.run(build, cwd=ROOT / "tests" / "verifier", env=env, check=True)
    return program


@dataclass(frozen=True)
class Told:
    """What both said of one log."""

    ours: Report
    code: int
    theirs: str

    @property
    def agree_that_it_is_right(self) -> bool:
        return self.ours.whole and not self.ours.late and self.code == 0

    @property
    def agree_that_it_is_wrong(self) -> bool:
        return not self.ours.whole and self.code == 1

    @property
    def agree_that_the_office_is_late(self) -> bool:
        return self.ours.whole and bool(self.ours.late) and self.code == LATE


@dataclass(frozen=True)
class Verifiers:
    """Runs both on a folder."""

    program: Path

    def __call__(
        self, folder: Path, *, key: str = str(SIGNER.verifier), earlier: Path | None = None,
        today: date = TODAY, records: bool = True,
    ) -> Told:  # fmt: skip
        kept = earlier.read_text() if earlier else ""
        ours = verify(Directory(folder), today=today, key=key, earlier=kept, records=records, pages=False)
        words = ["-key", key, "-today", today.isoformat()]
        words += ["-earlier", str(earlier)] if earlier else []
        words += [] if records else ["-log-only"]
        run = subprocess.run([self.program, *words, folder], capture_output=True, text=True, check=False)
        return Told(ours, run.returncode, run.stdout + run.stderr)


class Visiting:
    """A portal as a source, asked without a network."""

    def __init__(self, visitor: FlaskClient) -> None:
        self.visitor = visitor

    def get(self, path: str) -> Answer:
        with self.visitor.application.app_context():  # of its own, whatever the test holds open
            answer = self.visitor.get(f"/{path}")
        return Answer(answer.status_code, answer.data)
