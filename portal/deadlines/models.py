"""The State Council's yearly holiday notices that the office loaded, over the base that comes with the program."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base


class CalendarNotice(Base):
    """One notice as it was loaded. Never changed: a newer one of the same year replaces it wholly."""

    __tablename__ = "calendar_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(sa.String(200))  # with the document number, when it was given
    loaded_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(sa.String(64))  # of the file, hex
    entry_index: Mapped[int]  # of the ledger's calendar_update
    days: Mapped[list["CalendarDay"]] = relationship(order_by="CalendarDay.day")


class CalendarDay(Base):
    """One day that a notice takes out of Monday to Friday, or puts in."""

    __tablename__ = "calendar_days"

    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("calendar_notices.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(sa.String(40), default="")


class CalendarLoad(Base):
    """Who loaded a notice: the office's own knowledge, beside the public tables."""

    __tablename__ = "calendar_loads"

    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("calendar_notices.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
