"""公示存证 under attack: no way leads to a ledger that grows unsigned, or to a session that nobody can use any more."""

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from portal.cli import main
from portal.errors import Refused
from portal.ledger import book, sealing
from portal.ledger.entry import EntryDraft
from portal.ledger.models import Entry, SignedCheckpoint
from portal.ledger.notes import Note, open_note
from portal.ledger.signer import Signer
from portal.settings import Settings
from tests.signing import LOG_KEY

LINE = EntryDraft(type="publish", number="JG-2026-000001", version=1)


def sizes(session: Session) -> tuple[int, int]:
    """How many lines there are, and how many of them are signed."""
    session.rollback()
    lines = session.scalar(sa.select(sa.func.count()).select_from(Entry)) or 0
    signed = session.scalar(sa.select(sa.func.max(SignedCheckpoint.size))) or 0
    session.rollback()
    return lines, signed


def test_a_row_that_is_given_back_takes_no_signature_from_the_rows_before_it(session: Session) -> None:
    book.write(session, LINE)
    with pytest.raises(Refused), session.begin_nested():
        session.execute(sa.select(1))
        raise Refused
    session.commit()
    assert sizes(session) == (1, 1)


def test_a_refused_commit_is_refused_again_when_it_is_tried_again(
    session: Session, settings: Settings
) -> None:
    memory = settings.log_key_dir / "signed.json"
    memory.write_text("{")
    book.write(session, LINE)
    for _each in range(2):
        with pytest.raises(Refused, match="已损坏"):
            session.commit()
    memory.unlink()
    session.rollback()
    assert sizes(session) == (0, 0)
    book.write(session, LINE)
    session.commit()
    assert sizes(session) == (1, 1)


def test_a_key_that_went_away_signs_nothing_and_publishes_nothing(
    session: Session, settings: Settings
) -> None:
    book.write(session, LINE)
    session.commit()
    (settings.log_key_dir / "key").rename(settings.log_key_dir / "elsewhere")
    book.write(session, LINE)
    with pytest.raises(Refused, match="签名密钥不见了"):
        session.commit()
    assert sizes(session) == (1, 1)


def test_a_disk_that_takes_no_memory_refuses_in_a_sentence(session: Session, settings: Settings) -> None:
    (settings.log_key_dir / "signed.json").mkdir()  # nobody, root neither, can read or replace it as a file
    book.write(session, LINE)
    with pytest.raises(Refused, match="没有签成"):
        session.commit()
    assert sizes(session) == (0, 0)


def test_what_is_committed_stays_said_although_its_memory_could_not_be_written(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(signer: Signer, head: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Signer, "confirm", full)
    book.write(session, LINE)
    session.commit()  # the act is public: nobody may be told that it was not received
    monkeypatch.undo()
    assert sizes(session) == (1, 1)
    book.write(session, LINE)
    session.commit()
    assert sizes(session) == (2, 2)


def test_a_key_that_was_made_and_never_announced_signs_nothing(session: Session, settings: Settings) -> None:
    signer = Signer(settings.log_key_dir)
    following = signer.make(LOG_KEY.name, "next")  # and there the rotation was cut short
    book.write(session, LINE)
    session.commit()
    last = sealing.newest(session)
    assert last is not None and last.key == str(LOG_KEY.verifier)
    assert len(Note.parse(last.note).signatures) == 1
    sealing.announce(session, signer)
    session.commit()  # cut short again, before the old key is taken away
    book.write(session, LINE)
    session.commit()
    last = sealing.newest(session)
    assert last is not None and last.key == str(following.verifier)
    assert len(open_note(Note.parse(last.note), [LOG_KEY.verifier, following.verifier])) == 2
    assert sealing.is_announced(session, following.verifier)


def test_a_log_that_lost_its_key_gets_no_other_one_under_its_name(
    session: Session, settings: Settings
) -> None:
    assert sealing.why_not_begin(session, LOG_KEY.name) == []
    book.write(session, LINE)
    session.commit()
    assert "已经由另一把密钥签过名" in sealing.why_not_begin(session, LOG_KEY.name)[0]
    assert sealing.why_not_begin(session, "another.example/log") == []


@pytest.mark.about_sqlite
def test_a_key_whose_making_was_cut_short_signs_when_it_is_asked_for_again(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_VAR", str(settings.var))
    monkeypatch.setenv("PORTAL_DATABASE_URL", settings.database_url)
    key = (settings.log_key_dir / "key").rename(settings.log_key_dir / "aside")
    book.write(session, LINE)
    session.commit()
    key.rename(settings.log_key_dir / "key")
    assert sizes(session) == (1, 0)
    for exit_code in (0, 1):
        told = CliRunner().invoke(main, ["log", "key"])
        assert told.exit_code == exit_code, told.output
        assert sizes(session) == (1, 1)
