"""What one erasure takes away: worked out from the revisions each time, and written down nowhere."""

from collections.abc import Iterator, Mapping, Sequence
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

    def blanked_in(self, value: Any) -> Any:
        """The same for every text in a JSON value."""
        if isinstance(value, str):
            return self.blanked(value)
        if isinstance(value, list):
            return [self.blanked_in(each) for each in value]
        if isinstance(value, dict):
            return {name: self.blanked_in(each) for name, each in value.items()}
        return value


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
class Text:
    """One text of a record by its place.

    :param row: from 1; 0 outside tables.
    """

    path: str
    label: str
    label_en: str
    row: int = 0


@dataclass(frozen=True)
class Erasable(Text):
    """One that can be erased alone: withheld in the standing version, or said otherwise in another."""

    withheld: bool = False
    former: bool = False


def erasable(session: Session, publication: Publication) -> list[Erasable]:
    """The texts that the public reads no more and that are still kept."""
    found = taking(session, publication, ())
    if found is None:
        return []
    now, there = found.standing, list[Erasable]()
    for path in _paths(found.kind, now.content):
        withheld = bool(words_at(found.kind, path, now.content, now.marks) - {MARKER})
        former = any(former_words(path, now.content, each.content) for each in found.revisions)
        if withheld or former:
            text = named_place(found.kind, path)
            there.append(Erasable(path, text.label, text.label_en, text.row, withheld, former))
    return there


def named_place(kind: Kind, path: str) -> Text:
    """What stands at a path, by name."""
    table, _, rest = path.partition("/")
    row, _, column = rest.partition("/")
    field = kind.by_name[table]
    if column:
        field = next(each for each in field.rows if each.name == column)
    return Text(path, field.label, field.label_en, int(row) + 1 if row else 0)


def _paths(kind: Kind, content: Mapping[str, Any]) -> Iterator[str]:
    """Every public text of a record, and its tables."""
    for field in kind.public_fields():
        if field.type in TEXTS or field.type == "rows":
            yield field.name
        for at, _ in enumerate(content.get(field.name) or [] if field.type == "rows" else []):
            for each in field.rows:
                if each.public and each.type in TEXTS and each.name != "seq":
                    yield f"{field.name}/{at}/{each.name}"
