"""Deciding about proposals: accepted, a finding becomes a mark; kept, it is shown, with a reason on record.

Each decision makes a new revision, so that whoever decided is not the one who agrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.findings import Found, place_of
from portal.publications.models import Revision
from portal.publications.undecided import open_in
from portal.words import Sentence, say

# why what was recognised is shown all the same
REASONS: Mapping[str, Sentence] = {
    "mistaken": say("识别有误，不是个人信息"),
    "office": say("单位对外公开的联系方式"),
    "registered": say("依法应当公开的登记信息"),
    "duty": say("依法公开的执法人员履职信息"),
    "consent": say("本人已经同意公开"),
    "no_secret": say("不属于商业秘密"),
}
LONGEST_REASON = 200


@dataclass(frozen=True)
class Decision:
    """What somebody decided about one finding.

    :param key: the finding's, see :class:`~portal.publications.findings.Found`.
    :param ground: of what is withheld; left out, the finding's own ground and basis.
    :param reason: why what is kept is shown; internal, and never the words themselves.
    """

    key: str
    withheld: bool
    ground: str = ""
    basis: str = ""
    reason: str = ""


def decide(
    session: Session,
    revision: Revision,
    decisions: Sequence[Decision],
    *,
    by: Person,
    seen: int | None = None,
) -> Revision:
    """Withhold or keep what was proposed, several findings at a time: one new revision."""
    waiting = {each.key: each for each in open_in(revision)}
    refuse_if(_why_not(revision, waiting, decisions))
    marks = [_mark(waiting[each.key], by, each) for each in decisions if each.withheld]
    kept = [_kept(waiting[each.key], by, each) for each in decisions if not each.withheld]
    return pipeline.revise(
        session,
        revision,
        by=by,
        seen=seen,
        marks=[*revision.marks, *marks],
        dismissed=[*revision.dismissed, *kept],
    )


def accept_sure(session: Session, revision: Revision, *, by: Person, seen: int | None = None) -> Revision:
    """Withhold everything sure that nobody has decided about."""
    sure = [Decision(each.key, True) for each in open_in(revision) if each.sure]
    if not sure:
        raise Refused(say("这份稿件没有需要决定的提示。"))
    return decide(session, revision, sure, by=by, seen=seen)


def reopen(
    session: Session, revision: Revision, number: int, *, by: Person, seen: int | None = None
) -> Revision:
    """Take a decision to show something back: it is open again.

    :param number: of the kept ones, from one.
    """
    if not 1 <= number <= len(revision.dismissed):
        raise Refused(say("没有第{number}处保留，请刷新页面查看最新进展。", number=number))
    kept = [each for at, each in enumerate(revision.dismissed, start=1) if at != number]
    return pipeline.revise(session, revision, by=by, seen=seen, dismissed=kept)


def _why_not(
    revision: Revision, waiting: Mapping[str, Found], decisions: Sequence[Decision]
) -> list[Sentence]:
    if not decisions:
        return [say("还没有作出任何决定；请至少对一处选择隐去或者保留。")]
    if any(each.key not in waiting for each in decisions):
        return [say("其中有的提示已经有人决定，或者内容已经改动；请刷新页面查看最新进展。")]
    reasons = []
    for each in decisions:
        place = place_of(revision.kind, waiting[each.key].path)
        if not each.withheld and not each.reason.strip():
            reasons.append(
                say("{place}：请写明保留的理由，可以从清单中选一项，也可以自己填写。", place=place)
            )
        elif len(each.reason) > LONGEST_REASON:
            reasons.append(
                say("{place}：保留的理由最多{count}个字，请写短一些。", place=place, count=LONGEST_REASON)
            )
    return list(dict.fromkeys(reasons))


def _mark(found: Found, by: Person, decision: Decision) -> dict[str, Any]:
    return {
        "path": found.path,
        "start": found.start,
        "end": found.end,
        "ground": decision.ground or found.finding.ground,
        "basis": decision.basis or found.finding.basis,
        "by": by.id,
        "note": "",
        "at": clock.stamp(clock.now()),
    }


def _kept(found: Found, by: Person, decision: Decision) -> dict[str, Any]:
    return {
        "path": found.path,
        "start": found.start,
        "end": found.end,
        "kind": found.kind,
        "reason": decision.reason.strip(),
        "by": by.id,
        "at": clock.stamp(clock.now()),
    }
