"""What changed since a ledger line: so that a copy elsewhere stays current and drops what was taken down.

A change names the act and brings the publication **as it stands now**, not as it stood then: what was withdrawn
since is nowhere to be had. Applying one twice, or an old one after a newer, ends at the same; a copy that has applied
every change up to the head equals the site.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import stamp
from portal.errors import Overtaken
from portal.exports.resource import Known, Resource
from portal.ledger.models import Entry
from portal.publications import facing, queries
from portal.publications.models import Face, Release
from portal.words import say


@dataclass(frozen=True)
class Changes:
    """Some changes in the ledger's order.

    :param after: the ledger index to ask from next time: the last change's, or the head's when there is no more.
    :param head: the index of the ledger's newest line; −1 when it is empty.
    """

    changes: Sequence[Resource]
    after: int
    head: int

    @property
    def is_current(self) -> bool:
        return self.after == self.head


def changes(session: Session, after: int, limit: int) -> Changes:
    """The public acts on publications after a ledger line, of −1 all.

    :raises Overtaken: when the ledger is not that long: the copy followed another one.
    """
    head = queries.ledger_size(session) - 1  # before the entries: what comes in between is told next time
    if after > head:
        raise Overtaken(
            say(
                "公示存证的最后一号是{head}，没有到{after}。您的副本跟的不是这一份存证，请从after=-1重新读。",
                head=head,
                after=after,
            )
        )
    lines = _lines(session, after, head, limit + 1)
    told = lines[:limit]
    known = Known.of(session, {face.number: face for _, face in told}.values())
    dropped = _dropped(session, {face.number for _, face in told if face.live})
    return Changes(
        [_change(entry, face, known, dropped.get(face.number, [])) for entry, face in told],
        after=told[-1][0].index if len(lines) > limit else head,
        head=head,
    )


def _lines(session: Session, after: int, head: int, limit: int) -> list[tuple[Entry, Face]]:
    query = (
        sa.select(Entry, Face)
        .join(Face, Face.number == Entry.number)
        .where(Entry.index > after, Entry.index <= head)
        .order_by(Entry.index)
        .limit(limit)
    )
    return [(entry, face) for entry, face in session.execute(query)]


def _dropped(session: Session, numbers: Collection[str]) -> dict[str, list[int]]:
    """The versions of live publications whose words are off for good."""
    query = sa.select(Release.number, Release.version).where(
        Release.number.in_(numbers), Release.body.is_(None)
    )
    found: dict[str, list[int]] = {}
    for number, version in session.execute(query.order_by(Release.number, Release.version)):
        found.setdefault(number, []).append(version)
    return found


def _change(entry: Entry, face: Face, known: Known, dropped: list[int]) -> dict[str, Any]:
    return {
        "entry": entry.index,
        "act": entry.type,
        "at": stamp(entry.at),
        "number": face.number,
        "reason": facing.reason_of(entry, face) or None,
        "drop_versions": dropped,
        "publication": known.resource(face),
    }
