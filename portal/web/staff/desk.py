"""The desk: what is due or waiting for the person who is signed in, the overdue first."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.clock import today
from portal.db import db
from portal.erasing import queries as erasing
from portal.objections import desk as objecting
from portal.people import roles
from portal.prior_notice import queries as prior_notices
from portal.prior_notice.queries import Pile
from portal.publications import desk as reading
from portal.publications import duty
from portal.publications.desk import Line, Queue
from portal.publications.models import Hold
from portal.web.staff.clocks import Clock, clocks
from portal.web.staff.opinions import open_opinions
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import person, staff

PER_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One line of the desk with its clock."""

    line: Line
    clock: Clock | None

    @property
    def address(self) -> str:
        if self.line.batch_id is not None:
            return url_for("staff.batch", batch_id=self.line.batch_id, only=self.line.state)
        return url_for("staff.revision", revision_id=self.line.revision_id)


@staff.get("/")
def desk() -> ResponseReturnValue:
    me = person()
    queues = reading.queues_of(me)
    if not queues:
        return render_template("staff/no_desk.html")
    piles = {each.name: reading.lines(db.session(), each, me, clocks().due_on) for each in queues}
    shown = _shown(queues, piles)
    rows = [Row(line, clocks().clock(line.due)) for line in piles[shown.name]]
    pages = Pages(asked_page(), PER_PAGE, len(rows))
    return render_template(
        "staff/desk.html",
        today=today(),
        publish_days=clocks().profile.publish_days,
        queues=[(each, sum(line.count for line in piles[each.name])) for each in queues],
        shown=shown,
        late=sum(1 for row in rows if row.clock and row.clock.left < 0),
        rows=rows[(pages.page - 1) * PER_PAGE : pages.page * PER_PAGE],
        pages=pages,
        holds=_holds(),
        erasures=erasing.waiting(db.session(), me),
        alarms=[
            (each, duty.why_not_hold(db.session(), each.publication, me))
            for each in objecting.alarms(db.session(), me)
        ],
        waiting=objecting.waiting(db.session(), me),
        waiting_labels=objecting.WAITING,
        prior=[(pile, count) for pile, count in _prior() if count],
        opinions=len(open_opinions()),
    )


def _prior() -> list[tuple[Pile, int]]:
    """公示前告知, pile by pile."""
    counts = prior_notices.counts(db.session(), person())
    return [(pile, counts[pile.name]) for pile in prior_notices.PILES]


def _shown(queues: Sequence[Queue], piles: dict[str, list[Line]]) -> Queue:
    """The pile that the address names; else the first with anything in it."""
    name = request.args.get("queue", "")
    if name:
        return next((each for each in queues if each.name == name), None) or abort(404)
    return next((each for each in queues if piles[each.name]), queues[-1])


def _holds() -> list[Hold]:
    me = person()
    if not (roles.may(me, "confirm_hold") or roles.may(me, "hold")):
        return []
    return duty.unconfirmed(db.session(), me.department_code)
