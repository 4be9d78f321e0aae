"""``GET /api/v1/calendar/due``: the same counting as the page, for machines."""

from collections.abc import Mapping
from typing import Any

from flask import Response, json, request
from flask_babel import force_locale

from portal.deadlines.calendar import Calendar, load_calendar
from portal.deadlines.counting import CountedDay, day_by_day
from portal.web.public.room import follows_ledger, profile, public, reading
from portal.web.public.term_asked import Asked, ask
from portal.web.rendering import said
from portal.words import Sentence, say

MOST_DAYS = 3660
KNOWN = {"start", "days", "term", "lang", "display"}


@public.get("/api/v1/calendar/due")
@follows_ledger
def due() -> Response:
    """The last day of a term, with every counted day and the reason of every skipped one."""
    given = {name: request.args[name] for name in ("start", "days", "term") if name in request.args}
    reasons = _unclear(given)
    calendar = load_calendar(reading())
    asked = ask(given, profile(), calendar, MOST_DAYS)
    reasons += asked.reasons.values()
    return problem(reasons) if reasons else _json(_answer(asked, calendar))


def problem(reasons: list[Sentence]) -> Response:
    """RFC 9457: what is wrong, in both languages, with what to do."""
    with force_locale("en"):
        english = " ".join(said(reason) for reason in reasons)
    body = {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "".join(reasons),
        "detail_en": english,
    }
    return _json(body, status=400, kind="application/problem+json")


def _unclear(given: Mapping[str, str]) -> list[Sentence]:
    reasons = [
        say("没有“{name}”这个参数。可以用的有：start、days、term、lang。", name=name[:40])
        for name in sorted(request.args.keys() - KNOWN)
    ]
    if given.keys() >= {"days", "term"}:
        reasons.append(say("days 和 term 请只写一个。"))
    return reasons


def _answer(asked: Asked, calendar: Calendar) -> dict[str, Any]:
    assert asked.start and asked.term and asked.due
    days = day_by_day(asked.start, asked.due, calendar)[1:]
    answer: dict[str, Any] = {
        "start": asked.start.isoformat(),
        "days": asked.term.days,
        "unit": asked.term.unit,
        "due": asked.due.due.isoformat(),
        "provisional": asked.due.provisional,
        "known_through": calendar.known_through.isoformat(),
        "counted": [each.day.isoformat() for each in days if each.nth is not None],
        "skipped": [_reasoned(each) for each in days if each.nth is None],
        "make_up": [_reasoned(each) for each in days if each.nth is not None and each.reason],
    }
    if asked.term.label:
        basis = {"kind": asked.term.kind, "text": said(asked.term.said_basis)}
        answer |= {"term": request.args["term"].strip(), "basis": basis}
    return answer


def _reasoned(each: CountedDay) -> dict[str, str]:
    return {"date": each.day.isoformat(), "kind": each.state.kind.value, "reason": said(each.reason)}


def _json(body: Mapping[str, Any], status: int = 200, kind: str = "application/json") -> Response:
    return Response(json.dumps(body, ensure_ascii=False, sort_keys=False) + "\n", status, content_type=kind)
