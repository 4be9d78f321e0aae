"""Tables of what officers signed: a signature on a revision, the scan of a sheet signed by hand, since when it is due."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person


class SignedSheet(Base):
    """The scan of a signed 更正审批表: internal; its SHA-256 alone goes into the ledger.

    One person records it, another confirms that it is what was signed. ``statement`` is the SHA-256 of the
    statement that is printed on it: with another the sheet counts no more.
    """

    __tablename__ = "signed_sheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revisions.id"), index=True)
    statement: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(10))
    size: Mapped[int]
    stored: Mapped[str] = mapped_column(sa.String(60))
    viewable: Mapped[str] = mapped_column(sa.String(60), default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # taken back, or the revision it belonged to was
    by: Mapped[Person] = relationship(foreign_keys=[by_id], lazy="joined")
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=[confirmed_by_id], lazy="joined")


class RevisionSignature(Base):
    """One person's signature on one revision; it dies when the revision goes back or is replaced."""

    __tablename__ = "revision_signatures"
    __table_args__ = (sa.UniqueConstraint("revision_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revisions.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(10))  # head, officer
    scheme: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(200), default="")
    signature: Mapped[str] = mapped_column(sa.String(400), default="")
    sheet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("signed_sheets.id"), index=True)
    at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined")
    sheet: Mapped[SignedSheet | None] = relationship(lazy="joined")


class SignatureRule(Base):
    """Who decided that signatures are required, by which entry of the ledger. One row, for good."""

    __tablename__ = "signature_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_index: Mapped[int] = mapped_column(unique=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    by: Mapped[Person] = relationship()
