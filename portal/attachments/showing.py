"""Which copies the public may fetch, and when they go for good."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.attachments.keeping import Stores
from portal.attachments.listing import Attached, copies
from portal.attachments.models import Attachment, AttachmentCopy, PublicFile


def show(session: Session, number: str, version: int, attachments: Sequence[Attached]) -> None:
    """Give the copies of a version that has just gone public their addresses."""
    session.add_all(
        PublicFile(
            number=number, version=version, n=n,
            stored=copy["stored"], size=copy["size"], sha256=copy["sha256"], pages=copy["pages"],
        )
        for n, copy in copies(attachments).items()
    )  # fmt: skip
    session.flush()


def public_file(session: Session, number: str, version: int, n: int) -> PublicFile | None:
    """The copy at an address. Whether it may be shown, the publication's face and release say."""
    return session.scalar(
        sa.select(PublicFile).where(
            PublicFile.number == number, PublicFile.version == version, PublicFile.n == n
        )
    )


def take_earlier_off(
    session: Session, publication_id: int, number: str, version: int, attachments: Sequence[Attached] | None
) -> None:
    """A version withholds what earlier ones showed: their copies go for good, but those it shares with them.

    The rows go now, and with them every address; the sweep takes the files.

    :param attachments: of the version that stays; None leaves the copies themselves to :func:`erase`.
    """
    session.execute(sa.delete(PublicFile).where(PublicFile.number == number, PublicFile.version < version))
    if attachments is None:
        return
    kept = [copy["id"] for copy in copies(attachments).values()]
    mine = sa.select(Attachment.id).where(Attachment.publication_id == publication_id)
    session.execute(
        sa.delete(AttachmentCopy).where(
            AttachmentCopy.attachment_id.in_(mine), AttachmentCopy.id.not_in(kept)
        )
    )


def drop_copy(session: Session, copy_id: int) -> None:
    """A copy that a later one replaced goes, unless it is public. The sweep takes its file."""
    copy = session.get(AttachmentCopy, copy_id)
    if copy is None:
        return
    shown = session.scalar(sa.select(PublicFile.id).where(PublicFile.stored == copy.stored).limit(1))
    if shown is None:
        session.delete(copy)


def erase(session: Session, publication_id: int, stores: Stores) -> list[str]:
    """Everything of a publication's files goes for good: originals, what was seen of them, copies, names, addresses.

    Rows first, then files; an erasure that is cut off may be repeated, and one that is rolled back has still
    erased the files. What its revisions say of them (titles, grounds) is the caller's.

    :returns: the names of the files that were deleted, none of which tells anything.
    """
    files = session.scalars(sa.select(Attachment).where(Attachment.publication_id == publication_id)).all()
    made = session.scalars(
        sa.select(AttachmentCopy).where(AttachmentCopy.attachment_id.in_([each.id for each in files]))
    ).all()
    came = [name for each in files for name in (each.stored, each.base, each.bundle) if name]
    copied = [each.stored for each in made]
    session.execute(sa.delete(PublicFile).where(PublicFile.stored.in_(copied)))
    ids = [each.id for each in files]
    session.execute(sa.delete(AttachmentCopy).where(AttachmentCopy.attachment_id.in_(ids)))
    session.execute(sa.delete(Attachment).where(Attachment.id.in_(ids)))
    for name in came:
        stores.quarantine.delete(name)
    for name in copied:
        stores.public.delete(name)
    return [*came, *copied]
