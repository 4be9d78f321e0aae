"""应隐去未隐去: a new version that withholds what the one before it showed takes every earlier one off."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.attachments import listing, showing
from portal.attachments.listing import Attached
from portal.ledger.models import Entry
from portal.publications.findings import words_under
from portal.publications.models import Release, Revision, TakenDown
from portal.publications.remarking import value_at
from portal.publications.scope import REPLACING, RESCOPE


def withholds_more(session: Session, revision: Revision) -> bool:
    """Whether an adjustment or correction hides words that stand in the version it replaces."""
    if revision.act not in ("adjust", "correct", RESCOPE):
        return False
    before = session.scalars(
        sa.select(Revision)
        .where(Revision.publication_id == revision.publication_id, Revision.id < revision.id)
        .where(Revision.state == "done", Revision.act.in_(REPLACING))
        .order_by(Revision.id.desc())
        .limit(1)
    ).first()
    return before is not None and bool(_hidden(revision) - _hidden(before))


def take_earlier_off(session: Session, revision: Revision, number: str) -> None:
    """Take the words and files of every release so far away for good: no restoration brings them back.

    With them goes every public reason of an earlier act that quotes what is withheld now.
    """
    take_off(session, revision.publication_id, number, revision.publication.version, revision.attachments)
    hidden = words_under(revision.content, revision.marks)
    acts = sa.select(Entry).where(Entry.number == number, Entry.reason != "")
    for entry in session.scalars(acts):
        if any(word in entry.reason for word in hidden):
            entry.reason = ""  # the hash stays in the entry's bytes


def take_off(
    session: Session, publication_id: int, number: str, before: int, kept: Sequence[Attached] | None = None
) -> None:
    """Take the words and files of every release before a version away for good.

    :param kept: the files of the versions that stay; None when none does and an erasure takes the files themselves.
    """
    where = (Release.number == number, Release.version < before)
    earlier = sa.select(Release.id).where(*where)
    session.execute(sa.delete(TakenDown).where(TakenDown.release_id.in_(earlier)))
    session.execute(sa.update(Release).where(*where).values(body=None))
    showing.take_earlier_off(session, publication_id, number, before, kept)


def _hidden(revision: Revision) -> Counter[tuple[str, str]]:
    """The words under each mark with the column they stand in; rows may have moved in between.

    Counted: the same words may stand twice, and be withheld at one of the two places only.
    """
    places = {(mark["path"], mark["start"], mark["end"]): mark for mark in revision.marks}
    found = Counter(_words(revision.content, mark) for mark in places.values())
    if revision.content.get("names_shown") is False:
        found["drawn", ""] += 1
    return found + Counter(listing.hidden(revision.attachments))


def _words(content: dict[str, Any], mark: dict[str, Any]) -> tuple[str, str]:
    table, _, rest = mark["path"].partition("/")
    text = str(value_at(content, mark["path"]))
    return f"{table}/{rest.partition('/')[2]}", text[mark["start"] : mark["end"]]
