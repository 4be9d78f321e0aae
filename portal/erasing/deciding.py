"""The life of an erasure, in order: proposed, refused or agreed to, done. Nothing here commits.

At agreement everything that the public can reach goes, in the act's own transaction; the internal places follow
one by one, see ``working.py``.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.erasing import requirements
from portal.erasing.models import Erasure, ErasurePlace, ErasureStep
from portal.erasing.places import PLACES, PLACES_OUTSIDE
from portal.erasing.requirements import Proposed
from portal.erasing.taking import Taking, taking
from portal.errors import Overtaken, Refused, refuse_if
from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.ledger.models import Entry
from portal.outbox.posting import post
from portal.people.finding import holders
from portal.people.models import Person
from portal.publications import facing, lines, locking, projections, superseded
from portal.publications.models import Face, Hold, ListedItem, Publication, Release
from portal.publications.scope import standing
from portal.stepping import take
from portal.words import say

PUBLIC = "public"


def propose(session: Session, publication: Publication, proposed: Proposed, *, by: Person) -> Erasure:
    """Propose to erase a record, or some of its texts, from every version."""
    refuse_if(requirements.why_not_proposed(session, publication, proposed, by))
    erasure = Erasure(
        publication=publication,
        number=publication.number,
        department_code=publication.department_code,
        paths=sorted(set(proposed.paths)),
        ground=proposed.ground,
        basis=proposed.basis.strip(),
        reason=proposed.reason.strip(),
        state="proposed",
    )
    session.add(erasure)
    session.flush()
    _step(session, erasure, "proposed", by)
    _tell_the_head(session, erasure)
    return erasure


def refuse(session: Session, erasure: Erasure, *, by: Person, note: str, seen: int | None = None) -> None:
    """The head does not agree; nothing is erased."""
    refuse_if(requirements.why_not_refuse(erasure, by))
    if not note.strip():
        raise Refused(say("请写明不同意的理由，提出的人才知道怎样办理。"))
    _step(session, erasure, "refused", by, note.strip(), seen)


def agree(session: Session, erasure: Erasure, *, by: Person, seen: int | None = None) -> Entry:
    """Erase. What the public can reach goes now, and this can not be undone."""
    book.lock(session)  # first: no version may come between the looking and the writing
    refuse_if(requirements.why_not_agree(session, erasure, by))
    _step(session, erasure, "agreed", by, "", seen)
    found = taking(session, erasure.publication, erasure.paths)
    assert found is not None  # why_not_agree
    bodies = _public_bodies(session, erasure)
    entry = _write(session, erasure, len(bodies))
    _take_off(session, erasure, entry)
    said_too_much = _reasons_that_say_it(session, found, entry)
    for each in said_too_much:
        each.reason = ""  # the hash stays in the entry's bytes
    erasure.entry_index, erasure.publication.being_erased = entry.index, True
    erasure.places = [ErasurePlace(name=name, count=0) for name in (PUBLIC, *PLACES, *PLACES_OUTSIDE)]
    erasure.places[0].count, erasure.places[0].done_at = len(bodies) + len(said_too_much), clock.now()
    session.flush()
    return entry


def _tell_the_head(session: Session, erasure: Erasure) -> None:
    for head in holders(session, "head", erasure.department_code):
        if head.email:
            post(
                session, key=f"erasure/{erasure.id}/{head.id}", topic="erasure", channel="email",
                to_address=head.email, to_name=head.name, about=f"/staff/erasures/{erasure.id}",
                subject=say("请决定是否依法删除：{number}", number=erasure.number),
                body=say("有人提出依法删除{number}的公示内容，请查看后同意或者不同意。删除后不能恢复。", number=erasure.number),
                department_code=head.department_code,
            )  # fmt: skip


def public_words(erasure: Erasure) -> str:
    """The line that stays: what was removed and why, on what basis."""
    return f"{_ended(erasure.reason)}依据：{erasure.basis.rstrip('。')}。"


def _ended(text: str) -> str:
    return text if text.endswith(("。", "！", "；", ".")) else text + "。"


def _public_bodies(session: Session, erasure: Erasure) -> list[Release]:
    """The versions concerned: all of them, or all before the newest, which withholds the words already."""
    query = sa.select(Release).where(Release.number == erasure.number).order_by(Release.version)
    if not erasure.is_whole:
        query = query.where(Release.version < erasure.publication.version)
    return list(session.scalars(query))


def _write(session: Session, erasure: Erasure, versions: int) -> Entry:
    return book.write(
        session,
        EntryDraft(
            type="erase",
            number=erasure.number,
            version=erasure.publication.version,
            reason=public_words(erasure),
            basis=lines.BASIS["erase"],
            extra={
                "scope": "whole" if erasure.is_whole else "part",
                "ground": erasure.ground,
                "versions": versions,
                "fields": len(erasure.paths),
            },
            department_code=erasure.department_code,
        ),
    )


def _take_off(session: Session, erasure: Erasure, entry: Entry) -> None:
    face, publication = session.get_one(Face, erasure.number), erasure.publication
    if not erasure.is_whole:
        now = standing(session, publication)
        files = now.attachments if now else ()
        superseded.take_off(session, publication.id, erasure.number, publication.version, files)
        if face.live:  # the newest act entry; what is on hold goes on saying that it is
            face.entry_index, face.changed_at = entry.index, entry.at
        locking.follow(session, publication)
        return
    superseded.take_off(session, publication.id, erasure.number, publication.version + 1)
    locking.follow(session, publication)
    facing.hide(session, face, entry)
    held = sa.update(Hold).where(Hold.publication_id == publication.id, Hold.ended_at.is_(None))
    session.execute(held.values(ended_at=clock.now()))
    projections.forget(session, publication)
    session.execute(sa.delete(ListedItem).where(ListedItem.publication_id == publication.id))


def _reasons_that_say_it(session: Session, found: Taking, entry: Entry) -> list[Entry]:
    """Public reasons of earlier acts on the number: of a whole record all, else those that hold the words."""
    query = sa.select(Entry).where(
        Entry.number == found.number, Entry.index < entry.index, Entry.reason != ""
    )
    acts = query.where(Entry.type.in_(("adjust", "correct", "withdraw", "restore", "erase", "draw_result")))
    return [
        each
        for each in session.scalars(acts)
        if (found.is_whole and each.type != "erase") or found.blanked(each.reason) != each.reason
    ]


def _step(
    session: Session, erasure: Erasure, state: str, by: Person | None, note: str = "", seen: int | None = None
) -> None:
    step = ErasureStep(
        erasure_id=erasure.id, state=state, by_id=by.id if by else None, at=clock.now(), note=note
    )
    if not take(session, erasure, step, seen):
        raise Overtaken(say("这项删除刚刚有人办理，您的操作没有执行；请刷新页面查看后再办理。"))
    session.expire(erasure, ["steps"])


def finish(session: Session, erasure: Erasure) -> None:
    """Every place is reached. Of nobody: the worker saw the last one done."""
    erasure.publication.being_erased = False
    _step(session, erasure, "done", None)
