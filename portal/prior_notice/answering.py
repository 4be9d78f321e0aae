"""What the entity says before its result is public, and what the office decides about it.

No veto: an answer holds the publication up until it is decided, and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.outbox.addresses import email_problems, phone_problems
from portal.outbox.models import Channel
from portal.outbox.posting import post
from portal.people import roles
from portal.people.finding import holders
from portal.people.models import Person
from portal.prior_notice import keys
from portal.publications import pipeline
from portal.publications.models import Publication, Revision
from portal.publications.prior import SAYS, PriorAnswer, PriorNotice, lock
from portal.words import Sentence, say

OPEN_FOR = timedelta(days=60)  # after its last day a link leads nowhere
LONGEST = 5000  # characters of each text
MOST = 20  # answers to one notice

SAID: Mapping[str, Sentence] = {
    "wrong": say("写错了"),
    "secret": say("涉及商业秘密"),
    "none": say("没有意见"),
}


@dataclass(frozen=True)
class Typed:
    """An answer as it was typed; ``key`` is that of the form."""

    key: str
    says: str
    path: str = ""
    text: str = ""
    why: str = ""
    phone: str = ""
    email: str = ""


# ── opening ──────────────────────────────────────────────────


def by_token(session: Session, token: str) -> PriorNotice | None:
    """The notice that a link opens; none when the link is wrong, was replaced, or is too old."""
    found = session.scalar(sa.select(PriorNotice).where(PriorNotice.token_hash == keys.hash_of(token)))
    return found if found is not None and is_readable(found) else None


def is_readable(notice: PriorNotice) -> bool:
    """Whether the entity may still open it."""
    return notice.due is not None and clock.today() <= notice.due + OPEN_FOR


# ── answering ────────────────────────────────────────────────


def why_not_answer(notice: PriorNotice) -> list[Sentence]:
    """Why nothing can be said any more; empty means it can."""
    if notice.publication.number is not None:
        return [say("这条结果已经公示；认为有误的，请在公示页面上提出异议。")]
    if not notice.is_open(clock.today()):
        return [say("答复期已过；结果公示以后认为有误的，可以在公示页面上提出异议。")]
    if len(notice.answers) >= MOST:
        return [say("已经收到{n}次答复，不能再加；还有要说的，请打电话，或者到窗口。", n=MOST)]
    return []


def problems(typed: Typed, parts: Sequence[str]) -> list[tuple[str, Sentence]]:
    """What is wrong with an answer, by field.

    :param parts: the parts of the record that it may be about.
    """
    found = []
    if typed.says not in SAYS:
        found.append(("says", say("请选择一项：写错了、涉及商业秘密，或者没有意见。")))
    if typed.says in ("wrong", "secret") and not typed.text.strip():
        found.append(("text", say("请写明是哪里、为什么，工作人员才知道要核对什么。")))
    if typed.path and typed.path not in parts:
        found.append(("path", say("请从列出的内容里选一处；是全部内容的，选“整条结果”。")))
    if max(len(typed.text), len(typed.why)) > LONGEST:
        found.append(("text", say("写得太长，最多{n}字；其余的材料请送到窗口。", n=LONGEST)))
    if typed.phone.strip():
        found += [("phone", each) for each in phone_problems(typed.phone.strip())]
    if typed.email.strip():
        found += [("email", each) for each in email_problems(typed.email.strip())]
    return found


def answer(
    session: Session, notice: PriorNotice, typed: Typed, *, parts: Sequence[str], by: Person | None = None
) -> PriorAnswer:
    """Keep what the entity says; the same form sent twice is one answer.

    :param by: who of the office takes it down, at the counter or by telephone.
    """
    lock(session, notice)
    earlier = next((each for each in notice.answers if each.key == typed.key or _same(each, typed)), None)
    if earlier is not None:
        return earlier
    if by is not None:
        refuse_if(roles.why_not(by, "tell_beforehand", department=notice.department_code))
    refuse_if(why_not_answer(notice) + [sentence for _field, sentence in problems(typed, parts)])
    none = typed.says == "none"
    row = PriorAnswer(
        notice_id=notice.id,
        key=typed.key,
        says=typed.says,
        path="" if none else typed.path,
        text=typed.text.strip(),
        why="" if none else typed.why.strip(),
        phone=typed.phone.strip(),
        email=typed.email.strip(),
        at=clock.now(),
        taken_by_id=by.id if by else None,
    )
    session.add(row)
    session.flush()
    session.expire(notice, ["answers"])
    if not none:
        _tell_office(session, notice, row)
    return row


def _same(row: PriorAnswer, typed: Typed) -> bool:
    """Whether this was said before in the same words: a browser that goes back sends a form anew."""
    said = (row.says, row.path, row.text, row.why)
    return row.is_undecided and said == (typed.says, typed.path, typed.text.strip(), typed.why.strip())


def _tell_office(session: Session, notice: PriorNotice, row: PriorAnswer) -> None:
    for person in holders(session, "reviewer", notice.department_code):
        if person.email:
            post(
                session, key=f"prior-{notice.id}/answered/{row.id}/{person.id}", topic="prior_notice_answered",
                channel="email", to_address=person.email, to_name=person.name,
                subject=say("公示前告知有了答复，请决定"),
                body=say("检查对象对公示前告知提出了意见。请尽快决定是否采纳，公示期限不因此延长。"),
                about=f"/staff/prior-notices/{notice.id}", department_code=notice.department_code,
            )  # fmt: skip


# ── deciding ─────────────────────────────────────────────────


def why_not_decide(row: PriorAnswer, by: Person) -> list[Sentence]:
    """Why this person may not decide about an answer."""
    reasons = list(roles.why_not(by, "decide_prior_answer", department=row.notice.department_code))
    if not row.is_undecided:
        reasons.append(say("这条意见已经决定，或者不需要决定；请刷新页面查看。"))
    return reasons


def decide(session: Session, row: PriorAnswer, *, by: Person, accepted: bool, reasons: str) -> None:
    """Accept an answer, which sends the revision back to be changed, or say why it is not accepted."""
    lock(session, row.notice)
    session.expire(row)
    refuse_if(why_not_decide(row, by))
    if not reasons.strip():
        raise Refused(say("请写明采纳后要改什么，或者不采纳的理由；检查对象会看到。"))
    row.accepted, row.reasons = accepted, reasons.strip()[:LONGEST]
    row.decided_by_id, row.decided_at = by.id, clock.now()
    session.flush()
    under_way = in_hand(session, row.notice.publication)
    if accepted and under_way is not None and under_way.state in ("submitted", "approved"):
        note = say("采纳检查对象对公示前告知的意见：{reasons}", reasons=row.reasons)
        pipeline.send_back(session, under_way, by=by, note=note)
    _tell_entity(session, row)


def in_hand(session: Session, publication: Publication) -> Revision | None:
    """The revision of a publication that is on its way, whatever its state."""
    states = ("draft", "submitted", "approved", "sent_back")
    query = sa.select(Revision).where(Revision.publication_id == publication.id, Revision.state.in_(states))
    return session.scalar(query.order_by(Revision.id.desc()).limit(1))


def _tell_entity(session: Session, row: PriorAnswer) -> None:
    """Where it left a telephone or a mail address; what was decided stands on its page alone."""
    addresses: tuple[tuple[Channel, str], ...] = (("sms", row.phone), ("email", row.email))
    for channel, to in addresses:
        if to:
            post(
                session, key=f"prior-{row.notice_id}/decided/{row.id}/{channel}", topic="prior_notice_decided",
                channel=channel, to_address=to, subject=say("您对公示前告知的意见有了处理结果"),
                body=say("您对公示前告知提出的意见已有处理结果。请打开原来的链接，或者凭代码和核验码在本站查看。"),
                about=f"/staff/prior-notices/{row.notice_id}", department_code=row.notice.department_code,
            )  # fmt: skip


def parts_of(fields: Mapping[str, Any]) -> list[str]:
    """The paths of a result's released words that somebody may point at.

    >>> parts_of({"entity_name": "示例", "items": [{"item": "甲", "problem": "乙"}], "follow_up_note": None})
    ['entity_name', 'items/0/item', 'items/0/problem']
    """
    found = [name for name in ("entity_name", "entity_code") if fields.get(name)]
    for at, row in enumerate(fields.get("items") or []):
        if isinstance(row, Mapping):
            found += [
                f"items/{at}/{name}"
                for name in ("item", "outcomes", "problem", "disposition")
                if row.get(name)
            ]
    return found + [name for name in ("inspected_on", "follow_up_note") if fields.get(name)]
