"""A batch of many results through intake, review, publication and index: time, rate and peak memory of each part.

``PYTHONPATH=. python -m bench.bulk --rows 100000 --out var/bulk`` works in a database of its own under ``--out``, or
in the empty one of ``--database-url``. Each part runs in a process of its own, so that its peak memory is its own.
What a part is compared to (bare reader, raw SQL) runs beside it on the same file and the same rows.
"""

import csv
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import openpyxl
import sqlalchemy as sa
import xlsxwriter
from flask import Flask
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from bench import raw
from portal.codes.models import Department
from portal.codes.profiles import load_profile
from portal.exports import nightly
from portal.intake import importing
from portal.intake.readers.opening import open_sheets
from portal.intake.report import Options
from portal.ledger.signer import Signer
from portal.opening import bring_up_to_date, office
from portal.people.acts import add_person, give_role
from portal.people.models import Person
from portal.publications import bulk, pipeline
from portal.publications.models import Batch, ListedItem
from portal.sessions import session_at
from portal.settings import Settings
from portal.work import index_step

HEAD = (
    "抽查任务编号", "抽查任务名称", "抽查机关", "检查对象名称", "统一社会信用代码", "事项编号", "检查事项",
    "检查日期", "检查结果", "备注", "平台公示日期",
)  # fmt: skip
ITEMS = [(f"B{at:02d}", f"示例事项{at}监督检查") for at in range(1, 13)]
DEPARTMENT, TASK = "示例市市场监督管理局", "33990020260001"
TRADES = ("商贸有限公司", "食品有限公司", "机械厂", "餐饮管理有限公司", "建材经营部", "物流有限公司")


def rows(count: int) -> Iterator[list[str]]:
    """Results of one task about invented firms; every fifth says something in words of its own."""
    for at in range(count):
        code, item = ITEMS[at % len(ITEMS)]
        stem = f"91339900{at:09d}"
        remark = f"现场检查时第{at}号货架陈列整齐，进货查验记录{at % 40 + 1}份齐全。" if at % 5 == 0 else ""
        yield [
            TASK, "示例市年度大批量抽查", DEPARTMENT, f"示例第{at}号{TRADES[at % len(TRADES)]}",
            stem + uscc.calc_check_digit(stem), code, item, f"2026-0{at % 9 + 1}-1{at % 8}", "未发现问题", remark,
            "2026-11-20",
        ]  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """The rows as a CSV file with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        out.writerows(rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """The rows as a workbook, every cell a text."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate([list(HEAD), *rows(count)]):
        for column, text in enumerate(row):
            sheet.write_string(at, column, text)
    book.close()


@dataclass(frozen=True)
class Place:
    """Where one run works."""

    folder: Path
    settings: Settings

    @cached_property
    def app(self) -> Flask:
        return office(self.settings)

    @property
    def csv(self) -> Path:
        return self.folder / "results.csv"

    @property
    def xlsx(self) -> Path:
        return self.folder / "results.xlsx"


def prepare(place: Place, count: int) -> dict[str, Any]:
    """Files, database, a department with a drafter and a reviewer, its items in force."""
    write_csv(place.csv, count)
    write_xlsx(place.xlsx, count)
    app = place.app
    bring_up_to_date(app, place.settings)
    Signer(place.settings.log_key_dir).make("bench.example/log")
    with session_at(app, "write") as session:
        session.merge(Department(code="scjg", label=DEPARTMENT, short="市市场监管局", label_en="Market Regulation", document_prefix="示市监", phone="0000-1234567"))  # fmt: skip
        session.flush()
        for username, role in (("drafter", "drafter"), ("reviewer", "reviewer")):
            person = add_person(session, username, f"示例{role}", "scjg", "松间明月 石上清泉 2026", by=None)
            give_role(session, person, role, by=None)
        session.commit()
        _disclose_list(session)
    return {"rows": count}


def _disclose_list(session: Session) -> None:
    he, song = people(session)
    content = {
        "title": "示例清单", "department": {"code": "scjg", "label": DEPARTMENT}, "effective_from": "2024-01-01",
        "items": [{"seq": str(at), "item_code": code, "item": item} for at, (code, item) in enumerate(ITEMS, 1)],
    }  # fmt: skip
    revision = pipeline.draft(session, "list", content, by=he)
    pipeline.submit(session, revision, by=he)
    pipeline.approve(session, revision, by=song)
    pipeline.carry_out(session, revision, by=song)
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(ListedItem)) == len(ITEMS)


def people(session: Session) -> tuple[Person, Person]:
    """Who drafts, who agrees."""
    named = {each.username: each for each in session.scalars(sa.select(Person))}
    return named["drafter"], named["reviewer"]


# ── the parts ────────────────────────────────────────────────


def bare_csv(place: Place, count: int) -> dict[str, Any]:
    """The strict reader of intake alone: decoding and cells."""
    return {"rows": sum(1 for sheet in open_sheets(place.csv) for _row in sheet.rows) - 1}


def bare_xlsx(place: Place, count: int) -> dict[str, Any]:
    """openpyxl, read-only, alone."""
    book = openpyxl.load_workbook(place.xlsx, read_only=True)
    return {"rows": sum(1 for _row in book.worksheets[0].iter_rows(values_only=True)) - 1}


def dry_run(place: Place, count: int) -> dict[str, Any]:
    """A file read and judged; nothing written."""
    return _take_in(place, place.csv, dry_run=True)


def dry_run_xlsx(place: Place, count: int) -> dict[str, Any]:
    """The same of a workbook."""
    return _take_in(place, place.xlsx, dry_run=True)


def import_csv(place: Place, count: int) -> dict[str, Any]:
    """A file taken in: drafts in one batch."""
    return _take_in(place, place.csv)


def import_xlsx(place: Place, count: int) -> dict[str, Any]:
    """The same of a workbook."""
    return _take_in(place, place.xlsx)


def _take_in(place: Place, path: Path, **more: Any) -> dict[str, Any]:
    with session_at(place.app, "reads" if more else "write") as session:
        he, _song = people(session)
        session.expunge(he)
        session.rollback()
        report = importing.run(session, path, Options("result", he, secret="bench", **more))
    assert (report.held, report.refused) == (0, 0), report
    return {"rows": report.accepted}


def _act(act: bulk.BulkAct, at: int) -> Callable[[Place, int], dict[str, Any]]:
    def part(place: Place, count: int) -> dict[str, Any]:
        with session_at(place.app, "write") as session:
            by = people(session)[at]
            batch = session.scalars(sa.select(Batch)).one()
            rules = load_profile(place.settings.profile)
            outcome = bulk.act_on_batch(session, batch, act, by=by, rules=rules)
        assert not outcome.refused, outcome.refused[:3]
        return {"rows": outcome.done}

    part.__doc__ = f"A whole batch: {act}."
    return part


def index(place: Place, count: int) -> dict[str, Any]:
    """The search index follows what was published."""
    return {"rows": index_step(place.app)}


def export(place: Place, count: int) -> dict[str, Any]:
    """An edition of the bulk files."""
    app = place.app
    edition = nightly.make_now(lambda: session_at(app, "public"), place.settings, lambda done, total: None)
    assert edition is not None
    return {"rows": sum(edition.counts.values())}


def copy_before(place: Place, count: int) -> dict[str, Any]:
    """Keep the database as it is before it is published, for raw SQL."""
    if place.settings.is_sqlite:
        with session_at(place.app, "write") as session:
            session.connection().exec_driver_sql("COMMIT")
            session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(place.settings.var / "portal.db", place.folder / "before.db")
    return {"rows": count}


def raw_sql(place: Place, count: int) -> dict[str, Any]:
    """The rows that publication wrote, written again with executemany into the database as it was before."""
    return raw.measure(place.settings.var / "portal.db", place.folder / "before.db")


PARTS: dict[str, Callable[[Place, int], dict[str, Any]]] = {
    "prepare": prepare, "bare csv": bare_csv, "bare xlsx": bare_xlsx, "dry run csv": dry_run,
    "dry run xlsx": dry_run_xlsx, "import": import_csv, "import xlsx": import_xlsx, "submit": _act("submit", 0), "approve": _act("approve", 1),
    "copy": copy_before, "publish": _act("publish", 1), "raw sql": raw_sql, "index": index, "export": export,
}  # fmt: skip


@contextmanager
def measured(told: dict[str, Any]) -> Iterator[None]:
    """Seconds, seconds of processor and peak memory into what is told."""
    began, spent = time.perf_counter(), time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    told |= {"seconds": round(time.perf_counter() - began, 2), "cpu": round(time.process_time() - spent, 2)}
    told["start_mb"] = before // 1024
    told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@click.command()
@click.option("--rows", "count", default=2000)
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--database-url", default="")
@click.option("--part", "parts", multiple=True, type=click.Choice(list(PARTS)))
@click.option("--here", is_flag=True, help="In this process: for a profiler.")
def main(count: int, out: Path, database_url: str, parts: tuple[str, ...], here: bool) -> None:
    """Run the parts in their order, or only those that are named."""
    out.mkdir(parents=True, exist_ok=True)
    for part in parts or [each for each in PARTS if each != "import xlsx"]:  # the same rows twice are refused
        if database_url and part in ("copy", "raw sql"):
            continue
        if here:
            settings = Settings(
                var=out / "var", index_dir=out / "index", worker=False, database_url=database_url
            )
            told: dict[str, Any] = {"part": part}
            place = Place(out, settings)
            _ = place.app  # opening the office is not what a part is asked about
            with measured(told):
                told |= PARTS[part](place, count)
            told["per_second"] = round(told["rows"] / max(told["seconds"], 0.001))
            click.echo(json.dumps(told))
        else:
            command = [sys.executable, "-m", "bench.bulk", "--rows", str(count), "--out", str(out)]
            command += ["--database-url", database_url, "--part", part, "--here"]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
