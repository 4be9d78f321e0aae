"""Files of the quarantine and public copies: on disk before the database hears of them.

Two stores that share nothing. What came stands in the quarantine; what was made for the public in the other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.attachments.models import Attachment, AttachmentCopy, PublicFile
from portal.evidence.examining import shown_name
from portal.files import Store
from portal.redaction.documents import taking_in
from portal.redaction.documents.boxes import Box
from portal.redaction.documents.bundle import Page, pages_of, picture_of
from portal.redaction.documents.findings import findings
from portal.redaction.documents.taking_in import TakenIn
from portal.settings import Settings


@dataclass(frozen=True)
class Quarantined:
    """A file in quarantine: a row for it, in no session yet, and what recognisers propose about its words."""

    row: Attachment
    found: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Stores:
    """Where files as they came stand, and where the copies for the public do."""

    quarantine: Store
    public: Store

    @classmethod
    def of(cls, settings: Settings) -> "Stores":
        return cls(Store(settings.quarantine_dir), Store(settings.public_files_dir))


def take_in(stores: Stores, publication_id: int, name: str, data: bytes, *, by_id: int) -> Quarantined:
    """Judge a file and put it into quarantine.

    Takes seconds, up to two minutes: before the first write of a request.

    :raises Refused: when the file is not taken, in a sentence that says what to do; or when the disk takes nothing.
    """
    return quarantine(stores, publication_id, name, data, taking_in.take_in(name, data), by_id=by_id)


def quarantine(
    stores: Stores, publication_id: int, name: str, data: bytes, taken: TakenIn, *, by_id: int
) -> Quarantined:
    """Put a file that was judged into quarantine."""
    original = stores.quarantine.put(data, suffix=taken.suffix)
    base = "" if taken.base == data else stores.quarantine.put(taken.base, suffix=".pdf").name
    row = Attachment(
        publication_id=publication_id,
        name=shown_name(name),
        format=taken.format,
        size=original.size,
        sha256=original.sha256,
        stored=original.name,
        base=base,
        bundle=stores.quarantine.put(taken.bundle).name,
        pages=len(taken.pages),
        by_id=by_id,
        at=clock.now(),
    )
    return Quarantined(row, findings(taken.pages))


def make_copy(stores: Stores, file: Attachment, boxes: Sequence[Box], title: str) -> AttachmentCopy:
    """Make the public copy for these boxes and this title; a row for it, in no session yet. Takes seconds.

    :raises Refused: when it can not be made, or the disk takes nothing.
    """
    base, bundle = (stores.quarantine.read(name) for name in (file.base or file.stored, file.bundle))
    return keep_copy(stores, file, taking_in.public_copy(base, bundle, boxes, title))


def keep_copy(stores: Stores, file: Attachment, copy: bytes) -> AttachmentCopy:
    """Write a public copy where the others stand."""
    stored = stores.public.put(copy, suffix=".pdf")
    return AttachmentCopy(
        attachment_id=file.id,
        stored=stored.name,
        size=stored.size,
        sha256=stored.sha256,
        pages=file.pages,
        at=clock.now(),
    )


def as_kept(copy: AttachmentCopy) -> dict[str, Any]:
    """A copy as a revision names it."""
    return {name: getattr(copy, name) for name in ("id", "stored", "sha256", "size", "pages")}


def pages(stores: Stores, file: Attachment) -> list[Page]:
    """What was seen of a file, for those who mark it."""
    return pages_of(stores.quarantine.read(file.bundle))


def picture(stores: Stores, file: Attachment, page: int, form: str) -> bytes:
    """The picture of one page, without boxes; for those who mark it."""
    return picture_of(stores.quarantine.read(file.bundle), page, form)


def named_in_quarantine(session: Session, names: Sequence[str]) -> Collection[str]:
    """Those of some stored names that a row names: for the quarantine's sweep."""
    columns = (Attachment.stored, Attachment.base, Attachment.bundle)
    return set(session.scalars(sa.union(*(sa.select(each).where(each.in_(names)) for each in columns))))


def named_in_public(session: Session, names: Sequence[str]) -> Collection[str]:
    """The same for the store of public copies."""
    columns = (AttachmentCopy.stored, PublicFile.stored)
    return set(session.scalars(sa.union(*(sa.select(each).where(each.in_(names)) for each in columns))))
