"""Answers that need no text engine, by SQL at any size: exact numbers, codes, dates, filters without text."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.publications import queries
from portal.publications.counted import counted
from portal.publications.face_indexes import HAPPENED
from portal.publications.models import Face, Tally
from portal.publications.totals import Counts, has_outcome, how_many, live
from portal.search import numerals
from portal.search.documents import CORRECTED, LIVE, codes
from portal.search.engine import FACETS, Answer, Hit, Query

T = TypeVar("T")
Condition = sa.ColumnElement[bool]

CONDITIONS: Mapping[str, Callable[[Counts, str], Condition]] = {
    "kind": lambda of, value: of.kind == value,
    "department": lambda of, value: of.department_code == value,
    "year": lambda of, value: of.year == int(value),
    "region": lambda of, value: of.region == value,
    "outcome": has_outcome,
    "state": lambda of, value: of.corrected.in_([True] if value == CORRECTED else [True, False]),
    "entity": lambda _of, value: Face.entity_code == value,
}
COLUMNS: Mapping[str, Callable[[Counts], InstrumentedAttribute[Any]]] = {
    "kind": lambda of: of.kind,
    "department": lambda of: of.department_code,
    "year": lambda of: of.year,
    "region": lambda of: of.region,
    "outcome": lambda of: of.outcomes,
    "state": lambda of: of.corrected,
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
    if not spellings:
        return None
    columns = (Face.number, Face.source_number, Face.task_no, Face.plan_no)
    exact = [column.in_(spellings) for column in columns]
    codes_typed = [numerals.part_of_a_code(text), *numerals.misread_codes(text)]
    for read_as in codes_typed:
        whole = _any_of([*exact, *([Face.entity_code == read_as] if read_as else [])])
        is_any = session.scalar(sa.select(Face.number).where(Face.live, whole).limit(1))
        condition = whole if is_any else _part_of_codes(session, read_as)
        if condition is not None:
            return Named(condition, read_as if read_as != codes_typed[0] else "")
    return None


def _any_of(conditions: Sequence[Condition]) -> Condition:
    """Each asked of its own index; with one OR over columns a database reads the whole table."""
    return Face.number.in_(sa.union(*(sa.select(Face.number).where(each) for each in conditions)))


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
    found = hits(session, query, named)
    return Answer(
        total=total(session, query, named),
        hits=found,
        facets={field: _facet(session, query, field, named) for field in query.facets if field in FACETS},
        position=queries.ledger_size(session) - 1,
    )


def hits(session: Session, query: Query, named: Condition | None = None) -> list[Hit]:
    """One page alone: nothing is counted."""
    wanted = sa.select(Face.number).where(*_narrowed(query, Face, named)).order_by(*_order(query))
    numbers = session.scalars(wanted.limit(query.size).offset(query.offset))
    return [Hit(number, 0.0 if named is None else 1.0) for number in numbers]


def total(session: Session, query: Query, named: Condition | None = None) -> int:
    """The number of all."""
    of = _counts_for(query, named)
    wanted = sa.select(how_many(of)).select_from(of).where(*_narrowed(query, of, named))
    return _once(session, query, named, "", lambda: session.scalar(wanted) or 0)


# ── conditions ───────────────────────────────────────────────


def _counts_for(query: Query, named: Condition | None) -> Counts:
    """What is kept answers by kind, department, year, region, outcome and state; days and names need each face."""
    is_kept = named is None and "entity" not in query.filters
    return Tally if is_kept and query.published.are_open and query.inspected.are_open else Face


def _narrowed(query: Query, of: Counts, named: Condition | None, but: str = "") -> list[Condition]:
    """Everything asked for.

    :param but: a field whose own conditions are left out.
    """
    wanted = [CONDITIONS[field](of, value) for field, value in query.filters.items() if field != but]
    spared = [sa.not_(CONDITIONS[field](of, value)) for field, value in query.without.items() if field != but]
    return [live(of), *([] if named is None else [named]), *_dates(query), *wanted, *spared]


def _once(session: Session, query: Query, named: Condition | None, but: str, count: Callable[[], T]) -> T:
    """Remembered for the ledger's head, but for the condition that a typed number makes."""
    if named is not None:
        return count()
    wanted = frozenset((name, value) for name, value in query.filters.items() if name != but)
    spared = frozenset(query.without.items())
    return counted(session, ("listing", but, wanted, spared, query.published, query.inspected), count)


def _dates(query: Query) -> list[Condition]:
    asked = ((Face.published_on, query.published), (Face.happened_on, query.inspected))
    first = [column >= days.first for column, days in asked if days.first]
    return [*first, *(column <= days.last for column, days in asked if days.last)]


def _order(query: Query) -> list[sa.ColumnElement[Any]]:
    """Without words there is nothing to be relevant to: then the newest come first."""
    newest: list[sa.ColumnElement[Any]] = [Face.published_on.desc(), Face.number.desc()]
    happened: sa.ColumnElement[Any] = sa.literal_column(HAPPENED)
    return [happened.desc(), *newest] if query.sort == "inspected" else newest


def _facet(session: Session, query: Query, field: str, named: Condition | None) -> dict[str, int]:
    """What each value would give in place of its field's own filter, largest first."""
    counts = _once(session, query, named, field, lambda: _counts(session, query, field, named))
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _counts(session: Session, query: Query, field: str, named: Condition | None) -> dict[str, int]:
    of, excluded = _counts_for(query, named), query.without.get(field)
    others = _narrowed(query, of, named, but=field)
    if excluded is None:
        return _by_value(session, of, field, others)
    has_it = CONDITIONS[field](of, excluded)
    counts = _by_value(session, of, field, [*others, sa.not_(has_it)])
    let_in = sa.select(how_many(of)).select_from(of).where(*others, has_it)
    if n := session.scalar(let_in):
        counts[excluded] = n
    return counts


def _by_value(session: Session, of: Counts, field: str, where: Sequence[Condition]) -> Counter[str]:
    """How many hold each value."""
    column = COLUMNS[field](of)
    counts: Counter[str] = Counter()
    for value, count in session.execute(sa.select(column, how_many(of)).where(*where).group_by(column)):
        counts.update(dict.fromkeys(_values(field, value), count))
    return counts


def _values(field: str, value: Any) -> tuple[str, ...]:
    if field == "outcome":
        return codes(value)
    if field == "state":
        return (LIVE, CORRECTED) if value else (LIVE,)
    return (str(value),) if value else ()
