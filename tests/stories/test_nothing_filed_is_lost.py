"""What was received is never lost and never there twice: the server killed while people file, the disk full."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.files import Store
from portal.ledger import book
from portal.ledger.models import Entry
from portal.objections import filing
from portal.objections.models import Contest, Objection, ObjectionDraft
from portal.opening import office
from portal.publications.models import Publication
from portal.sessions import session_at
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.filing_over_http import Crowd, Sent, Server
from tests.office import disclose

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("PORTAL_TEST_KILLS", "15"))
ROUNDS_OF_FULL_DISK = max(KILLS // 10, 3)


def several(session: Session, cast: Cast, result: Publication) -> list[str]:
    """Results to object to."""
    others = [
        disclose(session, cast, "result", examples.result(entity_name=f"示例第{at}商店")) for at in range(3)
    ]
    return [str(each.number) for each in (result, *others)]


def check_whole(session: Session, store: Store, sent: list[Sent]) -> int:
    """Each receipt that was shown is there, once, with its words and its file; how many cases there are."""
    session.rollback()
    session.expire_all()
    cases = {each.key_hash: each for each in session.scalars(sa.select(Objection))}
    for form in sent:
        case = cases.get(filing.hashed(form.key))
        assert len(form.receipts) <= 1 and len(form.codes) <= 1, "one form, one receipt"
        if form.receipts:
            assert case is not None, f"{form.receipts} was shown and is gone"
            assert form.receipts == {case.receipt}
        if case is not None:
            _check_case(session, store, case, form)
    serials = sorted(int(case.receipt.rpartition("-")[2]) for case in cases.values())
    assert serials == list(range(1, len(serials) + 1)), "none twice, no gap"
    entered = sa.select(sa.func.count()).where(Entry.type == "objection_received")
    assert session.scalar(entered) == len(cases)
    assert book.check(session) == []
    session.rollback()  # or the next server would wait for this session's lock
    return len(cases)


def _check_case(session: Session, store: Store, case: Objection, form: Sent) -> None:
    assert case.text == form.text
    assert case.document("receipt") is not None
    assert case.term("recheck") is not None
    assert [step.act for step in case.steps] == ["file"]
    assert session.get(Contest, case.entry_index) is not None
    (file,) = case.files
    assert file.sha256 == form.sha256 == hashlib.sha256(store.read(file.stored)).hexdigest(), (
        "the file is whole"
    )


@pytest.mark.proved_on_postgres
def test_a_server_killed_while_people_file_loses_no_receipt(
    settings: Settings, session: Session, cast: Cast, result: Publication
) -> None:
    numbers = several(session, cast, result)
    server, store = Server(settings), Store(settings.evidence_dir)
    rng = random.Random(20261125)  # noqa: S311
    crowd = Crowd(server, numbers, rng)
    for kill in range(KILLS):
        server.start()
        crowd.file_until_killed(rng.uniform(0.0, 2.0))
        if kill % 10 == 9:
            check_whole(session, store, crowd.sent)
    shown = sum(bool(form.receipts) for form in crowd.sent)
    received = finish(server, session, store, crowd)
    again = sum(form.tries > 1 for form in crowd.sent)
    say(f"proof: {KILLS} kills; {len(crowd.sent)} forms, {shown} receipts shown before a kill and all there after it, "
        f"{again} forms sent again after no answer; {received} received in the end, each once, every file whole")  # fmt: skip
    assert received >= KILLS


def finish(server: Server, session: Session, store: Store, crowd: Crowd) -> int:
    """Let everybody who got no answer send the form again; then each form has its one receipt."""
    crowd.patient = True
    server.start()
    try:
        for _ in range(3 * len(crowd.unanswered) + 1):
            if crowd.unanswered:
                crowd.one(crowd.rng)
    finally:
        server.kill()
    assert not crowd.unanswered and not crowd.odd, crowd.odd[:3]
    assert all(len(form.receipts) == 1 for form in crowd.sent)
    received = check_whole(session, store, crowd.sent)
    assert received == len(crowd.sent)
    assert session.scalar(sa.select(sa.func.count()).select_from(ObjectionDraft)) == 0
    session.rollback()
    return received


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own that can be full without harm to anybody else. Mounting it needs root."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)], check=False)  # noqa: S607  # fmt: skip
    if mounted.returncode != 0:
        pytest.fail("a small disk can not be mounted here: run this proof as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


@pytest.mark.about_sqlite
def test_a_full_disk_loses_no_receipt_and_keeps_the_words(
    settings: Settings, session: Session, cast: Cast, result: Publication, tmp_path: Path
) -> None:
    """Database and files stand on a disk that fills up: who is not received is told so, and tries again."""
    numbers = several(session, cast, result)
    session.commit()
    told = received = 0
    with small_disk(tmp_path / "disk", 16) as disk:
        moved = replace(settings, var=disk / "var")
        shutil.copytree(settings.var, moved.var)
        server, rng = Server(moved), random.Random(20261126)  # noqa: S311
        crowd = Crowd(server, numbers, rng)
        for _ in range(ROUNDS_OF_FULL_DISK):
            server.start()
            for _ in range(3):
                crowd.one(rng)
            fill(disk / "ballast")
            before = len(crowd.unanswered)
            for _ in range(6):
                crowd.one(rng)
            told += len(crowd.unanswered) - before
            server.kill()
            (disk / "ballast").unlink()
        with writing(moved) as there:
            received = finish(server, there, Store(moved.evidence_dir), crowd)
    say(f"proof: {ROUNDS_OF_FULL_DISK} times a full disk; {told} filings told that nothing was received, "
          f"their words kept; {received} received in the end, each once")  # fmt: skip
    assert told


@contextmanager
def writing(settings: Settings) -> Iterator[Session]:
    """The write door of another database than the test's own."""
    with session_at(office(settings), "write") as session:
        yield session


def say(line: str) -> None:
    """A line for ``make prove``, which keeps it."""
    sys.stdout.write(f"\n{line}\n")


def fill(ballast: Path) -> None:
    """Take all the room there is, but a little that runs out in the middle of something."""
    with ballast.open("wb", buffering=0) as rest:
        try:
            while True:
                rest.write(b"\0" * 4096)
        except OSError:
            pass
    with ballast.open("ab") as rest:
        rest.truncate(max(ballast.stat().st_size - 24_000, 0))
