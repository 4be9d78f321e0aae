"""首页: the search box, the four sections, what is new, and the office's own clock."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template

from portal import clock
from portal.clock import SHANGHAI
from portal.publications import queries
from portal.statistics.models import Figure
from portal.statistics.queries import counted_at, figures, total
from portal.web.public.contesting import contested
from portal.web.public.room import follows_ledger, public, reading

NEWEST = 7


@public.get("/")
@follows_ledger
def home() -> str:
    """What is public, what is new."""
    session, this_year = reading(), clock.today().year
    counted = figures(session, ["disclosed", "term"])
    newest = queries.newest(session, limit=NEWEST, live_only=True)
    return render_template(
        "public/home.html",
        sections=queries.sections(session),
        newest=newest,
        contested=contested(newest),
        acts=queries.count_entries(
            session, ["correct", "withdraw"], since=datetime(this_year, 1, 1, tzinfo=SHANGHAI)
        ),
        on_time=total(counted, "disclosed", year=this_year, detail="on_time"),
        late=total(counted, "disclosed", year=this_year, detail="late"),
        taken=_days_taken(counted, this_year),
        as_of=counted_at(session),
    )


def _days_taken(counted: Sequence[Figure], year: int) -> int | None:
    """On which working day of its term a result was disclosed on average; None when nobody knows."""
    results = total(counted, "term", year=year, detail="results")
    return round(total(counted, "term", year=year, detail="working_days") / results) if results else None
