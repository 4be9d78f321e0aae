"""Objection, its steps, terms, papers; the re-check, the decision, its delivery. The acts are in the files beside.

Everything here is internal, except :class:`Contest`: one line per objection that the public may see, without a
word of the objector.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.objections.proceedings import (
    Decision,
    Delivery,
    Dispensation,
    Document,
    Recheck,
    RecheckOfficer,
    Supplement,
)
from portal.people.models import Person
from portal.publications.models import Publication

BEFORE_RECHECK = ("received", "supplement_asked", "supplemented", "not_supplemented")
BEFORE_SIGNING = (*BEFORE_RECHECK, "rechecking", "decision_drafted")
AFTER_SIGNING = ("signed", "delivered", "closed")
ENDED_OTHERWISE = ("not_accepted", "passed_on", "withdrawn")
STATES = (*BEFORE_SIGNING, *AFTER_SIGNING, *ENDED_OTHERWISE)

OUTCOMES = ("corrected", "partly_corrected", "maintained")
CHANNELS = ("online", "counter", "post", "oral")
PARTIES = ("entity", "agent")
SYSTEM_ACTS = ("redate",)  # of nobody: the calendar changed


class Objection(Base):
    """异议申请: one filing on one result. ``state`` and ``step_id`` move together, by compare-and-swap."""

    __tablename__ = "objections"
    __table_args__ = (sa.Index("ix_objections_queue", "department_code", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(sa.String(20), unique=True)  # 回执号, YY-2026-0001
    key_hash: Mapped[str] = mapped_column(
        sa.String(64), unique=True
    )  # of the form's key: one receipt, however often sent
    code_hash: Mapped[str] = mapped_column(sa.String(200))  # of the following code (查询码)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    result_number: Mapped[str] = mapped_column(sa.String(32), index=True)
    result_version: Mapped[int]
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))  # 任务执行部门 (O3)
    channel: Mapped[str] = mapped_column(sa.String(10))
    party: Mapped[str] = mapped_column(sa.String(10))
    entity_name: Mapped[str] = mapped_column(sa.String(200))
    entity_code: Mapped[str] = mapped_column(sa.String(40), default="")
    objector_name: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    postal_address: Mapped[str] = mapped_column(sa.String(300), default="")
    grounds: Mapped[list[Any]]  # codes of grounds.py
    items: Mapped[list[Any]]  # which rows of the result, from 0; empty means all of it
    text: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(5), default="zh")
    received_on: Mapped[date]  # day zero of the re-check (O3)
    filed_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # at the counter, by post
    read_back: Mapped[bool] = mapped_column(default=False)  # an oral filing, read back and signed
    shows_mark: Mapped[bool] = mapped_column(default=True)  # 异议处理中 on the result's page
    electronic: Mapped[bool] = mapped_column(default=False)  # 同意电子送达
    identity: Mapped[str] = mapped_column(sa.String(12), default="")  # how it was confirmed; empty: not yet
    identified_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")  # of OUTCOMES or ENDED_OTHERWISE
    salt: Mapped[str] = mapped_column(sa.String(64))  # of the ledger's commitment; on the receipt
    entry_index: Mapped[int]  # objection_received
    ended_index: Mapped[int | None]  # objection_ended
    state: Mapped[str] = mapped_column(sa.String(20))
    step_id: Mapped[int | None]
    publication: Mapped[Publication] = relationship()
    taken_by: Mapped[Person | None] = relationship(foreign_keys=[taken_by_id])
    steps: Mapped[list["ObjectionStep"]] = relationship(order_by="ObjectionStep.id")
    terms: Mapped[list["ObjectionTerm"]] = relationship(order_by="ObjectionTerm.id", lazy="selectin")
    files: Mapped[list["ObjectionFile"]] = relationship(order_by="ObjectionFile.id")
    supplements: Mapped[list[Supplement]] = relationship(order_by="Supplement.id")
    officers: Mapped[list[RecheckOfficer]] = relationship(order_by="RecheckOfficer.id", lazy="selectin")
    rechecks: Mapped[list[Recheck]] = relationship(order_by="Recheck.id")
    decisions: Mapped[list[Decision]] = relationship(order_by="Decision.id")
    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.id")
    documents: Mapped[list[Document]] = relationship(order_by="Document.id")
    dispensations: Mapped[list[Dispensation]] = relationship(order_by="Dispensation.id", lazy="selectin")

    def term(self, name: str) -> "ObjectionTerm | None":
        """The term of a name that counts now; earlier countings stay on record."""
        return next(
            (each for each in reversed(self.terms) if each.name == name and each.replaced_at is None), None
        )

    @property
    def rechecking(self) -> Sequence[Person]:
        """Who re-checks now."""
        return [each.person for each in self.officers if each.relieved_at is None]

    @property
    def supplement(self) -> Supplement | None:
        """The one request for supplements; None when nothing was asked."""
        return self.supplements[-1] if self.supplements else None

    @property
    def recheck(self) -> Recheck | None:
        """The newest record of the re-check."""
        return self.rechecks[-1] if self.rechecks else None

    @property
    def decision(self) -> Decision | None:
        """The newest decision, drafted or signed; None when the last one was sent back."""
        newest = self.decisions[-1] if self.decisions else None
        return None if newest is None or newest.sent_back_at is not None else newest

    @property
    def is_open(self) -> bool:
        """Whether the re-check's clock runs."""
        return self.state in BEFORE_SIGNING

    def document(self, kind: str) -> Document | None:
        """The newest document of a kind."""
        return next((each for each in reversed(self.documents) if each.kind == kind), None)


class ObjectionStep(Base):
    """One act on an objection and the state it left it in.

    ``by`` is empty when the objector acted, and for the acts of :data:`SYSTEM_ACTS`.
    """

    __tablename__ = "objection_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    act: Mapped[str] = mapped_column(sa.String(30))
    state: Mapped[str] = mapped_column(sa.String(20))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def actor(self) -> str:
        """Who acted: ``staff``, ``objector``, or ``system``."""
        if self.by_id is not None:
            return "staff"
        return "system" if self.act in SYSTEM_ACTS else "objector"


class ObjectionTerm(Base):
    """One counting of one time limit: what it runs from, how long, on what basis, when it was met.

    A term that is counted again (new calendar, restarted by a supplement) is a new row; the old one is
    ``replaced_at`` and stays.
    """

    __tablename__ = "objection_terms"
    __table_args__ = (sa.Index("ix_objection_terms_due", "name", "due"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(20))  # recheck, feedback, supplement_reply
    starts_on: Mapped[date]
    days: Mapped[int]
    unit: Mapped[str] = mapped_column(sa.String(10))
    due: Mapped[date]
    provisional: Mapped[bool]
    basis: Mapped[str] = mapped_column(sa.String(200))  # clause, or the words for the office's own promise
    basis_kind: Mapped[str] = mapped_column(sa.String(10))
    cause: Mapped[str] = mapped_column(sa.String(20))  # set, supplement, calendar
    counted_at: Mapped[datetime]
    entry_index: Mapped[int | None]  # the ledger's line that says this day
    replaced_at: Mapped[datetime | None]
    met_on: Mapped[date | None]  # the day of the act that ends the term
    met_by: Mapped[str] = mapped_column(sa.String(30), default="")  # that act
    void_on: Mapped[date | None]  # the case ended without it: withdrawn, passed on, not accepted

    @property
    def runs(self) -> bool:
        return self.replaced_at is None and self.met_on is None and self.void_on is None

    @property
    def in_time(self) -> bool | None:
        """Whether it was met on its last day or before; None while it is not met."""
        return None if self.met_on is None else self.met_on <= self.due


def running() -> sa.ColumnElement[bool]:
    """:attr:`ObjectionTerm.runs` as a condition."""
    return sa.and_(
        ObjectionTerm.replaced_at.is_(None), ObjectionTerm.met_on.is_(None), ObjectionTerm.void_on.is_(None)
    )


# asked by the worker all day: small however many cases were ever closed
sa.Index("ix_objection_terms_running", ObjectionTerm.due, sqlite_where=running(), postgresql_where=running())


class ObjectionDraft(Base):
    """What somebody has typed and not yet filed, kept through errors, expiry and a closed window."""

    __tablename__ = "objection_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    result_number: Mapped[str] = mapped_column(sa.String(32))
    typed: Mapped[dict[str, Any]]
    touched_at: Mapped[datetime] = mapped_column(index=True)
    files: Mapped[list["ObjectionFile"]] = relationship(order_by="ObjectionFile.id")


class ObjectionFile(Base):
    """A paper or photo of a case, or of a draft that may become one; see ``evidence.py``."""

    __tablename__ = "objection_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int | None] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(sa.ForeignKey("objection_drafts.id"), index=True)
    purpose: Mapped[str] = mapped_column(
        sa.String(20)
    )  # evidence, licence, authority, supplement, minutes, sheet, delivery
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(20))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    stored: Mapped[str] = mapped_column(sa.String(200))  # its name in the store
    viewable: Mapped[str] = mapped_column(sa.String(200), default="")  # the re-encoded photo's name
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # staff; empty: the objector


class NoticeCode(Base):
    """核验码: came with the inspection notice, kept as a hash; who has it is the inspected entity."""

    __tablename__ = "notice_codes"
    __table_args__ = (sa.Index("ix_notice_codes_entity", "task_no", "entity_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    task_no: Mapped[str] = mapped_column(sa.String(60))
    entity_code: Mapped[str] = mapped_column(sa.String(40))
    code_hash: Mapped[str] = mapped_column(sa.String(200))
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    replaced_at: Mapped[datetime | None]


class Guess(Base):
    """Failed tries to open a case, per receipt number and per visitor; the door commits them."""

    __tablename__ = "guesses"

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Contest(Base):
    """What the public sees of an objection: that there is one, until when, and how it ended. Nothing else.

    There is none where the objector asked for no mark.
    """

    __tablename__ = "contests"

    entry_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # objection_received
    number: Mapped[str] = mapped_column(sa.String(32), index=True)  # of the result
    department_code: Mapped[str] = mapped_column(sa.String(32))
    received_on: Mapped[date]
    days: Mapped[int]
    due: Mapped[date]
    provisional: Mapped[bool]
    basis: Mapped[str] = mapped_column(sa.String(200))
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")
    ended_on: Mapped[date | None]
    ended_index: Mapped[int | None]
    version: Mapped[int | None]  # the version that corrected the result
    document_no: Mapped[str] = mapped_column(sa.String(60), default="")  # 文号 of the 更正公告
