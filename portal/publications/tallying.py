"""How many live faces agree in what a reader narrows by, kept in the transaction of each act that changes a face.

Whoever writes a face says so here. All of them hold the ledger's head, so of two acts the second adds to what the first
has left. A row that comes to nothing goes: that there was something is told by the ledger and by nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.ledger import book
from portal.publications import counted as remembered
from portal.publications.models import Face, Tally
from portal.words import Sentence, say

TABLE = cast(sa.Table, Tally.__table__)
WHOLE_YEAR = 0  # in place of a month
FACTS = (
    Face.kind,
    Face.year,
    Face.department_code,
    Face.region,
    Face.outcomes,
    Face.corrected,
    Face.published_on,
)


class Key(NamedTuple):
    """What one row counts, in the order of its primary key."""

    month: int
    kind: str
    year: int
    department_code: str
    region: str
    outcomes: str
    corrected: bool


Counts = Counter[Key]


def keys_of(facts: Mapping[str, Any]) -> Iterator[Key]:
    """The two rows in which a live face counts.

    :param facts: values of a face by the names of its columns.
    """
    kind, year, department, outcomes = (
        facts[name] for name in ("kind", "year", "department_code", "outcomes")
    )
    yield Key(WHOLE_YEAR, kind, year, department, facts["region"], outcomes, bool(facts["corrected"]))
    yield Key(facts["published_on"].month, kind, year, department, "", outcomes, False)


def counted(faces: Iterable[Mapping[str, Any]]) -> Counts:
    """What some live faces add."""
    return Counter(key for facts in faces for key in keys_of(facts))


def of(session: Session, number: str) -> Counts:
    """What a number adds as the database has it: nothing unless it is live. Ask it under the ledger's head."""
    found = session.execute(sa.select(*FACTS).where(Face.number == number, Face.live)).mappings()
    return counted(dict(each) for each in found)


def move(session: Session, before: Counts, now: Counts) -> None:
    """Take away what was, add what is: one row for each combination that changes, however many faces do."""
    changes = {key: now[key] - before[key] for key in before | now}
    if added := [(key, change) for key, change in changes.items() if change]:
        _add(session, added)
    if fewer := [key for key, change in changes.items() if change < 0]:
        _drop_empty(session, fewer)


def _add(session: Session, added: Iterable[tuple[Key, int]]) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    adding = insert(TABLE)
    records = TABLE.c.records + adding.excluded.records
    upsert = adding.on_conflict_do_update(index_elements=Key._fields, set_={"records": records})
    session.execute(upsert, [key._asdict() | {"records": change} for key, change in added])


def _drop_empty(session: Session, keys: Iterable[Key]) -> None:
    """Below nothing is only what somebody has counted wrong: a take-down must not fail for that."""
    same = [TABLE.c[name] == sa.bindparam(f"of_{name}") for name in Key._fields]
    empty = sa.delete(TABLE).where(*same, TABLE.c.records <= 0)
    session.execute(empty, [{f"of_{name}": value for name, value in key._asdict().items()} for key in keys])


# ── all of them ──────────────────────────────────────────────


def recount(session: Session) -> int:
    """Count everything anew; how many rows there are now."""
    book.lock(session)
    session.execute(sa.delete(TABLE))
    session.execute(sa.insert(TABLE).from_select([*Key._fields, "records"], _from_faces()))
    remembered.forget()
    return session.scalar(sa.select(sa.func.count()).select_from(TABLE)) or 0


def why_not_true(session: Session) -> Iterator[Sentence]:
    """What to do where the counts are not those of the faces. Looks at every face: seconds for a million."""
    true = _from_faces().subquery()
    kept = sa.select(*(TABLE.c[name] for name in (*Key._fields, "records")))
    against = sa.select(*(true.c[name] for name in Key._fields), -true.c.records)
    # one statement, so that no act falls between the two sides
    both = sa.union_all(kept, against).subquery()
    differs = sa.select(sa.literal(1)).select_from(both).group_by(*(both.c[name] for name in Key._fields))
    wrong = differs.having(sa.func.sum(both.c.records) != 0).subquery()
    if n := session.scalar(sa.select(sa.func.count()).select_from(wrong)):
        yield say(
            "首页、列表、查找和统计的条数有{n}处与公示中的记录不符。请运行 portal recount 重新计数。", n=n
        )


def _from_faces() -> sa.CompoundSelect[Any]:
    """What the rows should be."""
    month = sa.cast(sa.extract("month", Face.published_on), sa.Integer)
    nowhere, plain = sa.literal_column("''", sa.String), sa.literal_column("false", sa.Boolean)
    in_year = (Face.kind, Face.year, Face.department_code)
    whole = (sa.literal_column("0", sa.Integer), *in_year, Face.region, Face.outcomes, Face.corrected)
    single = (month, *in_year, nowhere, Face.outcomes, plain)
    return sa.union_all(_grouped(whole, whole[1:]), _grouped(single, [month, *in_year, Face.outcomes]))


def _grouped(columns: Iterable[Any], by: Iterable[Any]) -> sa.Select[Any]:
    named = [column.label(name) for column, name in zip(columns, Key._fields, strict=True)]
    return sa.select(*named, sa.func.count().label("records")).where(Face.live).group_by(*by)
