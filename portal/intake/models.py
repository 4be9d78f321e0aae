"""What came in, what was refused and why, and how the columns of each source are to be read."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person


class Import(Base):
    """One file taken in. Until it is finished, its batches are not to be acted on.

    ``position`` counts the records that are dealt with and moves in the same commit as what became of them:
    an import that was killed goes on from there.
    """

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)  # digest of file, kind and options
    file_digest: Mapped[str] = mapped_column(sa.String(64), index=True)  # SHA-256 of the bytes
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(10))
    options: Mapped[dict[str, Any]]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)  # rows that are records: no titles, totals, blanks
    skipped: Mapped[int] = mapped_column(default=0)  # totals, repeated heads, signatures
    accepted: Mapped[int] = mapped_column(default=0)  # drafts made
    held: Mapped[int] = mapped_column(default=0)  # of these, waiting for a decision (D6)
    refused: Mapped[int] = mapped_column(default=0)  # rows
    changed: Mapped[int] = mapped_column(default=0)  # lines of a registry, beside the new ones
    unchanged: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)  # lines that a complete file did not hold any more
    warnings: Mapped[list[Any]]
    head: Mapped[list[Any]]  # column names as the file has them, for the workbook of refused rows

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


class ImportBatch(Base):
    """A batch that an import made."""

    __tablename__ = "import_batches"

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batches.id"), primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"), index=True)


class ImportRefusal(Base):
    """One reason why one row was refused; the row's cells stand with its first reason."""

    __tablename__ = "import_refusals"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"), index=True)
    sheet: Mapped[str] = mapped_column(sa.String(60), default="")
    row: Mapped[int]
    column: Mapped[str] = mapped_column(sa.String(120), default="")
    value: Mapped[str] = mapped_column(sa.Text, default="")
    sentence: Mapped[str] = mapped_column(sa.Text)
    cells: Mapped[list[Any]]


class SourceMapping(Base):
    """How one source names its columns, saved by staff once: what is not in it goes by the synonyms."""

    __tablename__ = "source_mappings"
    __table_args__ = (sa.UniqueConstraint("source", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(10))
    columns: Mapped[dict[str, Any]]  # column name -> field, such as items.outcomes; empty: leave it out
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]


class ItemAlias(Base):
    """What a source calls an item that the list names otherwise."""

    __tablename__ = "item_aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    alias: Mapped[str] = mapped_column(sa.String(300))
    folded: Mapped[str] = mapped_column(sa.String(300), unique=True)
    item_code: Mapped[str] = mapped_column(sa.String(60), default="")
    item: Mapped[str] = mapped_column(sa.String(300), default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]


class PushClient(Base):
    """A system that pushes records in, such as the provincial platform.

    It drafts in the name of one person, who answers for what comes in (W4) and acts for one department. Of its
    key only the SHA-256 is kept; the key before goes on until ``previous_until``, so that it can be replaced
    without a gap.
    """

    __tablename__ = "push_clients"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    acts_as_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    previous_hash: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    previous_until: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    acts_as: Mapped[Person] = relationship(foreign_keys=[acts_as_id], lazy="joined")
    created_by: Mapped[Person | None] = relationship(foreign_keys=[created_by_id])


class PushBatch(Base):
    """A client's own name for what it pushes in one go, and the import that it became here."""

    __tablename__ = "push_batches"
    __table_args__ = (sa.UniqueConstraint("client_id", "name"),)

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(sa.ForeignKey("push_clients.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    taken_in: Mapped[Import] = relationship(lazy="joined")


class PushRequest(Base):
    """One request that was carried out, and its answer: the same key gets the same answer, once more."""

    __tablename__ = "push_requests"
    __table_args__ = (sa.UniqueConstraint("client_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(sa.ForeignKey("push_clients.id"))
    key: Mapped[str] = mapped_column(sa.String(100))
    digest: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of what was asked
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)
