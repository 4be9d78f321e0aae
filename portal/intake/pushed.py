"""Records as another system pushes them: JSON objects with our field names, read like the rows of a file.

So a pushed record is judged by the same rules, in the same sentences, as a row of a spreadsheet; only the
place of what is wrong is a JSON Pointer (RFC 6901) and no cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any

from portal.intake.cells import Taken, shown, take
from portal.intake.columns import ROWS, Columns, known_fields
from portal.intake.heading import Head
from portal.intake.judging import Refusal
from portal.intake.records import ONE_BY, Complaint, Record, SourceRow
from portal.publications.kinds import KINDS
from portal.words import Sentence, say

JSON = Mapping[str, Any]

MOST_FAULTS = 20  # told of one record: each is told in two languages
LONGEST = 20_000  # characters of any value, as of the longest field


@dataclass(frozen=True)
class Fault:
    """What is wrong with a pushed record: where, what stood there, and what to do about it."""

    pointer: str
    value: str
    sentence: Sentence


@dataclass
class PushedRecord(Record):
    """One JSON object as a record.

    :param at: its place in the request, from 0.
    :param tables: those of its tables that are not the kind's rows, such as a task's items beside the objects
        that were drawn, and the kind's rows where it has none.
    """

    at: int = 0
    tables: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)

    def raw(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().raw(given), **self.tables}


def read(kind: str, at: int, given: object, source: str = "") -> tuple[PushedRecord | None, list[Fault]]:
    """One element of ``records``, or why it can not be read as a record at all.

    :param at: its place in the request, from 0.
    :param source: what staff see as the place that it came from.
    """
    if not isinstance(given, Mapping):
        return None, [Fault(f"/records/{at}", shown_value(given), _no_object())]
    faults = list(islice(_unclear(kind, at, given), MOST_FAULTS))
    if faults:
        return None, faults
    return _record(kind, at, given, given.get(ROWS[kind]) or [{}], source), []


def count_rows(records: Iterable[object]) -> int:
    """How many rows the tables of some records have, for what they have more of takes longest to read."""
    return sum(
        len(value)
        for each in records
        if isinstance(each, Mapping)
        for value in each.values()
        if isinstance(value, list)
    )


def _record(kind: str, at: int, given: JSON, rows: Sequence[JSON], place: str) -> PushedRecord:
    own = {name: value for name, value in given.items() if KINDS[kind].by_name[name].type != "rows"}
    head = head_of(kind)
    source = [
        _row(kind, head.columns, place, number, {**own, **_placed(kind, row)})
        for number, row in enumerate(rows, 1)
    ]
    key = tuple(str(source[0].values.get(path) or "").strip() for path in ONE_BY[kind])
    tables = {
        each.name: [dict(row) for row in given.get(each.name) or ()]
        for each in KINDS[kind].tables
        if each.name != ROWS[kind] or not given.get(each.name)
    }
    return PushedRecord(kind, head, source, key, at, tables)


def _placed(kind: str, row: JSON) -> JSON:
    return {f"{ROWS[kind]}.{name}": value for name, value in row.items()}


def _row(kind: str, columns: Columns, place: str, number: int, told: JSON) -> SourceRow:
    known = known_fields(kind)
    values, complaints = dict[str, Taken](), []
    for path, value in told.items():
        taken, sentence = take(_cell(value), known[path])
        if sentence is not None:
            complaints.append(Complaint(path, shown_value(value), sentence))
        elif taken is not None:
            values[path] = taken
    cells = [shown_value(told.get(name)) for name in columns.names]
    return SourceRow(place, number, cells, values, complaints)


@cache
def head_of(kind: str) -> Head:
    """Every field that a record may have, as the columns of a head."""
    names = (*known_fields(kind), *(each.name for each in KINDS[kind].tables))
    return Head(Columns(names, dict(enumerate(names))), 0)


# ── values ───────────────────────────────────────────────────


def _cell(value: object) -> Any:
    """A JSON value as a cell: a list as a list is written in a cell, an object as the code that it stands for."""
    if isinstance(value, list):
        return "、".join(str(_cell(each)) for each in value)
    if isinstance(value, Mapping):
        return str(value.get("code") or value.get("label") or "")
    # unlike a spreadsheet's, a JSON number has lost none of its digits
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def shown_value(value: object) -> str:
    """A value as an answer repeats it."""
    cell = _cell(value)
    text = shown(cell if isinstance(cell, str | int | float | bool | datetime) else None)
    return text.replace("\0", "")[:200]  # PostgreSQL keeps no NUL


# ── what is wrong ────────────────────────────────────────────


def _unclear(kind: str, at: int, given: JSON) -> Iterator[Fault]:
    """What of a record can not be read, in its order."""
    tables = {each.name for each in KINDS[kind].tables}
    for name, value in given.items():
        if name not in KINDS[kind].by_name:
            yield _unknown_in(f"/records/{at}", name)
        elif name in tables:
            yield from _unclear_rows(kind, at, name, value)
        else:
            yield from _too_long(f"/records/{at}/{name}", value)


def _unclear_rows(kind: str, at: int, name: str, rows: object) -> Iterator[Fault]:
    table, place = KINDS[kind].by_name[name], f"/records/{at}/{name}"
    if not isinstance(rows, list):
        yield Fault(
            place, shown_value(rows), say("“{name}”应当是一个数组，每项一行；请改正后重新推送。", name=name)
        )
        return
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            yield Fault(f"{place}/{number}", shown_value(row), _no_object())
            continue
        known = {each.name for each in table.rows}
        for inner, value in row.items():
            if inner not in known:
                yield _unknown_in(f"{place}/{number}", inner)
            else:
                yield from _too_long(f"{place}/{number}/{inner}", value)


def _too_long(place: str, value: object) -> Iterator[Fault]:
    cell = _cell(value)
    if isinstance(cell, str) and len(cell) > LONGEST:
        sentence = say(
            "这一项有{count}个字，最多{most}个字；请缩短后重新推送。", count=len(cell), most=LONGEST
        )
        yield Fault(place, shown_value(value)[:40], sentence)


def _unknown_in(place: str, name: str) -> Fault:
    sentence = say(
        "没有名为“{field}”的字段；请按 /openapi.json 里的字段名填写，或者去掉它。",
        field=name.replace("\0", "")[:60],
    )
    return Fault(f"{place}/{escaped(name)}", "", sentence)


def _no_object() -> Sentence:
    return say("这一项不是JSON对象；请按“字段名: 值”的形式填写。")


def faults_of(record: PushedRecord, refusals: Sequence[Refusal]) -> list[Fault]:
    """The refusals of a record by pointer, each once; that the rest of a sheet comes back with it goes without
    saying here."""
    told = [each for each in refusals if each.column] or refusals[:1]
    faults = [Fault(_pointer(record, each), each.value[:200], each.sentence) for each in told[:MOST_FAULTS]]
    if len(told) > MOST_FAULTS:
        more = say("还有{n}处没有列出；请改好以上各处后重新推送。", n=len(told) - MOST_FAULTS)
        faults.append(Fault(f"/records/{record.at}", "", more))
    return list(dict.fromkeys(faults))


def _pointer(record: PushedRecord, refusal: Refusal) -> str:
    place, table = f"/records/{record.at}", ROWS[record.kind] + "."
    if refusal.column.startswith(table):
        row = record.rows.index(next(each for each in record.rows if each.number == refusal.row))
        return f"{place}/{ROWS[record.kind]}/{row}/{refusal.column.removeprefix(table)}"
    return f"{place}/{escaped(refusal.column)}" if refusal.column else place


def escaped(name: str) -> str:
    """A name as a part of a JSON Pointer (RFC 6901).

    >>> escaped("a/b~c")
    'a~1b~0c'
    """
    return name.replace("\0", "").replace("~", "~0").replace("/", "~1")[:60]
