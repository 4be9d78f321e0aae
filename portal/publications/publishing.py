"""What an act does in public: number, entry, release, face — in the act's own transaction.

Bodies, hashes and commitments were made at approval; under the ledger's lock only numbers are given and rows
written, so that a filing never waits behind a bulk publication.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.attachments import showing
from portal.errors import Refused
from portal.ledger import book, numbers
from portal.ledger.models import Entry
from portal.publications import facing, lines, locking, preparing, projections, scope, superseded
from portal.publications.kinds import KINDS
from portal.publications.models import Face, Hold, Prepared, Publication, Release, Revision, TakenDown
from portal.words import say

Extra = Mapping[str, Any]
Signatures = Sequence[Mapping[str, str]]
NOTHING: Extra = MappingProxyType({})


def in_public(
    session: Session, revision: Revision, extra: Extra = NOTHING, signatures: Signatures = ()
) -> Entry:
    """Carry out an approved revision.

    :param extra: further members of the ledger's entry, such as what the act answers.
    :param signatures: of the officers, as the entry holds them: see signing.py.
    """
    if revision.act == "withdraw":
        return take_down(session, revision.publication, "withdraw", revision.reason, extra, signatures)
    if revision.act == "restore":
        return bring_back(session, revision, signatures)
    return put_up(session, revision, extra, signatures)


def stand_still(session: Session, publication: Publication) -> None:
    """Of two acts on one public record the second waits, and then sees what the first did: a hold above all."""
    book.lock(session)
    face = session.get(Face, publication.number) if publication.number else None
    if face is not None:
        session.refresh(face)


def put_up(session: Session, revision: Revision, extra: Extra, signatures: Signatures = ()) -> Entry:
    """``publish``, ``adjust``, ``rescope`` or ``correct``: a new release becomes the public face."""
    publication, prepared = revision.publication, _prepared(session, revision)
    body = facing.read(prepared.body)
    withholds_more = superseded.withholds_more(session, revision)
    lock = locking.prepare(session, revision, prepared, body["fields"], extra)
    book.lock(session)
    number = publication.number or _next_number(session, publication)
    line = lines.up(revision, prepared, number)
    entry = book.write(session, replace(line, extra=extra, signatures=tuple(signatures)))
    publication.number, publication.version = number, prepared.version
    if prepared.version > 1:
        _bring_back_earlier(session, publication, off_for=revision if withholds_more else None)
    release = _release(revision, prepared, entry)
    session.add(release)
    session.flush()
    facing.show(session, release, body["fields"], entry)
    _beside(session, revision, release, lock)
    return entry


def _release(revision: Revision, prepared: Prepared, entry: Entry) -> Release:
    return Release(
        number=entry.number,
        kind=revision.kind,
        version=prepared.version,
        act=revision.act,
        department_code=revision.publication.department_code,
        record_hash=prepared.record_hash,
        body=prepared.body,
        entry_index=entry.index,
        published_at=entry.at,
    )


def _beside(session: Session, revision: Revision, release: Release, lock: locking.Lock | None) -> None:
    """What goes with a new release: files get their addresses, projections follow, a drawn list is locked."""
    showing.show(session, release.number, release.version, revision.attachments)
    projections.follow(session, revision)
    if lock is not None:
        locking.write(session, revision.publication, release.version, lock)
    locking.follow(session, revision.publication)


def take_down(
    session: Session,
    publication: Publication,
    act: str,
    reason: str,
    extra: Extra = NOTHING,
    signatures: Signatures = (),
) -> Entry:
    """``withdraw``, ``hold``, ``expire``: the words leave every table that the public can read."""
    face = _face(session, publication)
    line = lines.down(publication, face, act, reason)
    entry = book.write(session, replace(line, extra=extra, signatures=tuple(signatures)))
    for release in _releases(session, face.number):
        if release.body is not None:
            session.add(TakenDown(release_id=release.id, body=release.body))
            release.body = None
    facing.hide(session, face, entry)
    if act != "hold":
        _end_hold(session, publication)
    projections.forget(session, publication)
    locking.follow(session, publication)
    return entry


def bring_back(session: Session, revision: Revision, signatures: Signatures = ()) -> Entry:
    """``restore``: the newest release, and the earlier ones with it, may be read again."""
    publication = revision.publication
    face = _face(session, publication)
    newest = session.get_one(Release, face.release_id)
    line = lines.back(revision, face, newest)
    entry = book.write(session, replace(line, signatures=tuple(signatures)))
    _bring_back_earlier(session, publication)
    session.flush()
    facing.show(session, newest, facing.read(newest.body or "{}")["fields"], entry)
    if standing := scope.standing(session, publication):
        projections.follow(session, standing)
    locking.follow(session, publication)
    return entry


def _bring_back_earlier(
    session: Session, publication: Publication, *, off_for: Revision | None = None
) -> None:
    """End a hold: the words of every version that was off may be read again.

    :param off_for: the revision that withholds more than they do, for which they go for good.
    """
    number = publication.number or ""
    if off_for is not None:
        superseded.take_earlier_off(session, off_for, number)
    _end_hold(session, publication)
    for release in _releases(session, number):
        kept = session.get(TakenDown, release.id)
        if kept is not None:
            release.body = kept.body
            session.delete(kept)


def _end_hold(session: Session, publication: Publication) -> None:
    standing = sa.update(Hold).where(Hold.publication_id == publication.id, Hold.ended_at.is_(None))
    session.execute(standing.values(ended_at=clock.now()))


def _prepared(session: Session, revision: Revision) -> Prepared:
    prepared = preparing.prepared(session, revision)
    if prepared is None:
        raise Refused(say("这份稿件同意之后又有新版本公示，请退回重新审核。"))
    return prepared


def _next_number(session: Session, publication: Publication) -> str:
    kind = KINDS[publication.kind]
    return numbers.next_number(session, kind.prefix, clock.today().year, kind.digits)


def _face(session: Session, publication: Publication) -> Face:
    return session.get_one(Face, publication.number)


def _releases(session: Session, number: str) -> list[Release]:
    return list(session.scalars(sa.select(Release).where(Release.number == number).order_by(Release.version)))
