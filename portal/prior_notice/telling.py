"""Telling the entity before its result is public: by message, by letter, at the counter; one or a batch.

The answer's last day is that of the term ``prior_notice``, and never after the last day of D11.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.deadlines.terms import due_by
from portal.errors import Overtaken, Refused, refuse_if
from portal.outbox.addresses import phone_problems
from portal.outbox.posting import post
from portal.people import roles
from portal.people.models import Person
from portal.prior_notice.keys import Key
from portal.publications.dating import Terms
from portal.publications.models import Revision
from portal.publications.prior import CHANNELS, PriorNotice, PriorTelling, lock, publish_by
from portal.words import Sentence, say

TERM = "prior_notice"
CHANNEL_LABELS = {"sms": say("短信"), "paper": say("纸质告知书"), "counter": say("当面告知")}

Link = Callable[[str], str]  # a token -> the full address of the page it opens


@dataclass(frozen=True)
class Letter:
    """What is printed for one entity, this one time: the code is kept nowhere."""

    notice: PriorNotice
    revision: Revision
    code: str
    due: date


def approved(session: Session, notice: PriorNotice) -> Revision | None:
    """The revision that would be made public now; None while it is written again, or was made public."""
    return session.scalar(
        sa.select(Revision)
        .where(Revision.publication_id == notice.publication_id, Revision.state == "approved")
        .order_by(Revision.id.desc())
        .limit(1)
    )


def why_not_tell(
    notice: PriorNotice, revision: Revision | None, by: Person, channel: str = ""
) -> list[Sentence]:
    """Why this person may not tell the entity now, or not in this way."""
    reasons = list(roles.why_not(by, "tell_beforehand", department=notice.department_code))
    if notice.publication.number is not None:
        reasons.append(say("这条结果已经公示，不用再告知。"))
    elif revision is None:
        reasons.append(say("这条结果现在没有审核同意的稿件，公示内容还没有固定；请审核同意后再告知。"))
    elif channel == "sms" and phone_problems(phone_of(revision)):
        reasons.append(
            say("“{name}”没有可以发短信的联系电话；请改用纸质告知书，或者当面告知。", name=revision.title)
        )
    return reasons


def phone_of(revision: Revision) -> str:
    """The entity's telephone, which is internal."""
    return str(revision.content.get("phone") or "").strip()


def last_day(revision: Revision, terms: Terms) -> tuple[date, bool]:
    """Until when an answer is in time, and whether that may still move; never after D11's own last day."""
    term = due_by(TERM, {"told_on": clock.today()}, terms.profile, terms.calendar)
    if term is None:
        raise Refused(say("规则配置没有公示前告知的答复期限，请联系系统管理员。"))
    last = publish_by(revision.content)
    if last is not None and last < term.due:
        return max(last, clock.today()), False
    return term.due, term.provisional


def tell(
    session: Session,
    notice: PriorNotice,
    *,
    by: Person,
    channel: str,
    terms: Terms,
    key: Key,
    link: Link,
    seen: int | None = None,
) -> Letter:
    """Tell the entity the exact public text: what opened its page before opens it no longer.

    :param seen: how often it had been told when the person decided.
    """
    if channel not in CHANNELS:
        raise Refused(say("请选择用什么方式告知。"))
    lock(session, notice)
    revision = approved(session, notice)
    refuse_if(why_not_tell(notice, revision, by, channel))
    if revision is None:
        raise AssertionError("why_not_tell asked")
    if seen is not None and seen != len(notice.tellings):
        raise Overtaken(
            say("刚刚有人告知了这家检查对象，您的操作没有执行；请刷新页面，确认是否还要再次告知。")
        )
    due, provisional = last_day(revision, terms)
    _record(session, notice, revision, by, channel, due, terms.profile.terms[TERM].basis)
    notice.told_at, notice.due, notice.provisional = clock.now(), due, provisional
    notice.token_hash, notice.code_hash = key.token_hash, key.sealed
    session.flush()
    if channel == "sms":
        _message(session, notice, revision, due, link(key.token))
    return Letter(notice, revision, key.code, due)


def _record(
    session: Session, notice: PriorNotice, revision: Revision, by: Person, channel: str, due: date, basis: str
) -> None:
    session.add(
        PriorTelling(
            notice_id=notice.id,
            nth=len(notice.tellings) + 1,
            revision_id=revision.id,
            at=clock.now(),
            by_id=by.id,
            channel=channel,
            due=due,
            basis=basis,
        )
    )
    session.flush()
    session.expire(notice, ["tellings"])


def _message(session: Session, notice: PriorNotice, revision: Revision, due: date, address: str) -> None:
    office = revision.content["department"]["label"]
    post(
        session, key=f"prior-{notice.id}/told/{len(notice.tellings)}", topic="prior_notice_told", channel="sms",
        to_address=phone_of(revision), to_name=revision.title, subject=say("公示前告知"),
        body=say("{office}公示前告知：对贵单位的抽查检查结果即将公示。请打开{address}查看将要公示的内容，认为写错了或者涉及商业秘密的，最迟{due}提出。请勿转发。",
                 office=office, address=address, due=due.isoformat()),
        about=f"/staff/prior-notices/{notice.id}", department_code=notice.department_code,
    )  # fmt: skip


# ── a batch ──────────────────────────────────────────────────

CHUNK = 300


@dataclass
class Told:
    """What became of a batch: how many were told, their letters, and who was not told and why."""

    done: int
    letters: list[Letter]
    refused: list[tuple[int, str, Sequence[Sentence]]]


def untold(session: Session, batch_id: int, *, department: str) -> list[PriorNotice]:
    """Those of a batch that nobody was told of and whose public text is fixed."""
    query = (
        sa.select(PriorNotice)
        .join(Revision, Revision.publication_id == PriorNotice.publication_id)
        .where(Revision.batch_id == batch_id, Revision.state == "approved", PriorNotice.told_at.is_(None))
        .where(PriorNotice.department_code == department)
        .order_by(Revision.id)
    )
    return list(session.scalars(query))


def tell_batch(
    session: Session,
    batch_id: int,
    *,
    by: Person,
    channel: str,
    terms: Terms,
    keys: Sequence[Key],
    link: Link,
) -> Told:
    """Tell everybody of a batch who was not told yet. A job: it commits per chunk.

    Who can not be told in this way stays untold and is named; the others go on.

    :param keys: one for each that was untold; what came since waits for the next time.
    """
    told, by_id = Told(0, [], []), by.id
    ids = [each.id for each in untold(session, batch_id, department=by.department_code)][: len(keys)]
    pairs = list(zip(ids, keys, strict=False))
    for start in range(0, len(pairs), CHUNK):
        officer = session.get_one(Person, by_id)
        for notice_id, key in pairs[start : start + CHUNK]:
            notice = session.get_one(PriorNotice, notice_id)
            _tell_one(session, notice, officer, channel, terms, key, link, told)
        session.commit()
    return told


def _tell_one(
    session: Session,
    notice: PriorNotice,
    by: Person,
    channel: str,
    terms: Terms,
    key: Key,
    link: Link,
    told: Told,
) -> None:
    try:
        with session.begin_nested():
            letter = tell(session, notice, by=by, channel=channel, terms=terms, key=key, link=link, seen=0)
    except Refused as refusal:
        revision = approved(session, notice)
        told.refused.append((notice.id, revision.title if revision else "", refusal.reasons))
    else:
        told.done += 1
        told.letters.append(letter)
