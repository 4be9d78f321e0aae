"""``GET /api/v1/calendar/due``: the same counting as the page, for machines."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from portal.deadlines.calendar import Calendar, load_calendar
from portal.deadlines.counting import CountedDay, day_by_day
from portal.web.checking import Schema
from portal.web.describing import Body, Endpoint, Param, Shape, Speak, describes
from portal.web.problems import Wrong, problem
from portal.web.public.room import follows_ledger, profile, public, reading
from portal.web.public.term_asked import Asked, ask
from portal.web.rendering import said
from portal.words import Sentence, say

MOST_DAYS = 3660


def _shape(speak: Speak) -> Schema:
    text, day = {"type": "string"}, {"type": "string", "format": "date"}
    reasoned = {"type": "object", "properties": {"date": day, "kind": text, "reason": text}}
    basis = {"type": "object", "properties": {"kind": text, "text": text}}
    members: Mapping[str, tuple[Schema, Sentence]] = {
        "start": (day, say("起算日，本身不计。")),
        "days": ({"type": "integer"}, say("多少日。")),
        "unit": (text, say("working工作日，calendar自然日。")),
        "due": (day, say("最后一天。")),
        "provisional": ({"type": "boolean"}, say("算到了放假安排还没有公布的年份，公布以后可能变化。")),
        "known_through": (day, say("放假安排已知到哪一天。")),
        "counted": ({"type": "array", "items": day}, say("逐个计入的日子。")),
        "skipped": ({"type": "array", "items": reasoned}, say("不计入的日子和原因。")),
        "make_up": ({"type": "array", "items": reasoned}, say("计入的调休上班日。")),
        "term": (text, say("期限的名称。")),
        "basis": (basis, say("期限的依据。")),
    }
    return {
        "type": "object",
        "properties": {
            name: schema | {"description": speak(says)} for name, (schema, says) in members.items()
        },
        "required": [name for name in members if name not in ("term", "basis")],
    }


@public.get("/api/v1/calendar/due")
@follows_ledger
@describes(
    Endpoint(
        "calendar",
        say("计算期限的最后一天"),
        Shape("Due", _shape),
        say("days和term写一个：多少个工作日，或者本地规则里期限的名称。"),
        params=(
            Param(
                "start",
                say("起算日，本身不计。"),
                {"type": "string", "format": "date"},
                "2026-11-23",
                required=True,
            ),
            Param("days", say("多少个工作日。"), {"type": "integer", "minimum": 0, "maximum": MOST_DAYS}, 20),
            Param(
                "term",
                say("期限的名称。"),
                {"type": "string"},
                "recheck",
                known=lambda: list(profile().terms),
            ),
        ),
        shown="start=2026-11-23&days=20",
    )
)
def due() -> Body | Response:
    """The last day of a term, with every counted day and the reason of every skipped one."""
    given = {name: request.args[name] for name in ("start", "days", "term") if name in request.args}
    calendar = load_calendar(reading())
    asked = ask(given, profile(), calendar, MOST_DAYS)
    wrong = [Wrong(name, reason) for name, reason in asked.reasons.items()]
    if given.keys() >= {"days", "term"}:
        wrong.append(Wrong("term", say("days 和 term 请只写一个。")))
    return problem(400, wrong=wrong) if wrong else _answer(asked, calendar)


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
