"""公示时限: every inspection with its clock, not yet disclosed first, late on top; as a page and as a file."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import today
from portal.db import db
from portal.errors import Refused
from portal.people import roles
from portal.waiting import disclosure as reading
from portal.waiting.disclosure import STATES, Inspection, Wanted
from portal.web.rendering import named, said
from portal.web.saving import csv_file
from portal.web.staff.clocks import Clock, clocks
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import departments, for_act, person, staff
from portal.words import say

PER_PAGE = 50
MOST_IN_A_FILE = 20_000
MOST_TASKS = 40


@dataclass(frozen=True)
class Row:
    """One inspection with its clock; none once it is public."""

    it: Inspection
    clock: Clock | None


@staff.get("/disclosure")
@for_act("see_work")
def disclosure() -> ResponseReturnValue:
    wanted = _wanted()
    open_ = reading.not_disclosed(db.session(), person(), clocks().terms)
    names = reading.titles(db.session(), {each.task_no for each in open_})
    here = [each for each in open_ if wanted.department in ("", each.department_code)]
    found, pages = _found(wanted, open_)
    tasks = reading.by_task(here, names)
    return render_template(
        "staff/disclosure.html",
        today=today(),
        wanted=wanted,
        states=STATES,
        counts={state: sum(each.state == state for each in here) for state in STATES},
        late=sum(each.is_late for each in here),
        total=len(here),
        tasks=[] if wanted.task else tasks[:MOST_TASKS],
        more_tasks=max(len(tasks) - MOST_TASKS, 0) if not wanted.task else 0,
        task_clocks={(each.department_code, each.task_no): clocks().clock(each.due) for each in tasks},
        title=names.get(wanted.task, ""),
        rows=[_row(each) for each in found],
        pages=pages,
        days=clocks().profile.publish_days,
        term=clocks().profile.terms["publish"],
        chooses_department=roles.may(person(), "see_all_departments"),
    )


@staff.get("/disclosure.csv")
@for_act("see_work")
def disclosure_csv() -> ResponseReturnValue:
    """The same for the office, whole: what the filters in the address ask for."""
    wanted = _wanted()
    if wanted.state == "disclosed":
        found, total = reading.disclosed(db.session(), person(), wanted, page=1, size=MOST_IN_A_FILE)
    else:
        every = reading.narrowed(reading.not_disclosed(db.session(), person(), clocks().terms), wanted)
        found, total = every[:MOST_IN_A_FILE], len(every)
    rows = [_head(), *map(_cells, found)]
    if total > len(found):
        rows.append([_("只列出前%(n)s条，共%(total)s条。", n=len(found), total=total)])
    return csv_file(rows, f"disclosure-{today().isoformat()}.csv")


def _found(wanted: Wanted, open_: Iterable[Inspection]) -> tuple[list[Inspection], Pages]:
    page = asked_page()
    if wanted.state == "disclosed":
        found, total = reading.disclosed(db.session(), person(), wanted, page=page, size=PER_PAGE)
        return found, Pages(page, PER_PAGE, total)
    every = reading.narrowed(open_, wanted)
    return every[(page - 1) * PER_PAGE : page * PER_PAGE], Pages(page, PER_PAGE, len(every))


def _row(each: Inspection) -> Row:
    due = each.due if each.published_on is None else None
    return Row(each, clocks().clock(due, provisional=each.provisional or None))


def _wanted() -> Wanted:
    """The filters in the address.

    :raises Refused: when a value is none of those that there are.
    """
    given = Wanted(*(request.args.get(name, "").strip()[:60] for name in ("department", "task", "state")))
    for name, value, values in (
        ("state", given.state, (*STATES, "late")),
        ("department", given.department, departments()),
    ):
        if value and value not in values:
            raise Refused(
                say("没有“{value}”这个筛选条件，请从页面上的链接重新选择。", value=f"{name}={value[:40]}")
            )
    return given


def _head() -> list[str]:
    return [
        _("部门"), _("任务编号"), _("检查对象"), _("统一社会信用代码/注册号"), _("环节"), _("在谁手里"), _("最迟公示"),
        _("公示日期"), _("是否逾期"), _("公示编号"),
    ]  # fmt: skip


def _cells(each: Inspection) -> list[str]:
    return [
        named(departments().get(each.department_code)), each.task_no, each.entity_name, each.entity_code,
        said(STATES[each.state]), each.holder or said(each.role), each.due.isoformat() if each.due else "",
        each.published_on.isoformat() if each.published_on else "", _("是") if each.is_late else _("否"), each.number,
    ]  # fmt: skip
