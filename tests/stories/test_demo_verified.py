"""The demo's log, records and pages, verified by both programs as an outsider would."""

from pathlib import Path

import pytest
from flask import Flask

from portal.db import db, open_at
from portal.demo.building import Built
from portal.ledger import sealing
from portal.ledger.signer import Signer
from portal.ledger.tiles import tiles_of
from portal.settings import Settings
from portal.verifying.reading import LogReader
from portal.verifying.records import Records, in_order
from portal.verifying.report import Report
from portal.verifying.verify import verify
from portal.verifying.walking import Walk
from tests.signing import give_log_key
from tests.verifiers import TODAY, Verifiers, Visiting, build_verifier

A_SAMPLE = 40  # every so many-th number, and each with more than one version or taken down


@pytest.fixture
def settings(demo_settings: Settings) -> Settings:
    return demo_settings


def test_the_demo_passes_in_full(
    demo_app: Flask, demo_built: Built, demo_settings: Settings, tmp_path: Path, run_folder: Path
) -> None:
    if not Signer(demo_settings.log_key_dir).is_there:
        give_log_key(demo_settings)
        with demo_app.app_context():
            open_at("write")
            sealing.begin(db.session())
            db.session.commit()
    source = Visiting(demo_app.test_client())
    report = verify(source, today=TODAY, records=False)
    assert report.whole, report.wrong
    assert report.counts["entries"] >= 1600

    walk = Walk(LogReader(source), Report())
    walk.go_on(report.counts["entries"], lambda done, size: None)
    standing = walk.register.numbers
    eventful = {number for number, each in standing.items() if len(each.versions) > 1 or each.face != "live"}
    wanted = [each for at, each in enumerate(in_order(walk.register)) if at % A_SAMPLE == 0 or each in eventful]  # fmt: skip
    records = Records(walk.reader, walk.register, walk.report, pages=True)
    assert records.check(wanted, len(wanted), lambda done, size: None) == {}
    assert walk.report.counts["pages"] >= 50
    assert walk.report.counts["versions"] >= 10
    assert walk.report.counts["gone"] >= 4

    verifiers = Verifiers(build_verifier(run_folder))
    for path in ("checkpoint", "key"):
        copy(source, f"log/{path}", tmp_path)
    for tile in tiles_of(walk.frontier.size):
        copy(source, f"log/tile/{tile.path}", tmp_path)
    told = verifiers(tmp_path, key=(tmp_path / "log/key").read_text().strip(), records=False)
    assert told.agree_that_the_office_is_late, (told.ours.wrong, told.theirs)


def copy(source: Visiting, path: str, folder: Path) -> None:
    at = folder / path
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_bytes(source.get(path).body)
