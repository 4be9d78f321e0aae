"""From the registries to what a draw commits to: the pool under its conditions, its strata, who was drawn before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.book import CodeBook
from portal.draws import pool, strata
from portal.draws.strata import Stratum
from portal.publications.models import DrawnObject, Publication
from portal.publications.oversight import DrawnOften
from portal.registries import queries as registries
from portal.registries.models import InspectedObject

Grouping = Literal["", "kind", "region", "tag", "risk"]
OTHERS = "其他"
TABLES = {"kind": "entity_type", "region": "region"}
AT_MOST = 2  # draws of one object in a year (D16)
MOST_SHOWN = 200


@dataclass(frozen=True)
class Conditions:
    """Which objects can be drawn, and in which groups.

    :param risk: risk classes; empty: all. Neither these nor groups by them are ever public (W2).
    :param by: what makes the groups; empty: the whole pool is one.
    """

    kinds: Sequence[str] = ()
    regions: Sequence[str] = ()
    tags: Sequence[str] = ()
    risk: Sequence[str] = ()
    by: Grouping = ""

    @property
    def by_risk(self) -> str:
        """How a risk class comes into it: ``pool``, ``strata``, or not at all."""
        if self.risk:
            return "pool"
        return "strata" if self.by == "risk" else ""

    @property
    def is_directed(self) -> bool:
        """By what the announcement may say: directed, and by nothing that is told, would be by risk class (W2)."""
        return bool(self.kinds or self.regions or self.tags)


@dataclass(frozen=True)
class Task:
    """What the announcement will say beside the list."""

    number: str
    title: str
    items: Sequence[Mapping[str, str]] = ()
    conditions: str = ""
    more: Mapping[str, Any] = field(
        default_factory=dict
    )  # further fields of the announcement, as an office writes them


@dataclass(frozen=True)
class Wanted:
    """A draw before it is committed to.

    :param excluded: the ground (see :data:`portal.draws.pool.GROUNDS`) of each excluded object.
    :param inspectors: department and key of each who can be drawn.
    :param per_object: inspectors of each department.
    :param names_withheld: why the drawn list is not shown; empty when it is.
    :param source: of the randomness, see :mod:`portal.draws.randomness`.
    :param decides_at: when that randomness can be known, and not before.
    """

    task: Task
    parts: Sequence[Stratum]
    inspectors: Sequence[tuple[str, str]]
    source: str
    decides_at: datetime
    excluded: Mapping[str, str] = field(default_factory=dict)
    per_object: int = 2
    by_risk: str = ""
    is_directed: bool = False
    names_withheld: str = ""

    @property
    def is_public(self) -> bool:
        return not self.by_risk and not self.names_withheld

    @property
    def codes(self) -> list[str]:
        return strata.whole_pool(self.parts)


def found(session: Session, department: str, conditions: Conditions) -> list[InspectedObject]:
    """The objects of a department's registry that meet the conditions, sorted by code."""
    objects = registries.pool(
        session,
        department=department,
        kinds=conditions.kinds,
        regions=conditions.regions,
        tags=conditions.tags,
    )
    return [each for each in objects if not conditions.risk or each.risk_class in conditions.risk]


def grouped(
    objects: Sequence[InspectedObject], conditions: Conditions, book: CodeBook | None = None
) -> dict[str, list[str]]:
    """The codes of each group; with several tags an object is in that of the first one asked for.

    :param book: to name the groups by the labels of their codes.
    """
    groups: dict[str, list[str]] = {}
    table = TABLES.get(conditions.by)
    for each in objects:
        name = _group(each, conditions)
        name = book.label(table, name) if book and table and name else name
        groups.setdefault(name or OTHERS, []).append(each.code)
    return dict(sorted(groups.items()))


def in_strata(groups: Mapping[str, Sequence[str]], rules: Mapping[str, str]) -> list[Stratum]:
    """Strata of those groups that have a rule; a group without one is not drawn from."""
    return [
        Stratum(name, pool.pool_text(codes), rules[name]) for name, codes in groups.items() if rules.get(name)
    ]


def drawn_before(
    session: Session, codes: Collection[str], year: int, at_least: int = AT_MOST
) -> list[DrawnOften]:
    """Objects of a pool that were drawn so many times this year already, with the tasks that drew them (D16).

    At most :data:`MOST_SHOWN`, most often first: drawing one of them once more is to be decided beforehand, and an
    object that two tasks want is better inspected once for both.
    """
    often = (
        sa.select(DrawnObject.entity_code, sa.func.max(DrawnObject.entity_name), sa.func.count())
        .where(DrawnObject.year == year, DrawnObject.entity_code != "")
        .group_by(DrawnObject.entity_code)
        .having(sa.func.count() >= at_least)
        .order_by(sa.func.count().desc(), DrawnObject.entity_code)
    )
    wanted = set(codes)
    rows = [row for row in session.execute(often) if row[0] in wanted][:MOST_SHOWN]
    tasks = _tasks(session, [code for code, _name, _times in rows], year)
    return [DrawnOften(name, code, times, tasks.get(code, ())) for code, name, times in rows]


def _tasks(session: Session, codes: Sequence[str], year: int) -> dict[str, list[Publication]]:
    query = (
        sa.select(DrawnObject.entity_code, Publication)
        .join(Publication, DrawnObject.publication_id == Publication.id)
        .where(DrawnObject.entity_code.in_(codes), DrawnObject.year == year)
        .order_by(Publication.number)
    )
    found: dict[str, list[Publication]] = {}
    for code, publication in session.execute(query):
        found.setdefault(code, []).append(publication)
    return found


def who_inspects(
    session: Session, departments: Sequence[str], items: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Department and key of every inspector at work in some departments whose scope covers the items."""
    return [
        (code, each.key)
        for code in departments
        for each in registries.inspectors(session, department=code, items=items)
    ]


def _group(each: InspectedObject, conditions: Conditions) -> str:
    match conditions.by:
        case "kind":
            return each.kind
        case "region":
            return each.region
        case "risk":
            return each.risk_class
        case "tag":
            wanted = conditions.tags or each.tag_names
            return next((tag for tag in wanted if tag in each.tag_names), "")
    return strata.WHOLE
