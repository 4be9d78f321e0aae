"""通报: the circular of the joint-conference office, as a page and as files, and the figures taken on demand."""

from urllib.parse import quote

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now, today
from portal.concerns.quarters import Quarter
from portal.db import db
from portal.people import roles
from portal.statistics import circular_files, snapshot
from portal.statistics.circular import GROUPS, Circular, Period
from portal.statistics.circular import circular as count
from portal.statistics.queries import counted_at
from portal.web.staff.clocks import clocks
from portal.web.staff.room import departments, done, for_act, person, staff

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staff.get("/circular")
@for_act("see_circular")
def circular() -> ResponseReturnValue:
    made = _made()
    return render_template(
        "staff/circular.html",
        made=made,
        groups=GROUPS,
        periods=_periods(made.period),
        at=now(),
        counted_at=counted_at(db.session()),
        may_take=roles.may(person(), "take_figures"),
        refused=[],
    )


@staff.get("/circular.<any(csv, xlsx):form>")
@for_act("see_circular")
def circular_file(form: str) -> ResponseReturnValue:
    made = _made()
    write = circular_files.as_csv if form == "csv" else circular_files.as_workbook
    answer = Response(write(made, departments()), content_type=FORMS[form])
    name = quote(circular_files.file_name(made, form))
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@staff.post("/circular/figures")
@for_act("take_figures")
def take_figures() -> ResponseReturnValue:
    """Count the public figures now; the worker does it once a day."""
    snapshot.take(db.session(), clocks().profile)
    done(_("统计数据已经重新统计，公众的统计页已更新。"))
    return redirect(url_for("staff.circular"))


def _made() -> Circular:
    asked = request.args.get("period", "")
    period = Period.read(asked) if asked else Period.now()
    if period is None:
        abort(404)
    return count(db.session(), period, person(), clocks().terms)


def _periods(shown: Period) -> list[Period]:
    """This year and the one before with their quarters, and those of the year that is shown."""
    years = sorted({today().year, today().year - 1, shown.first.year}, reverse=True)
    names = [name for year in years for name in (f"{year}", *(str(Quarter(year, q)) for q in range(1, 5)))]
    return [found for name in names if (found := Period.read(name)) and found.first <= today()]
