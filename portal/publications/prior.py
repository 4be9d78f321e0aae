"""公示前告知: that a publication owes its entity a notice, what was told and answered, and whether it may go out yet.

A notice belongs to the **publication**, not to one revision: it is owed from the moment a revision is agreed to,
and what the entity answered counts for whatever that revision becomes. It is no veto: on the last day of D11 an
open window holds nothing up, though what was answered must still be decided. Telling and answering are in
``portal/prior_notice/``; the models are here because publishing asks them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal import clock
from portal.codes.profiles import Profile
from portal.db import Base
from portal.people.models import Person
from portal.publications.gate import public_fields
from portal.publications.kinds import KINDS
from portal.publications.models import Publication, Revision, Step
from portal.words import Sentence, say

SAYS = ("wrong", "secret", "none")  # 写错了, 涉及商业秘密, 没有意见
CHANNELS = ("sms", "paper", "counter")
CLEAN = frozenset({"1", "9", "2017-1"})  # outcomes that found no problem: 未发现问题, 合格


class PriorNotice(Base):
    """One notice before disclosure: owed, then told, perhaps several times; the columns say how it was last told."""

    __tablename__ = "prior_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), unique=True)
    department_code: Mapped[str] = mapped_column(sa.String(32), index=True)
    subject: Mapped[str] = mapped_column(sa.String(40), index=True)  # the entity's code, or its name (D20)
    wanted_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    due: Mapped[date | None]  # the last day on which an answer is in time
    provisional: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)  # of the link's token
    code_hash: Mapped[str] = mapped_column(sa.String(200), default="")  # of the letter's code
    publication: Mapped[Publication] = relationship()
    tellings: Mapped[list["PriorTelling"]] = relationship(order_by="PriorTelling.nth")
    answers: Mapped[list["PriorAnswer"]] = relationship(order_by="PriorAnswer.id")

    @property
    def told(self) -> "PriorTelling | None":
        """How it was last told."""
        return self.tellings[-1] if self.tellings else None

    @property
    def undecided(self) -> list["PriorAnswer"]:
        """What was answered and waits for a decision."""
        return [each for each in self.answers if each.is_undecided]

    @property
    def own_answers(self) -> list["PriorAnswer"]:
        """What the one it is about said; not what another did who was told by mistake."""
        return [each for each in self.answers if each.at >= self.wanted_at]

    @property
    def cleared(self) -> bool:
        """Whether the last word of the entity was that it has nothing to say."""
        own = self.own_answers
        return bool(own) and own[-1].says == "none"

    def is_open(self, on: date) -> bool:
        """Whether an answer would be in time on a day."""
        return self.due is not None and on <= self.due and self.publication.number is None


class PriorTelling(Base):
    """That the entity was told: which revision, when, by whom, how, and until when it was asked to answer."""

    __tablename__ = "prior_tellings"
    __table_args__ = (sa.UniqueConstraint("notice_id", "nth"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("prior_notices.id"))
    nth: Mapped[int]  # of two people who tell at once, one succeeds
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revisions.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(sa.String(10))
    due: Mapped[date]
    basis: Mapped[str] = mapped_column(sa.String(200))
    by: Mapped[Person] = relationship(lazy="joined")


class PriorAnswer(Base):
    """What the entity said before disclosure, in its own words, and what the office decided about it. Internal."""

    __tablename__ = "prior_answers"
    __table_args__ = (sa.UniqueConstraint("notice_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("prior_notices.id"))
    key: Mapped[str] = mapped_column(sa.String(64))  # of the form: sent twice, it is one answer
    says: Mapped[str] = mapped_column(sa.String(10))
    path: Mapped[str] = mapped_column(sa.String(80), default="")  # which part; empty means the whole
    text: Mapped[str] = mapped_column(sa.Text, default="")
    why: Mapped[str] = mapped_column(sa.Text, default="")  # why it is secret, or what shows that it is wrong
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("people.id")
    )  # at the counter, by telephone
    accepted: Mapped[bool | None]
    reasons: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    taken_by: Mapped[Person | None] = relationship(foreign_keys=[taken_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    notice: Mapped[PriorNotice] = relationship(overlaps="answers")

    @property
    def is_undecided(self) -> bool:
        return self.says != "none" and self.decided_at is None


# ── when it is owed ──────────────────────────────────────────


def found_a_problem(content: Mapping[str, Any]) -> bool:
    """Whether a result says anything but 未发现问题 or 合格.

    >>> found_a_problem({"items": [{"outcomes": [{"code": "1"}]}, {"outcomes": [{"code": "5"}]}]})
    True
    """
    rows: Iterable[Mapping[str, Any]] = content.get("items") or []
    return any(each.get("code") not in CLEAN for row in rows for each in row.get("outcomes") or [])


def is_owed(revision: Revision, rules: Profile) -> bool:
    """Whether the profile promises the entity a notice before this revision is public."""
    rule = rules.prior_notice
    if revision.act != "publish" or revision.withheld_ground or revision.kind not in rule.kinds:
        return False
    return rule.when == "always" or (rule.when == "problem" and found_a_problem(revision.content))


def owe(session: Session, revision: Revision, rules: Profile) -> None:
    """A revision was agreed to: a notice is owed from now on, or, while nobody was told, no longer."""
    notice, owed = notice_of(session, revision.publication_id), is_owed(revision, rules)
    if notice is None and owed:
        session.add(new_notice(revision))
    elif notice is not None and notice.subject != subject_of(revision.content):
        _owe_another(session, notice, subject_of(revision.content))
    elif notice is not None and notice.told_at is None and not notice.tellings and not owed:
        session.delete(notice)
    session.flush()


def new_notice(revision: Revision) -> PriorNotice:
    """What is owed from now on."""
    return PriorNotice(
        publication_id=revision.publication_id,
        department_code=revision.department_code,
        subject=subject_of(revision.content),
        wanted_at=clock.now(),
    )


def _owe_another(session: Session, notice: PriorNotice, subject: str) -> None:
    """The result is about somebody else than was told: whoever was told reads no more, the other knows nothing yet."""
    lock(session, notice)
    notice.subject, notice.wanted_at = subject, clock.now()
    notice.told_at, notice.due, notice.token_hash, notice.code_hash = None, None, None, ""


def subject_of(content: Mapping[str, Any]) -> str:
    """Whom a record is about, as 核验码 know them: by code, an object without one by its name (D20)."""
    return str(content.get("entity_code") or content.get("entity_name") or "")[:40]


def notice_of(session: Session, publication_id: int) -> PriorNotice | None:
    """The notice of a publication; none where none is owed."""
    return session.scalar(sa.select(PriorNotice).where(PriorNotice.publication_id == publication_id))


# ── whether it may go out ────────────────────────────────────


def hold_still(session: Session, revision: Revision) -> None:
    """Of an answer and a publication at once the second waits, and then sees what the first did."""
    if revision.act == "publish":
        mine = sa.select(PriorNotice.id).where(PriorNotice.publication_id == revision.publication_id)
        session.execute(mine.with_for_update())


def lock(session: Session, notice: PriorNotice) -> None:
    """As :func:`hold_still`, for whoever tells, answers or decides: what is read afterwards is what holds."""
    session.execute(sa.select(PriorNotice.id).where(PriorNotice.id == notice.id).with_for_update())
    session.expire(notice)
    session.expire(notice.publication, ["number"])


def why_not_yet(session: Session, revision: Revision) -> list[Sentence]:
    """Why the entity's part must be waited for before this revision is public; empty means it need not."""
    if revision.act != "publish" or revision.withheld_ground:
        return []
    notice = notice_of(session, revision.publication_id)
    if notice is None:
        return []
    if notice.told_at is None or notice.due is None:
        return [say("这条结果应当先告知检查对象，现在还没有告知；请先办理公示前告知。")]
    if notice.undecided:
        return [say("检查对象对公示前告知提出了意见，还没有决定；请先决定是否采纳，并写明理由。")]
    if not notice.is_open(clock.today()) or on_the_last_day(revision):
        return []
    if notice.cleared and not _said_of_this(session, notice, revision):
        return [say("检查对象答复“没有意见”以后，要公示的内容又改过；请再次告知，或者等答复期满后再公示。")]
    if not notice.cleared:
        return [say("公示前告知的答复期到{due}为止，检查对象还没有答复“没有意见”；请等收到答复或者期满后再公示。", due=notice.due.isoformat())]  # fmt: skip
    return []


def _said_of_this(session: Session, notice: PriorNotice, revision: Revision) -> bool:
    """Whether what the entity read when it had nothing to say is what would be public."""
    read = session.scalar(
        sa.select(Revision)
        .join(Step, Step.revision_id == Revision.id)
        .where(Revision.publication_id == notice.publication_id)
        .where(Step.state == "approved", Step.at <= notice.own_answers[-1].at)
        .order_by(Step.id.desc())
        .limit(1)
    )
    return read is not None and (read.id == revision.id or _public(read) == _public(revision))


def _public(revision: Revision) -> Mapping[str, Any]:
    return public_fields(KINDS[revision.kind], revision.content, revision.marks)


def on_the_last_day(revision: Revision) -> bool:
    """Whether D11 leaves no other day: then an open window holds nothing up."""
    last = publish_by(revision.content)
    return last is not None and clock.today() >= last


def publish_by(content: Mapping[str, Any]) -> date | None:
    """The last day of D11, as the record says it; None where none runs."""
    said = content.get("publish_by")
    return date.fromisoformat(said) if isinstance(said, str) and said else None
