"""What came in, what was refused and why, and how the columns of each source are to be read."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


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
