"""What recognisers proposed for a revision and nobody has decided about: it keeps a publication waiting."""

from collections.abc import Sequence

from sqlalchemy.orm import object_session

from portal.publications.declared import declared_in
from portal.publications.findings import Found, open_findings, place_of
from portal.publications.models import Revision
from portal.publications.scope import REPLACING
from portal.redaction.recognising.finding import CALLED as WHAT
from portal.words import Sentence, listed, say

_MOST_NAMED = 3


def open_in(revision: Revision) -> list[Found]:
    """The open findings of a revision; none where it shows no words of its own."""
    if revision.withheld_ground or revision.act not in REPLACING:
        return []
    session = object_session(revision)
    declared = declared_in(session, revision) if session else ()
    return open_findings(revision.kind, revision.content, revision.marks, revision.dismissed, declared)


def why_not_public(revision: Revision) -> list[Sentence]:
    """Why nobody may agree to a revision, or publish it, before somebody has decided about the sure findings.

    Says how many, where, and what to do; names kinds and places, never the words.
    """
    sure = [each for each in open_in(revision) if each.sure]
    if not sure:
        return []
    return [
        say(
            "有{count}处识别出的内容还没有决定隐去还是保留：{where}。请{back}打开“标注隐去内容”逐处决定，或者一次采纳全部提示。",
            count=len(sure),
            where=_where(revision.kind, sure),
            back=say("先退回，再") if revision.state == "approved" else "",
        )
    ]


def warnings(revision: Revision) -> list[Sentence]:
    """The same for whoever drafts: it can be submitted, and will wait for a decision then."""
    sure = [each for each in open_in(revision) if each.sure]
    if not sure or revision.state not in ("draft", "sent_back"):
        return []
    return [
        say(
            "识别出{count}处可能不得公开的内容：{where}。可以先提交；但在有人逐处决定隐去还是保留之前，不能同意公示。",
            count=len(sure),
            where=_where(revision.kind, sure),
        )
    ]


def _where(kind: str, found: Sequence[Found]) -> Sentence:
    named = dict.fromkeys(
        say("{place}（{what}）", place=place_of(kind, each.path), what=WHAT[each.kind]) for each in found
    )
    where = listed(list(named)[:_MOST_NAMED], say("{one}、{next}"))
    return say("{one}等", one=where) if len(named) > _MOST_NAMED else where
