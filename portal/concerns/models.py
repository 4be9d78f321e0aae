"""Concern (诉求), its steps and its terms. Nouns answer; the acts are in ``handling.py``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.codes.profiles import Basis, Term, Unit
from portal.db import Base
from portal.people.models import Person
from portal.words import Sentence, say

BROUGHT_BACK_ON = "brought_back_on"  # the date that the profile's term starts from

STATES: Mapping[str, Sentence] = {
    "recorded": say("待答复"),
    "passed_on": say("已转办，待接办"),
    "taken_over": say("已接办，待答复"),
    "answered_on_the_spot": say("已当场答复，待回访"),
    "answered": say("已答复，待回访"),
    "satisfied": say("回访满意"),
    "unsatisfied": say("回访不满意，待决定"),
    "reopened": say("重新办理，待答复"),
    "closed": say("已办结"),
}
TO_ANSWER = ("recorded", "taken_over", "reopened")
TO_CALL_BACK = ("answered_on_the_spot", "answered")

CATEGORIES: Mapping[str, Sentence] = {
    "policy": say("政策咨询"),
    "permit": say("许可、登记和备案"),
    "inspection": say("检查频次和方式"),
    "penalty": say("行政处罚和整改"),
    "credit": say("信用修复和公示信息"),
    "cost": say("收费、税费和融资"),
    "site": say("场地、用水用电和周边环境"),
    "other": say("其他"),
}

CAME: Mapping[str, Sentence] = {
    "collected": say("收集"),
    "passed_on": say("转入"),
    "reopened": say("再次办理"),
}


@dataclass(frozen=True)
class Told:
    """What a firm voiced during an inspection, as somebody types it in.

    :param inspected_on: the day of the inspection, on which it was voiced.
    :param brought_back_on: the day it was brought back to one's own department (GA47).
    :param taken_by: who took it at the firm; often not the person who types.
    :param contact: whom to call back; internal, in no summary.
    """

    entity_name: str
    asked: str
    category: str
    inspected_on: date | None
    brought_back_on: date | None
    entity_code: str = ""
    task_no: str = ""
    taken_by: str = ""
    contact: str = ""


class ConcernStep(Base):
    """One state that one concern held: since when, by whom, with what note.

    Without a person it is a re-dating by a newly loaded holiday notice; the state stays as it was.
    """

    __tablename__ = "concern_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concerns.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(20))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    to_code: Mapped[str] = mapped_column(sa.String(32), default="")  # whom it was passed on to
    by: Mapped[Person | None] = relationship(lazy="joined")


class ConcernTerm(Base):
    """The clock of one department on one concern; each way of coming to a department starts one.

    ``days`` to ``kind`` are the profile's term on the day the clock started; without such a term no day is due.
    """

    __tablename__ = "concern_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(sa.ForeignKey("concerns.id"), index=True)
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), index=True)
    came: Mapped[str] = mapped_column(sa.String(12))
    brought_back_on: Mapped[date]  # the day it came to this department: day zero
    days: Mapped[int | None]
    unit: Mapped[str] = mapped_column(sa.String(10), default="")
    basis: Mapped[str] = mapped_column(sa.String(300), default="")
    kind: Mapped[str] = mapped_column(sa.String(10), default="")  # clause or promise
    due_on: Mapped[date | None] = mapped_column(index=True)
    provisional: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]
    ended_step_id: Mapped[int | None] = mapped_column(sa.ForeignKey("concern_steps.id"))
    ended_by: Mapped[ConcernStep | None] = relationship(lazy="joined")

    @property
    def rule(self) -> Term:
        """The profile's term as it was when the clock started."""
        assert self.days is not None
        unit: Unit = "calendar" if self.unit == "calendar" else "working"
        kind: Basis = "clause" if self.kind == "clause" else "promise"
        return Term(self.days, unit, (BROUGHT_BACK_ON,), self.basis, kind)

    @property
    def outcome(self) -> str:
        """The state that ended the clock; empty while it runs."""
        return self.ended_by.state if self.ended_by else ""

    def is_late(self, today: date) -> bool:
        """Whether it ended after the last day, or still runs after it."""
        return self.due_on is not None and (self.ended_on or today) > self.due_on


class Concern(Base):
    """诉求: what a firm asked for, or complained of, during a joint inspection (O7, GA47).

    ``state`` and ``step_id`` move together, by compare-and-swap on ``step_id``. ``department_code`` collected it
    and calls back; ``holder_code`` has to answer it now; ``term_id`` is the newest of its clocks.
    """

    __tablename__ = "concerns"
    __table_args__ = (sa.Index("ix_concerns_queue", "state", "holder_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), index=True)
    holder_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    entity_name: Mapped[str] = mapped_column(sa.String(200))
    entity_code: Mapped[str] = mapped_column(sa.String(40), default="")
    task_no: Mapped[str] = mapped_column(sa.String(60), default="")
    inspected_on: Mapped[date] = mapped_column(index=True)
    taken_by: Mapped[str] = mapped_column(sa.String(60))
    asked: Mapped[str] = mapped_column(sa.Text)
    category: Mapped[str] = mapped_column(sa.String(20))
    contact: Mapped[str] = mapped_column(sa.String(120), default="")
    satisfied: Mapped[bool | None]  # by the call back on the newest answer; the trail keeps an earlier one
    state: Mapped[str] = mapped_column(sa.String(20))
    step_id: Mapped[int | None]
    term_id: Mapped[int | None]
    created_at: Mapped[datetime]
    steps: Mapped[list[ConcernStep]] = relationship(order_by=ConcernStep.id)
    terms: Mapped[list[ConcernTerm]] = relationship(order_by=ConcernTerm.id)

    @property
    def term(self) -> ConcernTerm:
        """The newest clock."""
        return self.terms[-1]

    @property
    def was_reopened(self) -> bool:
        return any(term.came == "reopened" for term in self.terms)
