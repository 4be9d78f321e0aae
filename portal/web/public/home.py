"""首页: the search box, the four sections, what is new, and the office's own clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from portal import clock
from portal.clock import SHANGHAI
from portal.publications import queries, totals
from portal.statistics.models import Figure
from portal.statistics.queries import figures, middle, total
from portal.web.kept.state import state
from portal.web.public.contesting import contested
from portal.web.public.room import follows_ledger, profile, public, reading

NEWEST = 7
CLOCKS = (("decided", "recheck"), ("delivered", "feedback"))  # the figure, and the profile's term


@public.get("/")
@follows_ledger
def home() -> str:
    """What is public, what is new."""
    session, this_year = reading(), clock.today().year
    counted = figures(session, ["disclosed", "decided", "delivered", "median"])
    newest = queries.newest(session, limit=NEWEST, live_only=True)
    return render_template(
        "public/home.html",
        sections=totals.sections(session),
        newest=newest,
        contested=contested(newest),
        acts=queries.count_entries(
            session, ["correct", "withdraw"], since=datetime(this_year, 1, 1, tzinfo=SHANGHAI)
        ),
        on_time=total(counted, "disclosed", year=this_year, detail="on_time"),
        late=total(counted, "disclosed", year=this_year, detail="late"),
        taken=middle(counted, "disclosed", this_year),
        clocks=[_clock(counted, name, term) for name, term in CLOCKS if profile().terms.get(term)],
        as_of=state(session).counted,
    )


@dataclass(frozen=True)
class Clock:
    """One clock of objections for the front page: how many it runs for, and how long it took this year.

    :param term: the name of the profile's term.
    :param taken: the median of this year in working days; None when nothing ended.
    """

    term: str
    running: int
    overdue: int
    taken: float | None


def _clock(counted: Sequence[Figure], name: str, term: str) -> Clock:
    overdue = total(counted, name, detail="overdue")
    running = total(counted, name, detail="running") + overdue
    return Clock(term, running, overdue, middle(counted, name, clock.today().year))
