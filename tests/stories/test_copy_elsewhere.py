"""A copy elsewhere follows the changes through everything that can happen, and ends equal with the site."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.publications import duty
from portal.publications.models import Publication
from portal.work import index_step
from tests import examples
from tests.cast import Cast
from tests.erasing import CANARY, PART, erased, finished, saying
from tests.house.source import ROOT
from tests.objecting import object_to
from tests.office import carry_through, correct, disclose, propose, withdraw
from tests.serving import answering


@dataclass
class Copy:
    """Somebody's mirror: what is public by its number, every version of it, and where to go on."""

    site: FlaskClient
    limit: int = 2
    after: int = -1
    now: dict[str, Any] = field(default_factory=dict)
    earlier: dict[tuple[str, int], Any] = field(default_factory=dict)

    def follow(self, pages: int = 1000) -> None:
        """Read on, at most some pages: then it is killed before it has written down where it was."""
        while True:
            page = self.site.get(f"/api/v1/changes?after={self.after}&limit={self.limit}").json
            for change in page["changes"]:
                self.apply(change)
            if pages == 0:
                return
            self.after, pages = page["after"], pages - 1
            if page["next"] is None:
                assert self.after == page["head"]
                return

    def apply(self, change: dict[str, Any]) -> None:
        number, publication = change["number"], change["publication"]
        for version in change["drop_versions"]:
            self.earlier.pop((number, version), None)
        if publication["state"] == "live":
            self.now[number] = publication
            self.earlier[number, publication["version"]] = publication
        else:
            assert change["drop_versions"] == []  # everything of it goes: its versions are nobody's business
            self.now.pop(number, None)
            self.earlier = {key: each for key, each in self.earlier.items() if key[0] != number}


def listed(site: FlaskClient) -> dict[str, Any]:
    """Everything that the site lists, page by page."""
    found, address = {}, "/api/v1/publications?limit=2"
    while address:
        page = site.get(address).json
        found |= {each["number"]: each for each in page["publications"]}
        address = page["next"]
    assert len(found) == page["total"]
    return found


def test_a_copy_follows_through_everything_and_ends_equal(
    app: Flask, session: Session, cast: Cast, result: Publication, visitor: FlaskClient
) -> None:
    copy, late = Copy(visitor), Copy(visitor, limit=1)

    def ends_equal() -> None:
        copy.follow()
        assert copy.now == listed(visitor)

    ends_equal()
    assert len(copy.now) == 4
    correct(session, cast, result, "办结情况有误", follow_up_note="已办结")
    ends_equal()
    assert copy.now[str(result.number)]["version"] == 2
    object_to(session, result)
    ends_equal()
    assert copy.now[str(result.number)]["contested"] is True
    late.follow(pages=3)  # killed midway, its last page applied and not written down
    duty.hold(session, result, by=cast.zhou, reason="先停一下")
    session.commit()
    ends_equal()
    assert result.number not in copy.now
    carry_through(session, cast, propose(session, cast, result, "restore", "已经核实"))
    ends_equal()
    other = disclose(session, cast, "result", saying(f"使用{CANARY}。", inspected_on="2026-10-20"))
    ends_equal()
    correct(session, cast, other, "文字有误", items=saying("已责令改正。")["items"])
    ends_equal()
    assert CANARY in str(copy.earlier)
    finished(app, session, erased(session, cast, other, PART))
    ends_equal()
    assert CANARY not in str(copy.earlier)
    withdraw(session, cast, result, "检查对象有误")
    finished(app, session, erased(session, cast, other))
    ends_equal()
    assert not {result.number, other.number} & {*copy.now, *(number for number, _ in copy.earlier)}
    late.follow()
    assert late.now == copy.now


def test_applying_everything_again_changes_nothing(
    session: Session, cast: Cast, result: Publication, visitor: FlaskClient
) -> None:
    correct(session, cast, result, "办结情况有误", follow_up_note="已办结")
    copy = Copy(visitor)
    copy.follow()
    before = dict(copy.now)
    copy.after = 2
    copy.follow()
    copy.after = -1
    copy.follow()
    assert copy.now == before == listed(visitor)


def test_what_is_up_to_date_is_told_where_to_come_back(visitor: FlaskClient, result: Publication) -> None:
    page = visitor.get("/api/v1/changes?after=-1").json
    again = visitor.get(f"/api/v1/changes?after={page['head']}").json
    assert again == {"head": page["head"], "after": page["head"], "next": None, "changes": []}


def test_a_copy_of_another_ledger_is_told_to_begin_again(visitor: FlaskClient, result: Publication) -> None:
    answer = visitor.get("/api/v1/changes?after=999")
    assert answer.status_code == 409
    assert "请从after=-1重新读" in answer.json["detail"]


def test_a_walk_comes_to_everything_once_while_the_site_goes_on(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    disclose(session, cast, "list", examples.item_list())
    days = [f"2026-10-{day}" for day in (11, 12, 13, 14, 15, 16)]
    made = [disclose(session, cast, "result", examples.result(inspected_on=day)) for day in days]
    page = visitor.get("/api/v1/publications?kind=result&limit=2").json
    seen = [each["number"] for each in page["publications"]]
    withdraw(
        session, cast, made[4], "不应当公示"
    )  # seen already: as a page number would count, one were skipped
    new = disclose(session, cast, "result", examples.result(inspected_on="2026-10-17"))
    while page["next"]:
        page = visitor.get(page["next"]).json
        seen += [each["number"] for each in page["publications"]]
    assert seen == [each.number for each in reversed(made)]
    assert new.number not in seen and page["total"] == 6


@pytest.mark.parametrize(("first", "last", "count"), [(None, None, 9), (1, 2, 5), (None, 1, 4)])
def test_a_walk_through_what_words_find_comes_to_everything_once(
    app: Flask,
    session: Session,
    cast: Cast,
    visitor: FlaskClient,
    first: int | None,
    last: int | None,
    count: int,
) -> None:
    disclose(session, cast, "list", examples.item_list())
    for later in (0, 0, 0, 1, 2, 2, 2, 2, 3):
        with clock.at(clock.now() + timedelta(days=later)):
            disclose(session, cast, "result", examples.result(inspected_on="2026-09-01"))
    session.commit()
    index_step(app)
    days = {"published_from": first, "published_to": last}
    given = {name: clock.today() + timedelta(days=day) for name, day in days.items() if day is not None}
    asked = f"/api/v1/publications?{urlencode({'kind': 'result', 'q': '示例'} | given)}"
    whole = [each["number"] for each in visitor.get(asked).json["publications"]]
    assert len(whole) == count
    for limit in (1, 2, 3):
        page = visitor.get(f"{asked}&limit={limit}").json
        seen = [each["number"] for each in page["publications"]]
        while page["next"]:
            page = visitor.get(page["next"]).json
            assert page["total"] == count
            seen += [each["number"] for each in page["publications"]]
        assert seen == whole
    assert visitor.get(f"{asked}&cursor=p.0001-01-01.JG-2026-000001").json["publications"] == []


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of a running portal."""
    with answering(app) as address:
        yield address


def test_the_program_in_the_documents_keeps_a_folder_equal(
    session: Session, cast: Cast, result: Publication, visitor: FlaskClient, site: str, tmp_path: Path
) -> None:
    def run() -> str:
        program = [sys.executable, str(ROOT / "docs" / "copy_of_the_site.py"), site, str(tmp_path / "copy")]
        return subprocess.run(program, capture_output=True, text=True, check=True, timeout=60).stdout

    def kept() -> dict[str, Any]:
        files = (tmp_path / "copy").glob("*.json")
        return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}

    assert run() == "5 changes\n" and kept() == listed(visitor)
    correct(session, cast, result, "办结情况有误", follow_up_note="已办结")
    assert run() == "1 changes\n" and kept() == listed(visitor)
    withdraw(session, cast, result, "检查对象有误")
    assert run() == "1 changes\n" and kept() == listed(visitor)
    assert result.number not in kept() and run() == "0 changes\n"
