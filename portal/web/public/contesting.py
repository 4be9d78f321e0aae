"""异议处理中 in public: what a result's page, its trail, and every list say of objections to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from markupsafe import Markup

from portal.clock import shanghai_date
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.objections import public_reading
from portal.objections.models import Contest
from portal.objections.public_reading import Running
from portal.publications.models import Face
from portal.web.public.room import calendar, public, reading
from portal.web.public.trail import Step
from portal.web.rendering import carried, day


@dataclass(frozen=True)
class Contesting:
    """What is publicly known of the objections to one result.

    :param lines: the ledger's lines about them, each with its members.
    """

    contests: Sequence[Contest] = ()
    clocks: Sequence[Running] = ()
    lines: Sequence[tuple[Entry, Mapping[str, Any]]] = field(default=())

    def led_to(self, version: int) -> Contest | None:
        """The objection whose re-check led to a version."""
        return next((each for each in self.contests if each.version == version), None)


def contesting(face: Face) -> Contesting:
    """What is known of the objections to a result; one question when there are none."""
    if face.kind != "result":
        return Contesting()
    session = reading()
    contests = public_reading.contests(session, face.number)
    if not contests:
        return Contesting()
    lines = [(each, read_entry(each.body)) for each in public_reading.entries(session, face.number)]
    still_open = [each for each in contests if public_reading.is_open(each)]
    clocks = [public_reading.running(each, calendar()) for each in still_open]
    return Contesting(contests, clocks, lines)


def contested(faces: Iterable[Face]) -> set[str]:
    """The numbers on a page that say 异议处理中."""
    return public_reading.under_objection(reading(), {face.number for face in faces if face.kind == "result"})


def steps(known: Contesting) -> list[tuple[int, Step]]:
    """The trail's lines about objections, by ledger index: 收到异议申请, 期限重新计算, 复查结果."""
    told = {
        each.entry_index: each
        for each in known.contests
        if public_reading.is_open(each) or public_reading.is_answered(each)
    }
    found = ((entry.index, _step(entry, members, told)) for entry, members in known.lines)
    return [(index, step) for index, step in found if step is not None]


def _step(entry: Entry, members: Mapping[str, Any], told: Mapping[int, Contest]) -> Step | None:
    contest = told.get(members.get("received", entry.index))
    if contest is None:
        return None
    if entry.type == "objection_received":
        return Step(contest.received_on, _due(Markup(_("收到异议申请，最迟%(day)s作出复查结果")), members))
    if entry.type == "objection_redated":
        words = Markup(_("复查期限重新计算，最迟%(day)s作出复查结果"))
        return Step(shanghai_date(entry.at), _due(words, members)) if members["term"] == "recheck" else None
    return _ended(entry, contest)


def _due(words: Markup, members: Mapping[str, Any]) -> Markup:
    end = _("（暂定）。") if members.get("provisional") else _("。")
    return words % {"day": day(members["due"])} + end


def _ended(entry: Entry, contest: Contest) -> Step | None:
    """None for a correction: its own line says what it followed."""
    on = shanghai_date(entry.at)
    if contest.outcome == "maintained":
        return Step(on, Markup(_("经复查，原结果无误（%(day)s）。")) % {"day": day(on)})
    if contest.version is None:
        return Step(on, Markup(_("经复查，原结果有误，撤下公示。")), "zhu")
    return None


# ── addresses of other rooms ─────────────────────────────────


def carrying(path: str, **query: object) -> str:
    """An address outside this room that takes language and display along."""
    asked = urlencode({**query, **carried()})
    return f"{path}?{asked}" if asked else path


@public.app_context_processor
def give_addresses() -> dict[str, Any]:
    """Where templates send a reader who objects, follows an objection, or wants to see how days were counted."""
    return {"carrying": carrying}
