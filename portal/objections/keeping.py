"""Files of a case and drafts of a filing: examined and on disk before the database hears of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.evidence.examining import Examined, examine_all
from portal.files import Store
from portal.objections.filing import hashed
from portal.objections.models import ObjectionDraft, ObjectionFile
from portal.people.models import Person

Uploads = Sequence[tuple[str, bytes]]

DRAFTS_KEPT = timedelta(days=30)  # since they were last touched
MOST = 300  # drafts per transaction of the worker


def keep(
    store: Store, uploads: Uploads, *, purpose: str, existing: Sequence[int] = (), by: Person | None = None
) -> list[ObjectionFile]:
    """Examine files and write them durably; rows for them, in no session yet.

    Takes seconds for large photos: call it before the first statement of a writing request.

    :param existing: sizes in bytes of what the case or draft has already.
    :param by: staff; None when the objector hands them in.
    :raises Refused: with a sentence for each file that is not taken, or when the disk takes nothing.
    """
    examined = examine_all(uploads, existing)
    return [
        _kept(store, each, data, purpose, by) for each, (_name, data) in zip(examined, uploads, strict=True)
    ]


def _kept(store: Store, examined: Examined, data: bytes, purpose: str, by: Person | None) -> ObjectionFile:
    original = store.put(data, suffix=examined.suffix)
    viewable = store.put(examined.viewable, suffix=".jpg").name if examined.viewable else ""
    return ObjectionFile(
        purpose=purpose, name=examined.safe_name, kind=examined.kind, media_type=examined.media_type,
        size=original.size, sha256=original.sha256, stored=original.name, viewable=viewable,
        at=clock.now(), by_id=by.id if by else None,
    )  # fmt: skip


def draft(session: Session, key: str) -> ObjectionDraft | None:
    """What was typed on a form and not yet filed."""
    return session.scalar(sa.select(ObjectionDraft).where(ObjectionDraft.key_hash == hashed(key)))


def save_draft(
    session: Session,
    key: str,
    result_number: str,
    typed: Mapping[str, Any],
    files: Sequence[ObjectionFile] = (),
) -> ObjectionDraft:
    """Keep what is typed, and add files to it."""
    found = draft(session, key)
    if found is None:
        found = ObjectionDraft(key_hash=hashed(key), result_number=result_number, typed={}, files=[])
        session.add(found)
    found.typed, found.touched_at = dict(typed), clock.now()
    found.files.extend(files)
    session.flush()
    return found


def forget_old_drafts(session: Session) -> int:
    """Drafts nobody touched for long go, with the rows of their files; the store's sweep takes the files.

    At most :data:`MOST` at a time; how many went. The caller commits, and asks again until 0.
    """
    old = sa.select(ObjectionDraft).where(ObjectionDraft.touched_at < clock.now() - DRAFTS_KEPT)
    old = old.order_by(ObjectionDraft.touched_at).limit(MOST).with_for_update(skip_locked=True)
    ids = [each.id for each in session.scalars(old)]
    if ids:
        session.execute(sa.delete(ObjectionFile).where(ObjectionFile.draft_id.in_(ids)))
        session.execute(sa.delete(ObjectionDraft).where(ObjectionDraft.id.in_(ids)))
    return len(ids)


def named(session: Session, names: Sequence[str]) -> Collection[str]:
    """Those of some stored names that a row names: for the store's sweep."""
    stored = sa.select(ObjectionFile.stored).where(ObjectionFile.stored.in_(names))
    viewable = sa.select(ObjectionFile.viewable).where(ObjectionFile.viewable.in_(names))
    return set(session.scalars(sa.union(stored, viewable)))
