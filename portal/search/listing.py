"""Answers that need no text engine, by SQL at any size: exact numbers, codes, dates, filters without text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.ledger.models import LedgerHead
from portal.publications.models import Face
from portal.search.documents import CORRECTED, LIVE, codes
from portal.search.engine import FACETS, Answer, Hit, Query

Condition = sa.ColumnElement[bool]

PART_OF_A_CODE = re.compile(r"(?=.*[0-9])[0-9A-Z]{6,40}")
A_NUMBER = re.compile(r"(?=.*[0-9])\S{4,60}")

CONDITIONS: Mapping[str, Callable[[str], Condition]] = {
    "kind": lambda value: Face.kind == value,
    "department": lambda value: Face.department_code == value,
    "year": lambda value: Face.year == int(value),
    "region": lambda value: Face.region == value,
    "outcome": lambda value: Face.outcomes.contains(f"|{value}|", autoescape=True),
    "state": lambda value: Face.corrected.in_([True] if value == CORRECTED else [True, False]),
    "entity": lambda value: Face.entity_code == value,
}
COLUMNS: Mapping[str, InstrumentedAttribute[Any]] = {
    "kind": Face.kind,
    "department": Face.department_code,
    "year": Face.year,
    "region": Face.region,
    "outcome": Face.outcomes,
    "state": Face.corrected,
}
DATED: Mapping[str, InstrumentedAttribute[Any]] = {
    "published": Face.published_on,
    "inspected": Face.happened_on,
}


def numbered(session: Session, text: str) -> Condition | None:
    """What a typed number names, when something live has it: our number, the source's, or a firm's code.

    Of a USCC or registration number six characters in a row are enough; the source's numbers must be whole.
    """
    typed = unicodedata.normalize("NFKC", text.strip())
    if not A_NUMBER.fullmatch(typed):
        return None
    spellings = {typed, typed.upper(), text.strip()}
    named: list[Condition] = [
        column.in_(spellings) for column in (Face.number, Face.source_number, Face.task_no, Face.plan_no)
    ]
    if PART_OF_A_CODE.fullmatch(typed.upper()):
        named.append(Face.entity_code.contains(typed.upper(), autoescape=True))
    condition = sa.or_(*named)
    found = session.scalar(sa.select(Face.number).where(Face.live, condition).limit(1))
    return condition if found else None


def answer(session: Session, query: Query, named: Condition | None = None) -> Answer:
    """One page, the number of all, and the facets; each facet under every filter but its own."""
    base = [Face.live.is_(True), *([] if named is None else [named]), *_dates(query)]
    conditions = {field: CONDITIONS[field](value) for field, value in query.filters.items()}
    every = [*base, *conditions.values()]
    numbers = session.scalars(
        sa.select(Face.number).where(*every).order_by(*_order(query)).limit(query.size).offset(query.offset)
    )
    facets = {}
    for field in query.facets:
        if field in FACETS:
            others = [each for name, each in conditions.items() if name != field]
            facets[field] = _counts(session, field, [*base, *others])
    return Answer(
        total=session.scalar(sa.select(sa.func.count()).select_from(Face).where(*every)) or 0,
        hits=[Hit(number, 0.0) for number in numbers],
        facets=facets,
        position=(session.scalar(sa.select(LedgerHead.size)) or 0) - 1,
    )


def _dates(query: Query) -> list[Condition]:
    column = DATED[query.dated]
    since = [] if query.since is None else [column >= query.since]
    until = [] if query.until is None else [column <= query.until]
    return [*since, *until]


def _order(query: Query) -> list[sa.ColumnElement[Any]]:
    """Without words there is nothing to be relevant to: then the newest come first."""
    newest: list[sa.ColumnElement[Any]] = [Face.published_on.desc(), Face.number.desc()]
    return [Face.happened_on.desc().nulls_last(), *newest] if query.sort == "inspected" else newest


def _counts(session: Session, field: str, conditions: Sequence[Condition]) -> dict[str, int]:
    """How many hold each value, largest first."""
    column = COLUMNS[field]
    counts: Counter[str] = Counter()
    for value, count in session.execute(
        sa.select(column, sa.func.count()).where(*conditions).group_by(column)
    ):
        counts.update(dict.fromkeys(_values(field, value), count))
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _values(field: str, value: Any) -> tuple[str, ...]:
    if field == "outcome":
        return codes(value)
    if field == "state":
        return (LIVE, CORRECTED) if value else (LIVE,)
    return (str(value),) if value else ()
