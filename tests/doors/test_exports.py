"""批量下载: what an edition holds, that it can be checked, and that nothing that went off can be fetched from it."""

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from frictionless import validate
from sqlalchemy.orm import Session

from portal import clock, work
from portal.exports import editions, nightly
from portal.exports.editions import Edition
from portal.publications.kinds import KINDS
from portal.publications.models import Publication
from portal.sessions import session_at
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.erasing import CANARY
from tests.exporting import make, rows
from tests.office import disclose, propose

Act = Callable[[Session, Cast, Publication], None]


@pytest.fixture
def made(app: Flask, settings: Settings, result: Publication) -> Edition:
    """An edition of a list, a plan, a task and a result."""
    return make(app, settings)


# ── what is in it ────────────────────────────────────────────


def test_before_the_first_night_the_page_says_so_and_what_to_do(page: Page) -> None:
    soup = page("/exports/")
    assert "现在没有可以下载的一期" in words(soup)
    assert page("/exports/latest/results.csv.zip", 404) and soup.select_one("a[href^='/search']")


def test_every_kind_is_there_as_tables_and_as_json(settings: Settings, made: Edition) -> None:
    assert made.counts == {"list": 1, "plan": 1, "task": 1, "result": 1}
    for name, count in (
        ("results", 1),
        ("results_items", 2),
        ("tasks_drawn", 2),
        ("plans_items", 2),
        ("national", 2),
    ):
        file = made.file(f"{name}.csv.zip")
        assert file is not None and file.rows == len(rows(settings, made, file.name)) == count
    for kind in KINDS.values():
        packed = (settings.exports_dir / made.name / f"{kind.plural}.jsonl.gz").read_bytes()
        (line,) = gzip.decompress(packed).decode().splitlines()
        assert json.loads(line)["kind"] == kind.name
    assert {"scjg", "yjgl"} <= {row["code"] for row in rows(settings, made, "departments.csv")}
    assert ("outcome", "5") in {
        (row["table"], row["code"]) for row in rows(settings, made, "code_tables.csv")
    }


def test_programs_get_numbers_as_they_are(settings: Settings, made: Edition) -> None:
    (row,) = rows(settings, made, "results.csv.zip")
    assert (row["task_no"], row["contested"], row["completed_on"]) == (
        "33990020261012003",
        "false",
        "2026-10-23",
    )


def test_the_data_package_is_valid_with_types_keys_and_digests(settings: Settings, made: Edition) -> None:
    report = validate(str(settings.exports_dir / made.name / "datapackage.json"))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])
    assert {"results", "results-items", "national", "tasks-drawn"} <= {task.name for task in report.tasks}


def test_a_withheld_day_is_a_missing_value_of_its_column(
    app: Flask, session: Session, cast: Cast, settings: Settings
) -> None:
    disclose(session, cast, "list", examples.item_list())
    marks = [
        {
            "path": path,
            "start": None,
            "end": None,
            "ground": "personal_info",
            "basis": "条例",
            "by": 0,
            "note": "",
        }
        for path in ("completed_on", "items/0/checked", "entity_name")
    ]
    disclose(session, cast, "result", examples.result(), marks=marks)
    work.exports_step(app)
    (edition,) = editions.standing(settings.exports_dir)
    assert rows(settings, edition, "results.csv.zip")[0]["completed_on"] == "〔依法隐去：个人信息〕"
    assert validate(str(settings.exports_dir / edition.name / "datapackage.json")).valid


def test_the_checksums_are_those_of_the_files(settings: Settings, made: Edition) -> None:
    folder = settings.exports_dir / made.name
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert {*sums, "SHA256SUMS", "edition.json"} == {path.name for path in folder.iterdir()}
    assert all(
        hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in sums.items()
    )


def test_the_same_records_give_the_same_bytes(app: Flask, settings: Settings, made: Edition) -> None:
    with clock.at(clock.now() + timedelta(minutes=5)):
        again = nightly.make_now(partial(session_at, app, "public"), settings, lambda done, size: None)
    assert again is not None and again.name != made.name
    data = [each for each in made.files if each.rows >= 0]
    assert [again.file(each.name) for each in data] == data


# ── the pages ────────────────────────────────────────────────


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_the_page_tells_counts_sizes_digests_and_schema(page: Page, made: Edition, language: str) -> None:
    soup = page(f"/exports/{language}")
    said = words(soup)
    assert all(each.name in said and each.sha256 in said for each in made.files)
    assert "sha256sum -c SHA256SUMS" in said and f"/api/v1/changes?after={made.size - 1}" in said
    assert "outcomes_label" in said and "legal_representative" not in said


@pytest.mark.usefixtures("made")
def test_machines_read_the_same_as_schema_org_and_dcat(
    page: Page, visitor: FlaskClient, made: Edition
) -> None:
    block = page("/exports/").select_one('script[type="application/ld+json"]')
    assert block is not None
    dataset = json.loads(block.get_text())
    results = next(
        each for each in dataset["distribution"] if each["contentUrl"].endswith("/results.csv.zip")
    )
    assert dataset["@type"] == "Dataset" and results["sha256"] == getattr(
        made.file("results.csv.zip"), "sha256", ""
    )
    section = page("/results/").select_one('script[type="application/ld+json"]')
    assert section is not None and json.loads(section.get_text())["@type"] == "Dataset"
    catalogue = visitor.get("/exports/dcat.jsonld")
    assert catalogue.mimetype == "application/ld+json"
    found = json.loads(catalogue.text)
    assert [each["@type"] for each in found["dcat:dataset"]] == ["dcat:Dataset"] * 5
    urls = {
        each["dcat:downloadURL"]["@id"]
        for dataset in found["dcat:dataset"]
        for each in dataset["dcat:distribution"]
    }
    assert f"http://127.0.0.1:8000/exports/{made.name}/results.csv.zip" in urls


def test_a_file_comes_whole_in_parts_and_not_again(visitor: FlaskClient, made: Edition) -> None:
    moved = visitor.get("/exports/latest/results.csv.zip")
    assert moved.location == f"/exports/{made.name}/results.csv.zip"
    whole = visitor.get(moved.location)
    assert whole.status_code == 200 and whole.mimetype == "application/zip"
    assert hashlib.sha256(whole.data).hexdigest() == getattr(made.file("results.csv.zip"), "sha256", "")
    part = visitor.get(moved.location, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, whole.data[:10])
    assert visitor.get(moved.location, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    "path", ["x/results.csv.zip", "..%2f..%2fportal.db/x", "latest/edition.json", "latest/x"]
)
def test_there_is_nothing_else_to_be_fetched(visitor: FlaskClient, made: Edition, path: str) -> None:
    assert visitor.get(f"/exports/{path}").status_code == 404
    for name in ("edition.json", "../../portal.db", "..%2f..%2fportal.db"):
        assert visitor.get(f"/exports/{made.name}/{name}").status_code == 404


# ── night after night ────────────────────────────────────────


def test_each_day_has_an_edition_and_old_ones_go_after_a_week(
    app: Flask, settings: Settings, made: Edition
) -> None:
    assert work.exports_step(app) == 0
    for days in range(1, 10):
        with clock.at(clock.now() + timedelta(days=days)):
            work.exports_step(app)
            work.exports_step(app)
    found = editions.standing(settings.exports_dir)
    assert len({each.day for each in found}) == len(found) == settings.exports_kept_days + 1
    assert made.name not in {each.name for each in found}


def test_the_command_makes_one_and_says_how_many(
    portal: Callable[..., Result], settings: Settings, made: Edition
) -> None:
    said = portal("export").output
    assert "今天的已有" in said and "抽查检查结果1条" in said
    with clock.at(clock.now() + timedelta(minutes=1)):
        said = portal("export", "--now").output
    assert "已制作" in said and len(editions.standing(settings.exports_dir)) == 2


def test_what_a_killed_worker_left_is_removed_by_the_next(
    app: Flask, settings: Settings, result: Publication
) -> None:
    left = settings.exports_dir / f"{editions.PART}20260101-000000-1"
    left.mkdir(parents=True)
    Path(left, "results.csv.zip").write_bytes(b"half")
    work.exports_step(app)
    assert not left.exists() and len(editions.standing(settings.exports_dir)) == 1


def test_no_draft_and_no_internal_word_is_in_an_edition(
    app: Flask, session: Session, cast: Cast, settings: Settings, result: Publication
) -> None:
    propose(
        session, cast, result, "correct", "还没有公示", entity_name=f"示例{CANARY}商行", internal_note=CANARY
    )
    session.commit()
    work.exports_step(app)
    (edition,) = editions.standing(settings.exports_dir)
    packed = gzip.decompress((settings.exports_dir / edition.name / "results.jsonl.gz").read_bytes())
    assert CANARY not in packed.decode() and "北顺达" in packed.decode()
