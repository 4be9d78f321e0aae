"""Who may act."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base


class Person(Base):
    """A member of staff who signs in."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    email: Mapped[str] = mapped_column(sa.String(254), default="", server_default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    # SHA-256 of the secret in the address of the person's calendar feed; empty: there is no feed
    feed_key: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    sign_in_stamp: Mapped[str] = mapped_column(sa.String(40))  # changes with the password: old sessions end
    grants: Mapped[list["Grant"]] = relationship(
        back_populates="person", lazy="selectin", foreign_keys="Grant.person_id"
    )

    def has(self, role: str, at: datetime) -> bool:
        """Whether the person holds a role at a moment; an acting head holds ``head`` for a while."""
        return any(grant.role == role and grant.covers(at) for grant in self.grants)


class Grant(Base):
    """A role given to a person, for good or for a while (an acting head is a recorded delegation)."""

    __tablename__ = "grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    given_at: Mapped[datetime]
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    person: Mapped[Person] = relationship(back_populates="grants", foreign_keys=[person_id])

    def covers(self, at: datetime) -> bool:
        """Whether the grant is in force at a moment."""
        return (
            self.given_at <= at
            and (self.until is None or at < self.until)
            and (self.ended_at is None or at < self.ended_at)
        )


class SigningKey(Base):
    """An officer's key for signing corrections, withdrawals and restorations; the public half is in the ledger.

    ``wrapped`` is the private half under the officer's signing passphrase (see ``wrapping.py``); empty when the
    private half is elsewhere, such as in a token. A key that has ended stays: it says whose it was.
    """

    __tablename__ = "signing_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    department_code: Mapped[str] = mapped_column(sa.String(32))
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)  # base64, as it stands in the ledger
    scheme: Mapped[str] = mapped_column(sa.String(20))
    role: Mapped[str] = mapped_column(sa.String(10))  # head, officer: as it was last announced
    wrapped: Mapped[str] = mapped_column(sa.Text, default="")
    announced_at: Mapped[datetime]
    entry_index: Mapped[int]  # the newest announcement
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
