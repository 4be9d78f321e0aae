"""A backup that lost the last entries is put back: whoever kept a checkpoint sees it, with any program."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.publications.models import Publication
from portal.settings import Settings
from portal.verifying.mirroring import mirror
from portal.verifying.report import Report
from portal.verifying.sources import Directory
from portal.verifying.verify import verify
from tests.cast import Cast
from tests.office import correct
from tests.signing import LOG_KEY
from tests.verifiers import TODAY, Verifiers, Visiting, build_verifier

pytestmark = pytest.mark.about_sqlite  # a backup of a file


def checked(visitor: FlaskClient, earlier: str = "") -> Report:
    return verify(Visiting(visitor), today=TODAY, key=str(LOG_KEY.verifier), earlier=earlier)


def test_a_restored_backup_is_reported_against_a_checkpoint_held_elsewhere(
    session: Session, cast: Cast, result: Publication, visitor: FlaskClient, settings: Settings,
    tmp_path: Path, run_folder: Path,
) -> None:  # fmt: skip
    live, backup = settings.var / "portal.db", tmp_path / "backup.db"
    session.commit()
    copy_database(live, backup)
    before = visitor.get("/log/checkpoint").text
    correct(session, cast, result, "检查日期有误。", inspected_on="2026-10-21")
    kept = visitor.get("/log/checkpoint").text
    assert checked(visitor, earlier=before).whole
    assert checked(visitor, earlier=kept).whole

    session.rollback()
    copy_database(backup, live)
    report = checked(visitor, earlier=kept)
    assert any(each.startswith("存证变短了") and "最后1条不见了" in each for each in report.wrong)
    assert checked(visitor).whole  # the site alone agrees with itself: somebody must hold what it said

    mirror(Visiting(visitor), tmp_path / "copy", lambda done, size: None)
    (tmp_path / "kept").write_text(kept)
    both = Verifiers(build_verifier(run_folder))
    told = both(tmp_path / "copy", key=str(LOG_KEY.verifier), earlier=tmp_path / "kept")
    assert told.agree_that_it_is_wrong
    assert "The log has shrunk: the kept checkpoint covers" in told.theirs

    with pytest.raises(Refused, match="已经签名公开的"):  # and the signer goes on from there no more
        book.write(session, EntryDraft(type="signatures_required"))
        session.commit()


def copy_database(there: Path, here: Path) -> None:
    """An online copy, as a backup makes it and a restoration puts it back."""
    with closing(sqlite3.connect(there)) as source, closing(sqlite3.connect(here)) as copy:
        source.backup(copy)


def test_a_mirror_goes_on_where_it_stopped_and_is_verified_without_the_site(
    session: Session, cast: Cast, result: Publication, visitor: FlaskClient, tmp_path: Path
) -> None:
    first = mirror(Visiting(visitor), tmp_path, lambda done, size: None)
    again = mirror(Visiting(visitor), tmp_path, lambda done, size: None)
    assert first[:2] == again[:2] and first.numbers == 4
    assert first.files > again.files <= 3  # the head, the key and the memory
    correct(session, cast, result, "检查日期有误。", inspected_on="2026-10-21")
    mirror(Visiting(visitor), tmp_path, lambda done, size: None)
    report = verify(Directory(tmp_path), today=TODAY, key=str(LOG_KEY.verifier))
    assert report.whole, report.wrong
    counts = report.counts
    assert (counts["records"], counts["versions"], counts["pages"]) == (4, 1, 5)
    assert counts["entries"] == first.entries + 1
