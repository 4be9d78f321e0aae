"""What recognisers proposed for a revision and nobody has decided about: it keeps a publication waiting."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import object_session

from portal.attachments import listing
from portal.publications.declared import declared_in
from portal.publications.findings import Found, open_findings, place_of, words_under
from portal.publications.models import Revision
from portal.publications.scope import REPLACING, standing
from portal.redaction.recognising.finding import CALLED as WHAT
from portal.redaction.recognising.proposing import propose
from portal.words import Sentence, listed, say

_MOST_NAMED = 3


def open_in(revision: Revision) -> list[Found]:
    """The open findings of a revision; none where it shows no words of its own."""
    session = object_session(revision)
    if revision.act == "restore" and session is not None:  # it shows again what stood there
        shown = standing(session, revision.publication)
        return open_in(shown) if shown is not None else []
    if revision.withheld_ground or revision.act not in REPLACING:
        return []
    declared = declared_in(session, revision) if session else ()
    return open_findings(revision.kind, revision.content, revision.marks, revision.dismissed, declared)


def why_not_said(revision: Revision) -> list[Sentence]:
    """What staff wrote beside the record goes out unmasked: reason, legal bases, titles of files. None may give away."""
    beside = [*_said_beside(revision)]
    found = {
        say("{place}（{what}）", place=where, what=WHAT[each.kind])
        for where, text in beside
        for each in propose(text)
        if each.sure
    }
    hidden = words_under(revision.content, revision.marks) if revision.act in REPLACING else ()
    found |= {
        say("{place}（{what}）", place=where, what=say("这一稿隐去的文字"))
        for where, text in beside
        if any(word in text for word in hidden)
    }
    return [
        say("{where}会原样公开，不能写不得公开的内容；请先改写，换成概括的说法。", where=each)
        for each in sorted(found)
    ]


def _said_beside(revision: Revision) -> Iterator[tuple[Sentence, str]]:
    yield say("公开的理由"), f"{revision.reason}\n{revision.basis}"
    if revision.withheld_ground or revision.act not in REPLACING:
        return
    for each in (*revision.marks, *listing.marks(revision.attachments)):
        yield say("隐去的法律依据"), str(each.get("basis") or "")
    for each in revision.attachments:
        yield say("附件的名称"), each["title"]


def why_not_public(revision: Revision) -> list[Sentence]:
    """Why nobody may agree to a revision, or publish it, before somebody has decided about the sure findings.

    Says how many, where, and what to do; names kinds and places, never the words.
    """
    sure = [each for each in open_in(revision) if each.sure]
    if not sure:
        return why_not_said(revision)
    return [
        *why_not_said(revision),
        say(
            "有{count}处识别出的内容还没有决定隐去还是保留：{where}。请{back}打开“标注隐去内容”逐处决定，或者一次采纳全部提示。",
            count=len(sure),
            where=_where(revision.kind, sure),
            back=say("不要恢复公示，改为拟一份调整公示范围的稿件，")
            if revision.act == "restore"
            else say("先退回，再")
            if revision.state == "approved"
            else "",
        ),
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
