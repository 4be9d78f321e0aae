"""统计: the dated figures as plain tables."""

from collections.abc import Callable, Sequence

from flask import render_template

from portal import clock
from portal.statistics.models import Figure
from portal.statistics.queries import counted_at, figures, middle
from portal.web.public.room import follows_ledger, profile, public, reading

Sums = dict[tuple[str, ...], int]
ACTS = ("adjust", "rescope", "correct", "withdraw", "expire", "erase")
CLOCKS = ("disclosed", "objection_received", "decided", "delivered", "ended", "answered")


@public.get("/statistics/")
@follows_ledger
def statistics() -> str:
    """Counts of what is public, what was found, what was corrected, what is withheld."""
    found = figures(reading())
    outcomes = _sums(found, "outcome", lambda each: (each.detail, str(each.year)))
    years = sorted({each.year for each in found if each.year}, reverse=True)
    return render_template(
        "public/statistics.html",
        as_of=counted_at(reading()),
        years=years[:6],
        live=_sums(found, "live", lambda each: (each.kind, str(each.year))),
        by_department=_sums(found, "live", lambda each: (each.department_code, each.kind)),
        offices={each.department_code for each in found if each.name == "live"},
        outcomes=outcomes,
        found_codes={code for code, _year in outcomes},
        clocks={name: _sums(found, name, lambda each: (each.detail, str(each.year))) for name in CLOCKS},
        per_office=_per_office(found) if profile().department_clocks_public else {},
        middle=lambda name, year: middle(found, name, year),
        this_year=str(clock.today().year),
        acts={name: _sums(found, name, lambda each: (str(each.year),)) for name in ACTS},
        withheld=_sums(found, "withheld", lambda each: (each.department_code, each.kind, each.detail)),
    )


def _per_office(found: Sequence[Figure]) -> dict[str, Sums]:
    """What each department's clocks say, by (clock, detail): only where the profile lets the public see it."""
    offices: dict[str, Sums] = {}
    for each in found:
        if each.name in CLOCKS and each.department_code:
            sums, key = offices.setdefault(each.department_code, {}), (each.name, each.detail)
            sums[key] = sums.get(key, 0) + each.value
    return offices


def _sums(found: Sequence[Figure], name: str, key: Callable[[Figure], tuple[str, ...]]) -> Sums:
    sums: Sums = {}
    for each in found:
        if each.name == name:
            sums[key(each)] = sums.get(key(each), 0) + each.value
    return sums
