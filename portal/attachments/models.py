"""Files that belong to a publication: what came, the public copies made of it, which of these the public may fetch."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Attachment(Base):
    """A file as it came, in quarantine: no address leads to it. Internal, its name included.

    ``stored``, ``base`` and ``bundle`` name files of the quarantine: the original; the PDF or photo that pages
    are drawn from, empty when that is the original itself; what was seen of it. ``size`` in bytes.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    format: Mapped[str] = mapped_column(sa.String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    stored: Mapped[str] = mapped_column(sa.String(40), index=True)
    base: Mapped[str] = mapped_column(sa.String(40), default="", index=True)
    bundle: Mapped[str] = mapped_column(sa.String(40), index=True)
    pages: Mapped[int]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]


class AttachmentCopy(Base):
    """A public copy, made of pictures and released words alone. Internal until a version that has it is public."""

    __tablename__ = "attachment_copies"

    id: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(sa.ForeignKey("attachments.id"), index=True)
    stored: Mapped[str] = mapped_column(sa.String(40), index=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    pages: Mapped[int]
    at: Mapped[datetime]


class PublicFile(Base):
    """Which copy stands at which public address. Its title is in the release's body, and goes with it."""

    __tablename__ = "public_files"
    __table_args__ = (sa.UniqueConstraint("number", "version", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), index=True)
    version: Mapped[int]
    n: Mapped[int]  # counted from one, as in record.json
    stored: Mapped[str] = mapped_column(sa.String(40), index=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    pages: Mapped[int]
