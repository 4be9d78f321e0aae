"""Publication, Revision, Step, Release, Face, Batch. Nouns answer; the acts are in ``pipeline.py``."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person
from portal.publications import face_indexes
from portal.publications.findings import count_undecided

ACTS = ("publish", "adjust", "rescope", "correct", "withdraw", "restore")
STATES = ("draft", "submitted", "approved", "done", "sent_back", "abandoned")


def _undecided(context: Any) -> int:
    """How many sure proposals nobody had decided about; a revision never changes, so neither does this."""
    new = context.get_current_parameters()
    if new["act"] in ("withdraw", "restore") or new.get("withheld_ground"):
        return 0  # shows no words of its own
    return count_undecided(new["kind"], new["content"], new["marks"], new.get("dismissed") or ())


class Publication(Base):
    """The thing with a permalink. It has no number until it is published."""

    __tablename__ = "publications"
    __table_args__ = (sa.UniqueConstraint("kind", "identity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10), index=True)
    number: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), index=True)
    identity: Mapped[str] = mapped_column(sa.String(64))  # digest of what makes the source's record this one
    version: Mapped[int] = mapped_column(default=0)  # of the newest release
    withheld_ground: Mapped[str | None] = mapped_column(sa.String(40), index=True)  # the whole record
    being_erased: Mapped[bool] = mapped_column(default=False)  # until the last place is reached
    created_at: Mapped[datetime]
    revisions: Mapped[list["Revision"]] = relationship(
        back_populates="publication", order_by="Revision.id", foreign_keys="Revision.publication_id"
    )


class Batch(Base):
    """A grouping without state of its own: what came in together, per task and department."""

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    label: Mapped[str] = mapped_column(sa.String(200))
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), index=True)
    task_no: Mapped[str] = mapped_column(sa.String(60), default="")
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[Person] = relationship()


class Step(Base):
    """One state that one revision held: since when, by whom, with what note."""

    __tablename__ = "steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revisions.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[Person] = relationship(lazy="joined")


class Revision(Base):
    """One immutable internal version with its marks, that proposes one public act.

    ``state`` and ``step_id`` move together, by compare-and-swap on ``step_id``; nothing else ever changes
    except ``successor_id`` (a later revision took its place) and the two columns the approval writes. The one
    exception: an erasure (依法删除) takes words out of it for good, see ``portal/erasing/places.py``.
    """

    __tablename__ = "revisions"
    __table_args__ = (sa.Index("ix_revisions_queue", "state", "kind", "department_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    department_code: Mapped[str] = mapped_column(sa.String(32))
    act: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(300))
    content: Mapped[dict[str, Any]]
    marks: Mapped[list[Any]]  # see portal/redaction/masking.py
    dismissed: Mapped[list[Any]] = mapped_column(default=list)  # proposals somebody kept, see deciding.py
    undecided: Mapped[int] = mapped_column(default=_undecided)  # sure proposals, when it was made
    attachments: Mapped[list[Any]] = mapped_column(default=list)  # see portal/attachments/listing.py
    withheld_ground: Mapped[str | None] = mapped_column(sa.String(40))  # the whole record (W1)
    withheld_basis: Mapped[str] = mapped_column(sa.String(200), default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # public reason of a correction or withdrawal
    basis: Mapped[str] = mapped_column(sa.String(200), default="")
    held: Mapped[list[Any]]  # reasons found at intake why it stays a draft (D6)
    admitted_note: Mapped[str] = mapped_column(sa.Text, default="")  # the head's decision on a held row
    admitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batches.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revisions.id"))
    state: Mapped[str] = mapped_column(sa.String(12))
    step_id: Mapped[int | None]
    created_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(sa.String(200), default="")  # file and row it came from
    publication: Mapped[Publication] = relationship(
        back_populates="revisions", foreign_keys=[publication_id], lazy="joined"
    )
    author: Mapped[Person] = relationship(foreign_keys=[author_id], lazy="joined")
    admitted_by: Mapped[Person | None] = relationship(foreign_keys=[admitted_by_id])
    batch: Mapped[Batch | None] = relationship()
    steps: Mapped[list[Step]] = relationship(order_by=Step.id)


class Prepared(Base):
    """What an approval fixed: the exact public bytes and commitments, before any number is given.

    ``salt_key`` makes every salt of the version again; it is internal, and an erasure destroys it.
    """

    __tablename__ = "prepared"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revisions.id"), primary_key=True)
    version: Mapped[int]
    body: Mapped[str] = mapped_column(sa.Text)
    record_hash: Mapped[str] = mapped_column(sa.String(64))
    commitments: Mapped[list[Any]]
    salt_key: Mapped[str] = mapped_column(sa.String(64))


class Release(Base):
    """The immutable public version of a revision. ``body`` is ``record.json``; null when it is taken down."""

    __tablename__ = "releases"
    __table_args__ = (sa.UniqueConstraint("number", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int]
    act: Mapped[str] = mapped_column(sa.String(10))
    department_code: Mapped[str] = mapped_column(sa.String(32))
    record_hash: Mapped[str] = mapped_column(sa.String(64))
    body: Mapped[str | None] = mapped_column(sa.Text)
    entry_index: Mapped[int] = mapped_column(index=True)
    published_at: Mapped[datetime]


class TakenDown(Base):
    """The body of a release while the public may not read it: internal, so that it can be restored."""

    __tablename__ = "taken_down"

    release_id: Mapped[int] = mapped_column(sa.ForeignKey("releases.id"), primary_key=True)
    body: Mapped[str] = mapped_column(sa.Text)


class Face(Base):
    """The public face of one publication: what its newest act entry says, and what lists and filters need.

    Everything from ``title`` on comes from the released body alone and is empty unless the face is live.
    """

    __tablename__ = "faces"
    __table_args__ = face_indexes.INDEXES

    number: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    department_code: Mapped[str] = mapped_column(sa.String(32))
    face: Mapped[str] = mapped_column(sa.String(12))  # live, held, withdrawn, expired, erased
    live: Mapped[bool]
    version: Mapped[int]
    release_id: Mapped[int]
    entry_index: Mapped[int] = mapped_column(index=True)  # the newest act entry
    published_on: Mapped[date]  # first publication, Shanghai date
    changed_at: Mapped[datetime]
    corrected: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    entity_name: Mapped[str] = mapped_column(sa.String(200), default="")
    entity_code: Mapped[str] = mapped_column(sa.String(40), default="")
    outcomes: Mapped[str] = mapped_column(sa.String(120), default="")  # codes as |6|1|, in order of rows
    items: Mapped[str] = mapped_column(sa.Text, default="")  # names of what a result is about, one a line
    region: Mapped[str] = mapped_column(sa.String(12), default="")
    year: Mapped[int] = mapped_column(default=0)
    task_no: Mapped[str] = mapped_column(sa.String(60), default="")
    plan_no: Mapped[str] = mapped_column(sa.String(60), default="")
    source_number: Mapped[str] = mapped_column(sa.String(60), default="")
    rectifies: Mapped[str] = mapped_column(sa.String(32), default="")
    happened_on: Mapped[date | None]  # inspected, drawn, in force from
    ad_hoc: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str] = mapped_column(sa.Text, default="")  # one sentence, from released values


class DrawnFace(Base):
    """An entity that a live task announcement names: from released rows alone, gone when it is taken down."""

    __tablename__ = "drawn_faces"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), index=True)
    entity_code: Mapped[str] = mapped_column(sa.String(40), index=True)
    entity_name: Mapped[str] = mapped_column(sa.String(200))


class Tally(Base):
    """How many live faces agree in what a reader narrows by, each counted twice: see portal/publications/tallying.py."""

    __tablename__ = "tallies"

    # of first publication, without region and correction; or 0: of the whole year, with them
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    department_code: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    region: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    outcomes: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    corrected: Mapped[bool] = mapped_column(primary_key=True)
    records: Mapped[int]


class LockedList(Base):
    """What a ``draw_result`` line commits to; its salt only while the public reads the whole list.

    See portal/publications/locking.py. Lines that replace an earlier one stand beside it.
    """

    __tablename__ = "locked_lists"

    entry_index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(sa.String(32), index=True)
    version: Mapped[int]  # of the announcement that went out with it
    digest: Mapped[str] = mapped_column(sa.String(43))
    salt: Mapped[str | None] = mapped_column(sa.String(22))


class ListedItem(Base):
    """Which item was on which list in force from when to when: internal projection of published lists (D6)."""

    __tablename__ = "listed_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    department_code: Mapped[str] = mapped_column(sa.String(32), index=True)
    joint: Mapped[bool] = mapped_column(default=False)
    item_code: Mapped[str] = mapped_column(sa.String(60), index=True)
    item: Mapped[str] = mapped_column(sa.String(300), index=True)
    sub_item: Mapped[str] = mapped_column(sa.String(300), default="")
    item_class: Mapped[str] = mapped_column(sa.String(20), default="")
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]  # the last day in force


class DrawnObject(Base):
    """Who was drawn by which published task: internal projection, for D16's count per year."""

    __tablename__ = "drawn_objects"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    entity_code: Mapped[str] = mapped_column(sa.String(40), index=True)
    entity_name: Mapped[str] = mapped_column(sa.String(200))
    year: Mapped[int] = mapped_column(index=True)


class Hold(Base):
    """暂停公示: one duty officer takes a publication off at once; the head confirms within a working day."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text)  # internal
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    publication: Mapped[Publication] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
