"""What one erasure takes away: worked out from the revisions each time, and written down nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.erasing.blanking import (
    MARKER,
    TEXTS,
    blanked,
    emptied,
    former_words,
    moved,
    without,
    words_at,
    words_of_record,
)
from portal.publications.fields import Kind
from portal.publications.kinds import KINDS
from portal.publications.models import Publication, Revision
from portal.publications.scope import standing


@dataclass(frozen=True)
class Taking:
    """The words of one erasure. For as long as the worker's last place that needs them, never stored."""

    kind: Kind
    number: str
    standing: Revision
    revisions: Sequence[Revision]
    paths: tuple[str, ...]
    words: frozenset[str]

    @property
    def is_whole(self) -> bool:
        return not self.paths

    def rewritten(self, revision: Revision) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A revision's content and marks when the words are gone."""
        if self.is_whole:
            return emptied(self.kind, revision.content), []
        here = {path: moved(path, self.standing.content, revision.content) for path in self.paths}
        former = {path: former_words(path, self.standing.content, revision.content) for path in self.paths}
        whole = [there for path, there in here.items() if there and former[path]]
        marked = [there for there in here.values() if there]
        return without(self.kind, revision.content, revision.marks, self.words, marked=marked, whole=whole)

    def blanked(self, text: str) -> str:
        """A note, a message, a cell without the words."""
        return blanked(text, self.words)


def taking(session: Session, publication: Publication, paths: Sequence[str]) -> Taking | None:
    """What an erasure of a publication would take; None when nothing of it was ever public."""
    now = standing(session, publication)
    if now is None:
        return None
    query = sa.select(Revision).where(Revision.publication_id == publication.id).order_by(Revision.id)
    revisions, kind = session.scalars(query).all(), KINDS[publication.kind]
    words: set[str] = set()
    for revision in revisions:
        if not paths:
            words |= words_of_record(kind, revision.content)
        for path in paths:
            words |= former_words(path, now.content, revision.content)
    for path in paths:
        words |= words_at(kind, path, now.content, now.marks)
    return Taking(kind, publication.number or "", now, revisions, tuple(paths), frozenset(words - {MARKER}))


@dataclass(frozen=True)
class Erasable:
    """One text of a record that can be erased alone: where it stands, and whether it is withheld there now."""

    path: str
    label: str
    label_en: str
    row: int  # from 1; 0 outside tables
    withheld: bool
    former: bool


def erasable(session: Session, publication: Publication) -> list[Erasable]:
    """The texts that the public reads no more and that are still kept: withheld now, or of an earlier version."""
    found = taking(session, publication, ())
    if found is None:
        return []
    now = found.standing
    there = []
    for path, row, label, label_en in _paths(found.kind, now.content):
        withheld = bool(words_at(found.kind, path, now.content, now.marks) - {MARKER})
        former = any(former_words(path, now.content, each.content) for each in found.revisions)
        if withheld or former:
            there.append(Erasable(path, label, label_en, row, withheld, former))
    return there


def _paths(kind: Kind, content: Mapping[str, Any]) -> list[tuple[str, int, str, str]]:
    found = []
    for field in kind.fields:
        if not field.public:
            continue
        if field.type in TEXTS:
            found.append((field.name, 0, field.label, field.label_en))
        if field.type == "rows":
            found.append((field.name, 0, field.label, field.label_en))
            found += [
                (f"{field.name}/{at}/{each.name}", at + 1, each.label, each.label_en)
                for at, _ in enumerate(content.get(field.name) or [])
                for each in field.rows
                if each.public and each.type in TEXTS and each.name != "seq"
            ]
    return found
