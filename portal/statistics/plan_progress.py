"""Public reading of how far a plan has come: its items, its tasks, what stands beside it. Only public tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.publications.dating import Terms
from portal.publications.models import Face
from portal.statistics.announced import link, names_in
from portal.statistics.planning import ListGap, PlanProgress, left_out, plan_items
from portal.statistics.progress import bodies, of_tasks


def planned_names(session: Session, plan: Face | None) -> frozenset[str] | None:
    """The names of all items of a live plan; None where there is none."""
    if plan is None:
        return None
    [(_face, fields)] = bodies(session, [plan])
    return names_in(fields.get("items") or [])


def of_plan(session: Session, face: Face, terms: Terms) -> PlanProgress:
    """One plan with its tasks, the department's ad-hoc tasks of its year, and what its lists hold beside it."""
    [(_face, fields)] = bodies(session, [face])
    year = _year(fields, face)
    ends = link(fields.get("ends_on")) or f"{year}-12-31"
    of_it = _tasks_where(session, Face.plan_no == face.source_number) if face.source_number else []
    ad_hoc = _tasks_where(
        session,
        Face.ad_hoc.is_(True),
        Face.department_code == face.department_code,
        Face.happened_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    tasks = of_tasks(session, of_it, terms)
    return PlanProgress(
        number=face.number,
        year=year,
        items=plan_items(fields.get("items") or [], tasks),
        tasks=tasks,
        ad_hoc=of_tasks(session, ad_hoc, terms),
        left_out=_left_out(session, face.department_code, year),
        over=clock.today().isoformat() > ends,
    )


def _tasks_where(session: Session, *conditions: sa.ColumnElement[bool]) -> Sequence[Face]:
    query = sa.select(Face).where(Face.live, Face.kind == "task", *conditions)
    return session.scalars(query.order_by(Face.published_on, Face.number)).all()


def _left_out(session: Session, department: str, year: int) -> list[ListGap]:
    """What the department's lists hold and none of its plans of the year does (D7)."""
    on = min(max(clock.today(), date(year, 1, 1)), date(year, 12, 31))
    rows = (row for _face, fields in _live(session, "plan", department) if fields.get("plan_year") == year
            for row in fields.get("items") or [])  # fmt: skip
    planned = names_in(rows)
    gaps = (left_out(face.number, fields, planned, on) for face, fields in _live(session, "list", department))
    return [gap for gap in gaps if gap]


def _live(session: Session, kind: str, department: str) -> Iterable[tuple[Face, Mapping[str, Any]]]:
    query = sa.select(Face).where(Face.live, Face.kind == kind, Face.department_code == department)
    return bodies(session, session.scalars(query.order_by(Face.number)).all())


def _year(fields: Mapping[str, Any], face: Face) -> int:
    year = fields.get("plan_year")
    return year if isinstance(year, int) and 1900 < year < 2200 else face.year
