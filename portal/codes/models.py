"""Departments, regions and versioned code tables: what a record's codes mean, and since when."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Region(Base):
    """An administrative division by its six-digit code."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(80))
    label_en: Mapped[str] = mapped_column(sa.String(120), default="")


class Department(Base):
    """A body that inspects and discloses. Who inspects, enters; who enters, discloses (G28.4)."""

    __tablename__ = "departments"

    code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    label: Mapped[str] = mapped_column(sa.String(120), unique=True)
    short: Mapped[str] = mapped_column(sa.String(60))
    label_en: Mapped[str] = mapped_column(sa.String(160))
    region_code: Mapped[str] = mapped_column(sa.String(12), default="")
    document_prefix: Mapped[str] = mapped_column(sa.String(20), default="")  # 代字
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class CodeValue(Base):
    """One value of one code table in one of its versions; earlier versions are never changed."""

    __tablename__ = "code_values"
    __table_args__ = (sa.UniqueConstraint("table", "version", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    table: Mapped[str] = mapped_column(sa.String(40), index=True)
    version: Mapped[str] = mapped_column(sa.String(20))
    code: Mapped[str] = mapped_column(sa.String(40))
    label: Mapped[str] = mapped_column(sa.String(160))
    label_en: Mapped[str] = mapped_column(sa.String(200))
    aliases: Mapped[str] = mapped_column(sa.Text, default="")  # separated by |
    shape: Mapped[str] = mapped_column(sa.String(20), default="")
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
