"""公示对账: what was planned, drawn, disclosed and followed up, per task, per plan and per year."""

import re
from typing import Any

from flask import Response, render_template, request

from portal import clock
from portal.deadlines.calendar import load_calendar
from portal.errors import Refused
from portal.publications import beside
from portal.publications.dating import Terms
from portal.publications.models import Face
from portal.statistics import gaps, progress
from portal.statistics.gaps import Gap, Offices
from portal.statistics.plan_progress import of_plan as plan_progress_of
from portal.statistics.plan_progress import planned_names
from portal.statistics.reconciling import TaskProgress
from portal.web.kept.state import state
from portal.web.problems import problem
from portal.web.public import progress_files
from portal.web.public.record import found, gone
from portal.web.public.room import follows_ledger, profile, public, reading, words
from portal.words import Label, say


@public.get("/tasks/<number>/progress")
@follows_ledger
def task_progress(number: str) -> Any:
    """One task: drawn, disclosed, missing, followed up."""
    face = found("tasks", number)
    if not face.live:
        return gone(face)
    task = progress.of_task(reading(), face, terms())
    return render_template(
        "public/task_progress.html",
        face=face,
        progress=task,
        gaps=_gaps_of_task(task),
        plan=_plan_of(task),
        as_of=state(reading()).counted,
    )


@public.get("/tasks/<number>/progress.json")
@follows_ledger
def task_progress_json(number: str) -> Any:
    """The same as data."""
    face = found("tasks", number)
    if not face.live:
        return gone(face)
    task = progress.of_task(reading(), face, terms())
    return progress_files.answer(progress_files.of_task(task, _gaps_of_task(task), state(reading()).counted))


@public.get("/plans/<number>/progress")
@follows_ledger
def plan_progress(number: str) -> Any:
    """One plan: its items, its tasks, and what no task has touched."""
    face = found("plans", number)
    if not face.live:
        return gone(face)
    plan = plan_progress_of(reading(), face, terms())
    return render_template(
        "public/plan_progress.html",
        face=face,
        plan=plan,
        gaps=gaps.of_plan(plan, face.source_number),
        as_of=state(reading()).counted,
    )


@public.get("/plans/<number>/progress.json")
@follows_ledger
def plan_progress_json(number: str) -> Any:
    """The same as data."""
    face = found("plans", number)
    if not face.live:
        return gone(face)
    plan = plan_progress_of(reading(), face, terms())
    found_gaps = gaps.of_plan(plan, face.source_number)
    return progress_files.answer(progress_files.of_plan(plan, found_gaps, state(reading()).counted))


@public.get("/statistics/tasks/")
@follows_ledger
def tasks_of_year() -> str:
    """Every task announced in a year with its numbers, and results that belong to none."""
    year, department = asked()
    session, tasks = reading(), _tasks(year)
    return render_template(
        "public/tasks_of_year.html",
        year=year,
        department=department,
        years=sorted({year, *progress.years_of_tasks(session)}, reverse=True),
        departments={code for each in tasks for code in (each.task.department, *each.task.offices)},
        tasks=[each for each in tasks if each.task.concerns(department)],
        loose=progress.without_announcement(session, year, department),
        as_of=state(session).counted,
    )


@public.get("/statistics/tasks.json")
@follows_ledger
def tasks_of_year_json() -> Response:
    """The same as data."""
    try:
        year, department = asked()
    except Refused as refused:
        return problem(400, refused.reasons)
    session = reading()
    tasks = [each for each in _tasks(year) if each.task.concerns(department)]
    loose = progress.without_announcement(session, year, department)
    return progress_files.answer(progress_files.of_year(year, tasks, loose, state(session).counted))


def terms() -> Terms:
    """The rules of this place and the calendar they are counted by."""
    return Terms(profile(), load_calendar(reading()))


def _tasks(year: int) -> list[TaskProgress]:
    return progress.of_tasks(reading(), progress.tasks_of_year(reading(), year), terms())


def _gaps_of_task(task: TaskProgress) -> list[Gap]:
    planned = planned_names(reading(), _plan_of(task))
    return gaps.of_task(task, _offices(), planned)


def _plan_of(task: TaskProgress) -> Face | None:
    return beside.by_source_number(reading(), "plan", task.task.plan_no)


def _offices() -> Offices:
    return {code: Label(each.label, each.label_en) for code, each in words().departments.items()}


def asked() -> tuple[int, str]:
    """Year and department in the address.

    :raises Refused: at a value that there is not; the page answers 400.
    """
    year, department = request.args.get("year", ""), request.args.get("department", "")
    if year and not re.fullmatch(r"(19|20)[0-9]{2}", year):
        raise Refused(say("“{value}”不是年份，请写四位数字，例如2026。", value=year[:40]))
    if department and department not in words().departments:
        raise Refused(say("没有代码为“{value}”的部门，请在页面上选择部门。", value=department[:40]))
    return int(year or clock.today().year), department
