"""Deciding about proposals: accepted, a finding becomes a mark; kept, it is shown, with a reason on record.

Each decision makes a new revision, so that whoever decided is not the one who agrees.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.findings import Found
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
_LONGEST_REASON = 200


def accept(
    session: Session,
    revision: Revision,
    keys: Sequence[str],
    *,
    by: Person,
    ground: str = "",
    basis: str = "",
    seen: int | None = None,
) -> Revision:
    """Withhold what was proposed.

    :param ground: left out, the finding's own ground and basis.
    """
    made = [_mark(each, by, ground, basis) for each in _chosen(revision, keys)]
    return pipeline.revise(session, revision, by=by, seen=seen, marks=[*revision.marks, *made])


def accept_sure(session: Session, revision: Revision, *, by: Person, seen: int | None = None) -> Revision:
    """Withhold everything sure that nobody has decided about."""
    sure = [each.key for each in open_in(revision) if each.sure]
    if not sure:
        raise Refused(say("这份稿件没有需要决定的提示。"))
    return accept(session, revision, sure, by=by, seen=seen)


def keep(
    session: Session,
    revision: Revision,
    keys: Sequence[str],
    reason: str,
    *,
    by: Person,
    seen: int | None = None,
) -> Revision:
    """Show what was proposed to be withheld, and say why.

    :param reason: internal; it must not repeat the words.
    """
    if not reason.strip():
        raise Refused(say("请写明保留的理由：可以从清单中选一项，也可以自己填写。"))
    if len(reason) > _LONGEST_REASON:
        raise Refused(say("保留的理由最多{count}个字，请写短一些。", count=_LONGEST_REASON))
    made = [
        {
            "path": each.path,
            "start": each.start,
            "end": each.end,
            "kind": each.kind,
            "reason": reason.strip(),
            "by": by.id,
            "at": clock.stamp(clock.now()),
        }
        for each in _chosen(revision, keys)
    ]
    return pipeline.revise(session, revision, by=by, seen=seen, dismissed=[*revision.dismissed, *made])


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


def _chosen(revision: Revision, keys: Iterable[str]) -> list[Found]:
    waiting = {each.key: each for each in open_in(revision)}
    chosen = [waiting[key] for key in dict.fromkeys(keys) if key in waiting]
    if not chosen:
        raise Refused(say("这处提示已经有人决定，或者内容已经改动；请刷新页面查看最新进展。"))
    return chosen


def _mark(found: Found, by: Person, ground: str, basis: str) -> dict[str, Any]:
    return {
        "path": found.path,
        "start": found.start,
        "end": found.end,
        "ground": ground or found.finding.ground,
        "basis": basis or found.finding.basis,
        "by": by.id,
        "note": "",
        "at": clock.stamp(clock.now()),
    }
