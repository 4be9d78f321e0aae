"""征求意见: a third party whose opinion on one withheld part is sought, what it said and what was decided."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person
from portal.publications.models import Publication, Revision

ANSWERS = ("agrees", "objects")  # 同意公开, 不同意公开
DECISIONS = ("disclose", "withhold")


class Opinion(Base):
    """What somebody was asked about parts of a public record that read 「征求意见中，暂不公开」. Internal."""

    __tablename__ = "opinions"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    department_code: Mapped[str] = mapped_column(sa.String(32), index=True)
    path: Mapped[str] = mapped_column(sa.String(80))  # of the marks it is about
    subject: Mapped[str] = mapped_column(sa.String(40), default="", index=True)  # as codes know them
    asked_name: Mapped[str] = mapped_column(sa.String(200))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    channel: Mapped[str] = mapped_column(sa.String(10))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    due: Mapped[date]
    days: Mapped[int]
    provisional: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[str] = mapped_column(sa.String(200))
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    answer: Mapped[str] = mapped_column(sa.String(10), default="")  # of ANSWERS; empty: silence
    text: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decision: Mapped[str] = mapped_column(sa.String(10), default="")
    reasons: Mapped[str] = mapped_column(sa.Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    revision_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("revisions.id")
    )  # what the decision drafted
    publication: Mapped[Publication] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    taken_by: Mapped[Person | None] = relationship(foreign_keys=[taken_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    revision: Mapped[Revision | None] = relationship()


# asked for all day by the worker: small however many were ever decided
sa.Index(
    "ix_opinions_open",
    Opinion.due,
    sqlite_where=Opinion.decided_at.is_(None),
    postgresql_where=Opinion.decided_at.is_(None),
)
