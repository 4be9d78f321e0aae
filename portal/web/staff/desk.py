"""The desk answers three questions in order: what is due, what waits for me, what is late and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.clock import today
from portal.db import db
from portal.objections import desk as objecting
from portal.people.models import Person
from portal.publications import desk as reading
from portal.publications import duty
from portal.publications.desk import Line, Queue
from portal.waiting import register
from portal.waiting.register import InHand
from portal.waiting.source import Asked, Item, Pile, Source
from portal.web.staff.clocks import Clock, clocks
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import person, staff
from portal.web.staff.waiting_pages import address_of, all_of

PER_PAGE = 50
NEAREST = 5  # of each pile on the desk
MOST_DUE = 10  # of what has reached its last day; the others have a page


@dataclass(frozen=True)
class Row:
    """One line of a queue with its clock."""

    line: Line
    clock: Clock | None

    @property
    def address(self) -> str:
        if self.line.batch_id is not None:
            return url_for("staff.batch", batch_id=self.line.batch_id, only=self.line.state)
        return url_for("staff.revision", revision_id=self.line.revision_id)


@dataclass(frozen=True)
class Waits:
    """One thing that waits, with its clock, its page and who has it."""

    source: Source
    item: Item
    mine: bool = True

    @property
    def address(self) -> str:
        return address_of(self.item)

    @property
    def clock(self) -> Clock | None:
        return clocks().clock(self.item.due, provisional=self.item.provisional)


@dataclass(frozen=True)
class Heap:
    """One pile of the desk: its source, its counts, the nearest of it, and where the others are."""

    source: Source
    pile: Pile
    rows: Sequence[Waits]
    all: str


@staff.get("/")
def desk() -> ResponseReturnValue:
    me = person()
    queues = reading.queues_of(me)
    if not queues:
        return render_template("staff/no_desk.html")
    if name := request.args.get("queue", ""):
        return _queue(me, next((each for each in queues if each.name == name), None) or abort(404))
    asked = Asked(db.session(), me, clocks().terms, today(), clock.now())
    laid = register.lay(asked)
    due = [Waits(each.source, each.item, each.mine) for each in laid.due]
    if request.args.get("show", "") == "due":
        return _all_due(due)
    return render_template(
        "staff/desk.html",
        today=today(),
        laid=laid,
        due=due[:MOST_DUE],
        due_count=sum(each.item.count for each in due),
        late=sum(each.item.count for each in due if each.item.due and each.item.due < today()),
        more=len(due) > MOST_DUE,
        heaps=[_heap(source, pile) for source, pile in laid.piles],
        in_hand=_with_clocks(laid.in_hand),
        oversees=asked.oversees,
        alarms=_alarms(me),
        everything=next((each for each in queues if each.name == "all"), None),
    )


def _heap(source: Source, pile: Pile) -> Heap:
    rows = [Waits(source, each) for each in pile.items[:NEAREST]]
    return Heap(source, pile, rows, all_of(source.name))


def _with_clocks(found: Sequence[InHand]) -> list[tuple[InHand, Waits]]:
    return [(each, Waits(each.source, each.oldest, False)) for each in found]


def _alarms(me: Person) -> list[tuple[object, object]]:
    return [
        (each, duty.why_not_hold(db.session(), each.publication, me))
        for each in objecting.alarms(db.session(), me)
    ]


def _all_due(due: Sequence[Waits]) -> str:
    """Everything that has reached its last day, page by page."""
    pages = Pages(asked_page(), PER_PAGE, len(due))
    shown = due[(pages.page - 1) * PER_PAGE : pages.page * PER_PAGE]
    return render_template("staff/desk_due.html", today=today(), due=shown, pages=pages)


def _queue(me: Person, queue: Queue) -> str:
    """One pile of publications in full."""
    found = reading.lines(db.session(), queue, me, clocks().due_on)
    rows = [Row(line, clocks().clock(line.due)) for line in found]
    pages = Pages(asked_page(), PER_PAGE, len(rows))
    return render_template(
        "staff/queue.html",
        queue=queue,
        count=sum(each.count for each in found),
        late=sum(1 for row in rows if row.clock and row.clock.left < 0),
        rows=rows[(pages.page - 1) * PER_PAGE : pages.page * PER_PAGE],
        pages=pages,
        publish_days=clocks().profile.publish_days,
    )
