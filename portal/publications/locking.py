"""The lock of a drawn list (D9): with the announcement a ``draw_result`` line goes into the ledger.

The line commits to the list by one salted digest, so that neither list nor attempt can change unseen, while a list
that is not shown yet (不宜告知, A15) stays unknown: a plain hash of firms' codes could be found again by trying.

**The digest** is that of an RFC 9901 disclosure, as every commitment of the ledger
(:mod:`portal.ledger.commitments`)::

    text   = each object's code (the name of what has none) in NFC, sorted by code point, each line ended by "\\n"
    digest = base64url(sha256(base64url(jcs([salt, "drawn_list", text]))))

The salt is made from the key of the announcement's version. It is public, in :class:`LockedList`, for exactly as long
as some public version shows a list that gives the digest. Whoever has ``record.json`` and the salt works it out again.

All other members of the line come from **released** values, so it tells no more than the announcement does: of a draw
narrowed to a risk class there is no pool in it (W2).
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ledger import book
from portal.ledger.commitments import digest, field_disclosure, salt
from portal.ledger.entry import EntryDraft, is_word
from portal.ledger.models import Entry
from portal.publications import drawn
from portal.publications.models import LockedList, Prepared, Publication, Release, Revision

NAME = "drawn_list"
BASIS = "D9"
TYPE = "draw_result"

# member of the line -> released field that it says
NUMBERS = {
    "pool": "pool_size",
    "sample": "sample_size",
    "attempts": "draw_attempts",
    "inspectors": "inspectors_per_object",
    "recusals": "recusals",
    "substitutions": "substitutions",
}


def list_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """The lines that the digest covers.

    >>> list_text([{"entity_code": "B2"}, {"entity_name": "示例桥"}, {"entity_code": "A1", "entity_name": "甲"}])
    'A1\\nB2\\n示例桥\\n'
    """
    lines = sorted(unicodedata.normalize("NFC", drawn.who(row)) for row in rows)
    return "".join(f"{line}\n" for line in lines)


def list_digest(list_salt: str, text: str) -> str:
    """What commits to a list: 43 letters of base64url."""
    return digest(field_disclosure(list_salt, NAME, text))


@dataclass(frozen=True)
class Lock:
    """A line about a draw before the ledger's head is locked."""

    digest: str
    extra: Mapping[str, Any]
    reason: str


def prepare(
    session: Session,
    revision: Revision,
    prepared: Prepared,
    fields: Mapping[str, Any],
    extra: Mapping[str, Any],
) -> Lock | None:
    """The line that goes with an announcement; None when nothing is locked, or nothing changes of what was.

    :param fields: the released ones.
    :param extra: further members of the announcement's own line: with ``draw`` in it, whoever carries it out
        writes the draw's line too (our own draw, portal/draws).
    """
    if revision.kind != "task" or "draw" in extra or not drawn.has_a_draw(revision.content):
        return None
    before = standing_before(session, revision)
    if before is not None and not drawn.is_redrawn(before.content, revision.content):
        return None
    own = list_digest(salt_of(prepared), list_text(drawn.rows_of(revision.content)))
    earlier = newest(session, revision.publication.number or "")
    replaces = {"replaces": earlier.entry_index} if earlier is not None else {}
    reason = revision.reason if before is not None else ""
    return Lock(own, {"draw": "platform", **members(fields), "list": own, **replaces}, reason)


def members(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a line says of a draw beside its list, from released values; null where the announcement says nothing."""
    numbers = {name: _number(fields.get(field)) for name, field in NUMBERS.items()}
    conditions, platform = fields.get("conditions"), fields.get("platform_draw_no")
    hashed = hashlib.sha256(conditions.encode()).hexdigest() if isinstance(conditions, str) else None
    return {**numbers, "conditions": hashed, "platform_no": platform if is_word(platform) else None}


def write(session: Session, publication: Publication, version: int, lock: Lock) -> Entry:
    """Write the line, after the announcement's own and in its transaction."""
    entry = book.write(
        session,
        EntryDraft(
            type=TYPE,
            number=publication.number,
            version=version,
            reason=lock.reason,
            basis=BASIS,
            extra=lock.extra,
            department_code=publication.department_code,
        ),
    )
    locked = LockedList(
        entry_index=entry.index, number=publication.number, version=version, digest=lock.digest
    )
    session.add(locked)
    session.flush()
    return entry


def follow(session: Session, publication: Publication) -> None:
    """Make the salt of each list public that some public version shows whole, and take back every other."""
    if publication.kind != "task" or publication.number is None:
        return
    lists = of_number(session, publication.number)
    texts = _shown(session, publication.number) if lists else []
    for each in lists:
        own = _salt_again(session, publication, each.version) or each.salt  # an erasure destroys the keys
        shown = own and any(list_digest(own, text) == each.digest for text in texts)
        each.salt = own if shown else None
    session.flush()


def salt_of(prepared: Prepared) -> str:
    """The salt of the list that goes out with a version; internal until the list is shown."""
    return salt(bytes.fromhex(prepared.salt_key), f"#{NAME}")


def of_number(session: Session, number: str) -> Sequence[LockedList]:
    """Every list that was locked under an announcement's number, oldest first."""
    wanted = sa.select(LockedList).where(LockedList.number == number).order_by(LockedList.entry_index)
    return session.scalars(wanted).all()


def newest(session: Session, number: str) -> LockedList | None:
    """The one that counts."""
    lists = of_number(session, number) if number else []
    return lists[-1] if lists else None


def standing_before(session: Session, revision: Revision) -> Revision | None:
    """What was public before this revision goes out; the act has marked it as done already."""
    done = (
        sa.select(Revision)
        .join(Prepared, Prepared.revision_id == Revision.id)
        .where(Revision.publication_id == revision.publication_id, Revision.state == "done")
        .where(Revision.id != revision.id, Prepared.version <= revision.publication.version)
        .order_by(Prepared.version.desc(), Revision.id.desc())
        .limit(1)
    )
    return session.scalar(done)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _shown(session: Session, number: str) -> list[str]:
    bodies = sa.select(Release.body).where(Release.number == number, Release.body.is_not(None))
    fields = [json.loads(body)["fields"] for body in session.scalars(bodies) if body]
    return [list_text(each["drawn"]) for each in fields if isinstance(each.get("drawn"), list)]


def _salt_again(session: Session, publication: Publication, version: int) -> str | None:
    wanted = (
        sa.select(Prepared)
        .join(Revision, Revision.id == Prepared.revision_id)
        .where(Revision.publication_id == publication.id, Prepared.version == version)
        .where(Revision.state == "done")
        .limit(1)
    )
    prepared = session.scalar(wanted)
    return salt_of(prepared) if prepared is not None and prepared.salt_key else None
