"""``docs/push.md``: its client pushes a file into a portal that answers on a port, cut off and run again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.intake import clients
from portal.intake.refusals import unfinished_batches
from portal.publications.models import Revision
from tests import examples
from tests.cast import Cast
from tests.office import disclose
from tests.serving import answering

DOCS = Path(__file__).resolve().parents[2] / "docs"
RECORD = json.loads((DOCS / "push.md").read_text().split("```json\n")[1].split("```")[0])


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    with answering(app) as address:
        yield address


def run(site: str, key: str, path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, DOCS / "push_client.py", site, "result", "2026-10", path, *options]
    return subprocess.run(
        asked, env=os.environ | {"PORTAL_PUSH_KEY": key}, capture_output=True, text=True, timeout=100
    )


def test_the_client_pushes_a_file_and_nothing_comes_in_twice(
    session: Session, cast: Cast, site: str, tmp_path: Path
) -> None:
    disclose(session, cast, "list", examples.item_list())
    key = clients.add(session, "示例省平台", cast.he, by=cast.jiang)[1]
    session.commit()
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 12) for day in range(1, 29)]
    records = [RECORD | {"inspected_on": day} for day in days] + [RECORD | {"inspected_on": "昨天"}]
    path = tmp_path / "results.jsonl"
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records))

    def drafts() -> int:
        count = session.query(Revision).filter_by(kind="result").count()
        session.rollback()  # what is open at the write door keeps the pushes waiting
        return count

    tried = run(site, key, path, "--dry-run")
    assert drafts() == 0, tried
    pushed = run(site, key, path)
    assert pushed.returncode == 1 and f"line {len(records)} /records/8/inspected_on" in pushed.stderr, pushed
    assert "309:" in pushed.stdout
    assert drafts() == len(days)
    assert not unfinished_batches(session)
    session.rollback()
    again = run(site, key, path)
    assert again.stdout == pushed.stdout
    assert "401" in run(site, "push_" + "x" * 43, path).stderr
