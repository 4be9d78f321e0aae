"""What happens on a case, as rows: supplements asked for, re-checkers, their findings, decision, delivery, papers."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person
from portal.publications.models import Revision


class Supplement(Base):
    """补正: asked once, everything at once (within 5 working days of receipt)."""

    __tablename__ = "supplements"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    wanted: Mapped[list[Any]]
    asked_on: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    answered_on: Mapped[date | None]
    text: Mapped[str] = mapped_column(sa.Text, default="")


class RecheckOfficer(Base):
    """复查人员, assigned and perhaps relieved."""

    __tablename__ = "recheck_officers"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    assigned_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    assigned_at: Mapped[datetime]
    relieved_at: Mapped[datetime | None]
    why_relieved: Mapped[str] = mapped_column(sa.Text, default="")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined")


class Dispensation(Base):
    """What the head of a small office recorded so that somebody may re-check at all (O6, G21).

    ``neighbour``: people of another office may re-check; ``exception``: who drafted or reviewed the result may.
    Who inspected never may.
    """

    __tablename__ = "dispensations"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))  # neighbour, exception
    reason: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]


class Recheck(Base):
    """What the re-checkers found."""

    __tablename__ = "rechecks"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    done_on: Mapped[date]
    on_the_spot: Mapped[bool]  # two people with their cards (G28.2)
    present: Mapped[list[Any]]  # person ids of who was there
    findings: Mapped[str] = mapped_column(sa.Text)
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Person] = relationship()


class Decision(Base):
    """异议复查结果: drafted by a re-checker, signed by the head. One that is sent back stays on record."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    outcome: Mapped[str] = mapped_column(sa.String(20))
    reasons: Mapped[str] = mapped_column(sa.Text)  # told to the objector
    legal_opinion: Mapped[str] = mapped_column(sa.Text, default="")  # 法制机构意见, internal
    revision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("revisions.id")
    )  # the correction it carries out
    drafted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    drafted_at: Mapped[datetime]
    sent_back_at: Mapped[datetime | None]
    sent_back_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    sent_back_note: Mapped[str] = mapped_column(sa.Text, default="")
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    signed_at: Mapped[datetime | None]
    drafted_by: Mapped[Person] = relationship(foreign_keys=[drafted_by_id])
    signed_by: Mapped[Person | None] = relationship(foreign_keys=[signed_by_id])
    revision: Mapped[Revision | None] = relationship()


class Delivery(Base):
    """送达 of the answer: how, sent when, received when. The feedback clock ends on ``delivered_on``."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    method: Mapped[str] = mapped_column(sa.String(12))  # electronic, post, hand
    sent_on: Mapped[date]
    delivered_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(sa.Text, default="")  # 邮件号, who signed for it
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


class Document(Base):
    """A numbered paper (文号) and the facts it was made from, frozen; the page is printed from them."""

    __tablename__ = "objection_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # of documents.py
    number: Mapped[str] = mapped_column(sa.String(60), unique=True)
    made_on: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    facts: Mapped[dict[str, Any]]
