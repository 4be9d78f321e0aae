"""Inspected objects and inspectors as an office keeps them, and every state they were ever in.

None of this is public. A draw names a state of the registry by a moment: the versions tell what stood in it then.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person

LIVE = "live"  # 存续, by the code table entity_status
INTERNAL = ("internal_id", "phone", "risk_class")  # of an object, never public (W2)


def joined(words: Iterable[str]) -> str:
    """Words as one column keeps them, so that one of them can be looked for.

    >>> joined(["食品经营", "特种设备", "食品经营"])
    '|特种设备|食品经营|'
    """
    kept = sorted({word.replace("|", " ").strip() for word in words} - {""})
    return f"|{'|'.join(kept)}|" if kept else ""


def parted(text: str) -> list[str]:
    """The words that :func:`joined` wrote."""
    return [word for word in text.split("|") if word]


class InspectedObject(Base):
    """A firm, or a product, project or act with a number of its own (D20), as it stands now."""

    __tablename__ = "inspected_objects"
    __table_args__ = (sa.Index("ix_inspected_objects_kept", "department_code", "state", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)  # USCC, old number, or one of its own
    name: Mapped[str] = mapped_column(sa.String(200), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))  # of the code table entity_type
    region: Mapped[str] = mapped_column(sa.String(12), default="")
    registration_authority: Mapped[str] = mapped_column(sa.String(120), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[str] = mapped_column(sa.String(20), default=LIVE)  # of the code table entity_status
    tags: Mapped[str] = mapped_column(sa.Text, default="")  # |食品经营|特种设备|
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))  # that keeps it
    internal_id: Mapped[str] = mapped_column(sa.String(60), default="")
    phone: Mapped[str] = mapped_column(sa.String(60), default="")
    risk_class: Mapped[str] = mapped_column(sa.String(20), default="")
    version: Mapped[int] = mapped_column(default=1)
    gone_at: Mapped[datetime | None]  # a complete file did not hold it any more
    seen_in: Mapped[int | None] = mapped_column(index=True)  # the import that held it last
    versions: Mapped[list["ObjectVersion"]] = relationship(order_by="ObjectVersion.version")

    @property
    def tag_names(self) -> list[str]:
        return parted(self.tags)


class ObjectVersion(Base):
    """One state that an object was in, since when, by whom, out of which row of which file; never changed."""

    __tablename__ = "object_versions"
    __table_args__ = (sa.UniqueConstraint("object_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    object_id: Mapped[int] = mapped_column(sa.ForeignKey("inspected_objects.id"))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    source: Mapped[str] = mapped_column(sa.String(200), default="")  # file and row; empty: by hand
    values: Mapped[dict[str, Any]]  # every column of the object that is kept, see keeping.py
    gone: Mapped[bool] = mapped_column(default=False)
    by: Mapped[Person] = relationship(lazy="joined")


class Inspector(Base):
    """Who may be drawn to inspect: kept by department, with qualification and item scope (D10, GA22)."""

    __tablename__ = "inspectors"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        sa.String(64), unique=True
    )  # keyed hash of the identity-card number (W3)
    name: Mapped[str] = mapped_column(sa.String(60))
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), index=True)
    qualifications: Mapped[str] = mapped_column(sa.Text, default="")  # |特种设备安全监察员|
    items: Mapped[str] = mapped_column(sa.Text, default="")  # |A01|食品|: codes or categories; empty: all
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    gone_at: Mapped[datetime | None]
    seen_in: Mapped[int | None] = mapped_column(index=True)
    versions: Mapped[list["InspectorVersion"]] = relationship(order_by="InspectorVersion.version")

    @property
    def qualification_names(self) -> list[str]:
        return parted(self.qualifications)

    @property
    def item_names(self) -> list[str]:
        return parted(self.items)


class InspectorVersion(Base):
    """One state that an inspector's line was in, like :class:`ObjectVersion`."""

    __tablename__ = "inspector_versions"
    __table_args__ = (sa.UniqueConstraint("inspector_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    inspector_id: Mapped[int] = mapped_column(sa.ForeignKey("inspectors.id"))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    values: Mapped[dict[str, Any]]
    gone: Mapped[bool] = mapped_column(default=False)
    by: Mapped[Person] = relationship(lazy="joined")
