"""带走这次查找: everything that a search finds as one file, in the order of its page.

CSV and JSON Lines go out as they are read, a few publications at a time, each chunk in a session of its own; a
spreadsheet is written to a file without a name first. None of them waits in memory, and none keeps the database
waiting for a slow reader. What a limit cuts off is said in the file itself, in its name and in its headers.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _

from portal import clock
from portal.errors import Refused
from portal.exports import cells, speaking
from portal.exports.flat import FACTS, Labelled, Row, Table, as_published, rows_of, tables_of
from portal.exports.national import NATIONAL, national_rows
from portal.exports.reading import in_chunks
from portal.exports.resource import Resource
from portal.exports.workbook import Explained, write_workbook
from portal.publications.kinds import KINDS
from portal.search import asking
from portal.search.engine import Query
from portal.sessions import session_at
from portal.web.public.room import public, reading, settings
from portal.web.public.search import asked, chips, folder
from portal.web.rendering import absolute, in_english, thousands
from portal.web.saving import saved_as
from portal.words import say

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PIECE = 2**18  # bytes of a spreadsheet handed on at a time


@dataclass(frozen=True)
class Taken:
    """What is taken away. Files are written after the request: whatever they need of it is here.

    :param total: how many were found, of which ``numbers`` go into the file.
    :param cut: that and where the file ends before the end; empty when it is whole.
    """

    query: Query
    numbers: Sequence[str]
    total: int
    tables: Sequence[Table]
    labelled: Labelled
    site: str
    cut: str

    def rows(self, table: Table, live: Resource) -> Iterator[Row]:
        """The rows of a publication in one of the tables."""
        if table is NATIONAL:
            return national_rows(live, self.labelled)
        return rows_of(table, live, self.site, self.labelled)


@public.get("/search.<any(csv, jsonl, xlsx):form>")
def search_file(form: str) -> Response:
    """Everything found, as a file."""
    taken = _taken(form)
    reading().rollback()  # what follows has sessions of its own
    chunks = in_chunks(partial(session_at, _app(), "public"), taken.numbers)
    if request.method == "HEAD":
        body: Iterator[bytes] = iter(())
    elif form == "xlsx":
        body = _workbook(taken, chunks)
    else:
        body = _csv(taken, chunks) if form == "csv" else _jsonl(taken, chunks)
    return _answer(form, taken, body)


def _app() -> Flask:
    """The application itself: a file is still written when the request is over."""
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]


# ── what is asked ────────────────────────────────────────────


def _taken(form: str) -> Taken:
    query = asked(1, 1)
    kind, wanted = query.filters.get("kind", ""), request.args.get("table", "")
    if wanted == "national":
        kind = kind or "result"
        query = replace(query, filters={**query.filters, "kind": kind})
    given, total = asking.first(reading(), folder(), query, settings().search_rows)
    return Taken(
        query=query,
        numbers=given,
        total=total,
        tables=_tables(form, kind, wanted),
        labelled=speaking.in_english(reading()) if in_english() else as_published,
        site=absolute(""),
        cut=_cut(total, len(given)) if total > len(given) else "",
    )


def _cut(total: int, given: int) -> str:
    return _(
        "文件没有列完：查到%(total)s条，这里只有前%(given)s条。全部数据请用批量下载：%(where)s",
        total=thousands(total),
        given=thousands(given),
        where=absolute("/exports/"),
    )


def _tables(form: str, kind: str, wanted: str) -> Sequence[Table]:
    """The tables of the file: a spreadsheet has all of a kind, CSV one; without a kind the facts all kinds have.

    :raises Refused: when there is no such table.
    """
    if wanted == "national" and kind == "result":
        return [NATIONAL]
    own = {table.inside: table for table in tables_of(kind)} if kind in KINDS else {"": FACTS}
    if wanted not in own:
        raise Refused(
            say(
                "没有“{name}”这种表格。逐项的表格要先选定公示类别：items是事项，drawn是抽取名单，national是检查结果的九栏表。",
                name=wanted[:20],
            )
        )
    return list(own.values()) if form == "xlsx" and not wanted else [own[wanted]]


# ── what comes out ───────────────────────────────────────────


def _csv(taken: Taken, chunks: Iterator[list[Resource]]) -> Iterator[bytes]:
    (table,) = taken.tables
    words = (_("是"), _("否"))
    names = [column.label_en if in_english() else column.label for column in table.columns]

    def written() -> Iterator[bytes]:
        yield (cells.BOM + cells.heading(names)).encode()
        for chunk in chunks:
            rows = (row for live in chunk for row in taken.rows(table, live))
            yield cells.lines(rows, table.columns, for_people=True, words=words).encode()
        if taken.cut:
            yield cells.heading([taken.cut, *([""] * (len(names) - 1))]).encode()

    return written()


def _jsonl(taken: Taken, chunks: Iterator[list[Resource]]) -> Iterator[bytes]:
    for chunk in chunks:
        yield "".join(json.dumps(live, ensure_ascii=False) + "\n" for live in chunk).encode()
    if taken.cut:
        everything = f"{taken.site}/exports/"
        said = {"cut": taken.cut, "total": taken.total, "given": len(taken.numbers), "all": everything}
        yield (json.dumps(said, ensure_ascii=False) + "\n").encode()


def _workbook(taken: Taken, chunks: Iterator[list[Resource]]) -> Iterator[bytes]:
    file = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - it is handed on open
    try:
        write_workbook(file, taken.tables, chunks, taken.rows, _explained(taken))
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return _in_pieces(file)


def _in_pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _explained(taken: Taken) -> Explained:
    query = taken.query
    conditions = "；".join([*([query.text] if query.text else []), *(chip.label for chip in chips(query))])
    tables = {column.table for table in taken.tables for column in table.columns if column.table}
    with session_at(_app(), "public") as session:
        codes = speaking.code_rows(session, tables)
    heads = tuple(column.label_en if in_english() else column.label for column in speaking.CODES)
    return Explained(
        title=_("说明"),
        facts=[
            (_("查找"), conditions or _("全部公示")),
            (_("网址"), absolute(f"/search?{request.query_string.decode()}")),
            (_("取出日期"), clock.today().isoformat()),
            (_("查到"), _("%(n)s条", n=thousands(taken.total))),
            (_("本文件"), _("%(n)s条", n=thousands(len(taken.numbers)))),
            *([(_("没有列完"), taken.cut)] if taken.cut else []),
            (_("说明"), _("公示内容以网址所载最新版本为准；撤下的公示，请从您的副本中一并删除。")),
        ],
        heads=(_("表"), _("字段"), _("中文名称"), _("英文名称"), _("代码表")),
        codes=[heads, *codes] if codes else [],
        full=_("“{sheet}”已到表格软件的行数上限，其余请用批量下载。"),
        yes_no=(_("是"), _("否")),
        english=in_english(),
    )


def _answer(form: str, taken: Taken, body: Iterator[bytes]) -> Response:
    response = Response(body, content_type=TYPES[form])
    kind = taken.query.filters.get("kind", "")
    plain = f"{KINDS[kind].plural if kind else 'publications'}-{clock.today().isoformat()}"
    whole = f"{_('公示') if not kind else _kind_named(kind)}-{clock.today().isoformat()}"
    if taken.cut:
        plain = f"{plain}-first-{len(taken.numbers)}"
        whole = _("%(name)s-前%(n)s条", name=whole, n=len(taken.numbers))
    response.headers["Content-Disposition"] = saved_as(f"{plain}.{form}", f"{whole}.{form}")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Total-Count"] = str(taken.total)
    response.headers["X-Given-Count"] = str(len(taken.numbers))
    response.headers["Link"] = f'<{absolute("/exports/")}>; rel="collection"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _kind_named(kind: str) -> str:
    return KINDS[kind].label_en if in_english() else KINDS[kind].label
