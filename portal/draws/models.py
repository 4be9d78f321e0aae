"""Draw, its chain, its steps, its changes, and its public face. Nouns answer; the acts are in ``drawing.py``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.draws import chain, pool
from portal.draws.strata import Stratum
from portal.people.models import Person
from portal.words import Sentence, say

STATES: Mapping[str, Sentence] = {
    "committed": say("已承诺，待抽取"),
    "run": say("已抽取，待锁定"),
    "locked": say("名单已锁定"),
    "revealed": say("口令已公布"),
    "replaced": say("已重新抽取"),
}
CHANGES: Mapping[str, Sentence] = {"recusal": say("回避"), "substitution": say("更换")}
BY_RISK: Mapping[str, Sentence] = {"strata": say("按信用风险分类分组"), "pool": say("按信用风险分类筛选")}


class DrawChain(Base):
    """The secret of one task's draws, and its public end; see :mod:`portal.draws.chain`. Internal for good."""

    __tablename__ = "draw_chains"
    __table_args__ = (sa.UniqueConstraint("department_code", "task_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    task_no: Mapped[str] = mapped_column(sa.String(60))
    secret: Mapped[str] = mapped_column(sa.String(64))
    commitment: Mapped[str] = mapped_column(sa.String(64))


class DrawStep(Base):
    """One state that one draw held: since when, by whom. ``again`` is an attempt to run it a second time."""

    __tablename__ = "draw_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    by: Mapped[Person] = relationship(lazy="joined")


class DrawChange(Base):
    """An inspector who did not inspect an object that was assigned to them, and who did instead; internal."""

    __tablename__ = "draw_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draws.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))  # recusal or substitution
    object_code: Mapped[str] = mapped_column(sa.String(60))
    left: Mapped[str] = mapped_column(sa.String(64))  # the keys of inspectors
    came: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    by: Mapped[Person] = relationship(lazy="joined")


class Draw(Base):
    """One draw of a task: what was committed to, what decided it, whom it drew.

    ``state`` and ``step_id`` move together, by compare-and-swap on ``step_id``. What stands up to ``decides_at`` is
    settled by the commitment and never changes. What is large is read when it is asked for.
    """

    __tablename__ = "draws"
    __table_args__ = (sa.UniqueConstraint("chain_id", "attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(sa.ForeignKey("draw_chains.id"))
    attempt: Mapped[int]  # the step of the chain, counted from one
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), index=True)
    task_no: Mapped[str] = mapped_column(sa.String(60))
    task: Mapped[dict[str, Any]]  # what the announcement will say, see wanted.py
    strata: Mapped[list[Any]] = mapped_column(deferred=True)  # [name, rule, canonical pool] of each
    exclusions: Mapped[str] = mapped_column(sa.Text, deferred=True)  # canonical, see pool.py
    inspectors: Mapped[str] = mapped_column(sa.Text, deferred=True)  # department, tab, key of each
    per_object: Mapped[int]  # inspectors, of each department
    by_risk: Mapped[str] = mapped_column(sa.String(60), default="")  # strata, pool, or empty
    names_shown: Mapped[bool]
    salt: Mapped[str] = mapped_column(sa.String(64))
    source: Mapped[str] = mapped_column(sa.String(60))  # of the randomness, see randomness.py
    decides_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # of drawing again; public
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("draws.id"))
    commit_index: Mapped[int] = mapped_column(default=0)  # in the ledger
    evidence: Mapped[str] = mapped_column(sa.Text, default="")  # signature or winning numbers
    randomness: Mapped[str] = mapped_column(sa.String(64), default="")
    drawn: Mapped[list[Any]] = mapped_column(
        default=list
    )  # {code, stratum, inspectors: [key, …]}, leader first
    publication_id: Mapped[int | None] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    result_index: Mapped[int | None]
    reveal_index: Mapped[int | None]
    state: Mapped[str] = mapped_column(sa.String(12))
    step_id: Mapped[int | None]
    chain: Mapped[DrawChain] = relationship(lazy="joined")
    steps: Mapped[list[DrawStep]] = relationship(order_by=DrawStep.id)
    changes: Mapped[list[DrawChange]] = relationship(order_by=DrawChange.id)
    replaces: Mapped["Draw | None"] = relationship(remote_side=[id])

    @property
    def code(self) -> str:
        """The draw's code: secret until it is told."""
        return chain.code_of(self.chain.secret, self.attempt)

    @property
    def is_public(self) -> bool:
        """Whether the public may ever check it: neither by risk class (W2) nor with names not to be shown (A15)."""
        return not self.by_risk and self.names_shown

    @property
    def told_salt(self) -> str:
        """With which pool, exclusions and strata are digested, told with the code: before it nobody must find by trying
        which firm was excluded, and on what ground. ``salt`` itself also covers the inspectors, and is never told."""
        return pool.digest("told with the code", self.salt)

    @property
    def list_salt(self) -> str:
        """With which the locked list is digested: none where the announcement shows it."""
        return "" if self.is_public else self.told_salt

    @property
    def parts(self) -> list[Stratum]:
        return [Stratum(name, codes, rule) for name, rule, codes in self.strata]

    @property
    def codes(self) -> list[str]:
        """Whom it drew, sorted."""
        return sorted(each["code"] for each in self.drawn)

    def assigned(self, code: str) -> Sequence[str]:
        """The keys of the inspectors of a drawn object, the leader first."""
        return next((each["inspectors"] for each in self.drawn if each["code"] == code), ())

    def count(self, kind: str) -> int:
        """How many recusals or substitutions there were."""
        return sum(each.kind == kind for each in self.changes)


class DrawFace(Base):
    """What is public of a draw beside its lines in the ledger; no word of a pool before its code is told.

    ``strata`` and ``bundle`` stay empty for a draw that the public can not check.
    """

    __tablename__ = "draw_faces"

    commit_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    department_code: Mapped[str] = mapped_column(sa.String(32))
    task_no: Mapped[str] = mapped_column(sa.String(60), index=True)
    attempt: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(12))
    is_public: Mapped[bool]
    source: Mapped[str] = mapped_column(sa.String(60))
    decides_at: Mapped[datetime]
    strata: Mapped[list[Any]]  # name, rule, size, excluded, take of each
    number: Mapped[str | None] = mapped_column(sa.String(32), index=True)  # of the announcement
    result_index: Mapped[int | None]
    reveal_index: Mapped[int | None]
    # see verify.py; only when the code is told. Megabytes of a large pool: read when it is asked for
    bundle: Mapped[str | None] = mapped_column(sa.Text, deferred=True)
