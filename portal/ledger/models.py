"""The ledger's tables. An entry is one public act, numbered without gaps in commit order."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Entry(Base):
    """One leaf of the public log. ``body`` is hashed; ``reason`` and the columns beside it are not in it."""

    __tablename__ = "entries"
    __table_args__ = (sa.Index("ix_entries_type_index", "type", "index"),)

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # zero-based leaf index
    type: Mapped[str] = mapped_column(sa.String(32))
    number: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    version: Mapped[int | None]
    previous: Mapped[int | None]
    body: Mapped[bytes]  # RFC 8785 canonical JSON, at most 4 KiB
    leaf_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    at: Mapped[datetime]
    department_code: Mapped[str] = mapped_column(sa.String(32), default="")
    basis: Mapped[str] = mapped_column(sa.String(120), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # public words; their hash is in the body


class LedgerHead(Base):
    """The one row that writing locks, so that entries are numbered in the order they commit."""

    __tablename__ = "ledger_heads"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(default=0)
    root: Mapped[str] = mapped_column(sa.String(64))  # RFC 6962 root of all entries, hex
    frontier: Mapped[str] = mapped_column(sa.Text, default="")  # see portal/ledger/hashing.py
    at: Mapped[datetime]


class TreeHash(Base):
    """The root over 256, 65,536 … entries: what stands in the tiles above level 0 (c2sp.org/tlog-tiles)."""

    __tablename__ = "tree_hashes"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1: over 256 entries
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 0 within its level
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class SignedCheckpoint(Base):
    """A checkpoint that was published: the signed note, written in the transaction of the acts it covers."""

    __tablename__ = "checkpoints"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(sa.String(64))  # hex, as in the head
    note: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.String(300))  # vkey of the key that signed
    at: Mapped[datetime]


class NumberSeries(Base):
    """The next number of one kind in one year; given under the head's lock, so there are no gaps."""

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
