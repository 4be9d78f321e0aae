"""Answers that need no text engine, by SQL at any size: exact numbers, codes, dates, filters without text."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.publications import queries
from portal.publications.models import Face
from portal.search import numerals
from portal.search.documents import CORRECTED, LIVE, codes
from portal.search.engine import FACETS, Answer, Hit, Query

Condition = sa.ColumnElement[bool]

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


MOST_CODES = 500  # given to the database one by one


class Named(NamedTuple):
    """What a typed number names.

    :param read_as: the code it was read as, where a letter that no code has was typed; else empty.
    """

    condition: Condition
    read_as: str = ""


def numbered(session: Session, text: str) -> Named | None:
    """What a typed number names, when something live has it: our number, the source's, or a firm's code.

    What has the whole number is all that is meant. Else, of a USCC or registration number six characters in a row are
    enough; the source's numbers must be whole.
    """
    spellings = numerals.spellings(text)
    columns = (Face.number, Face.source_number, Face.task_no, Face.plan_no)
    exact = [column.in_(spellings) for column in columns]
    codes_typed = [numerals.part_of_a_code(text), *numerals.misread_codes(text)]
    for read_as in codes_typed if spellings else ():
        whole = _any_of([*exact, *([Face.entity_code == read_as] if read_as else [])])
        if session.scalar(sa.select(Face.number).where(Face.live, whole).limit(1)):
            return Named(whole, read_as if read_as != codes_typed[0] else "")
        part = _part_of_codes(session, read_as)
        if part is not None:
            return Named(part, read_as if read_as != codes_typed[0] else "")
    return None


def _any_of(conditions: Sequence[Condition]) -> Condition:
    """Each asked of its own index; with one OR over columns a database reads the whole table."""
    return Face.number.in_(sa.union(*(sa.select(Face.number).where(Face.live, each) for each in conditions)))


def _part_of_codes(session: Session, part: str) -> Condition | None:
    """The codes that hold a part: looked for once, in the index of codes alone, and from then on known by name."""
    if not part:
        return None
    holding = Face.entity_code.contains(part, autoescape=True)
    query = sa.select(Face.entity_code).where(Face.live, holding).distinct().limit(MOST_CODES + 1)
    codes_found = session.scalars(query).all()
    if len(codes_found) > MOST_CODES:
        return holding
    return Face.entity_code.in_(codes_found) if codes_found else None


def answer(session: Session, query: Query, named: Condition | None = None) -> Answer:
    """One page, the number of all, and the facets; each facet under every filter but its own."""
    base = [Face.live.is_(True), *([] if named is None else [named]), *_dates(query)]
    conditions = {field: CONDITIONS[field](value) for field, value in query.filters.items()}
    spared = {field: sa.not_(CONDITIONS[field](value)) for field, value in query.without.items()}
    every = [*base, *conditions.values(), *spared.values()]
    numbers = session.scalars(
        sa.select(Face.number).where(*every).order_by(*_order(query)).limit(query.size).offset(query.offset)
    )
    facets = {}
    for field in query.facets:
        if field in FACETS:
            others = [*base, *_but(conditions, field), *_but(spared, field)]
            facets[field] = _facet(session, query, field, others)
    return Answer(
        total=_count(session, every),
        hits=[Hit(number, 0.0 if named is None else 1.0) for number in numbers],
        facets=facets,
        position=queries.ledger_size(session) - 1,
    )


def _but(conditions: Mapping[str, Condition], field: str) -> list[Condition]:
    return [condition for name, condition in conditions.items() if name != field]


def _dates(query: Query) -> list[Condition]:
    asked = ((Face.published_on, query.published), (Face.happened_on, query.inspected))
    first = [column >= days.first for column, days in asked if days.first]
    return [*first, *(column <= days.last for column, days in asked if days.last)]


def _order(query: Query) -> list[sa.ColumnElement[Any]]:
    """Without words there is nothing to be relevant to: then the newest come first."""
    newest: list[sa.ColumnElement[Any]] = [Face.published_on.desc(), Face.number.desc()]
    return [Face.happened_on.desc().nulls_last(), *newest] if query.sort == "inspected" else newest


def _facet(session: Session, query: Query, field: str, others: Sequence[Condition]) -> dict[str, int]:
    """What each value would give in place of its field's own filter, largest first."""
    excluded = query.without.get(field)
    if excluded is None:
        counts = _counts(session, field, others)
    else:
        has_it = CONDITIONS[field](excluded)
        counts = _counts(session, field, [*others, sa.not_(has_it)])
        counts[excluded] = _count(session, [*others, has_it])
    return dict(
        sorted(((value, n) for value, n in counts.items() if n), key=lambda each: (-each[1], each[0]))
    )


def _count(session: Session, conditions: Sequence[Condition]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Face).where(*conditions)) or 0


def _counts(session: Session, field: str, conditions: Sequence[Condition]) -> Counter[str]:
    """How many hold each value."""
    column = COLUMNS[field]
    counts: Counter[str] = Counter()
    for value, count in session.execute(
        sa.select(column, sa.func.count()).where(*conditions).group_by(column)
    ):
        counts.update(dict.fromkeys(_values(field, value), count))
    return counts


def _values(field: str, value: Any) -> tuple[str, ...]:
    if field == "outcome":
        return codes(value)
    if field == "state":
        return (LIVE, CORRECTED) if value else (LIVE,)
    return (str(value),) if value else ()
