"""One publication as a JSON object, for whoever takes the data away: the read API, JSON Lines, bulk files.

Made of the public face and the released body alone. :mod:`portal.exports.resource_schema` says what it holds.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import stamp
from portal.codes.models import Department
from portal.ledger.models import Entry
from portal.objections import public_reading
from portal.publications import facing, queries
from portal.publications.fields import Kind
from portal.publications.kinds import KINDS
from portal.publications.models import Face, Release

Resource = dict[str, Any]
CHUNK = 500  # numbers in one question: SQLite takes 32,766 values, PostgreSQL plans a few hundred well


def resources(session: Session, numbers: Sequence[str]) -> Iterator[Resource]:
    """The publications with some numbers as they stand now, in the order given.

    What was taken down is a ``gone`` resource, without a word of its own; a number nobody has is left out.
    Asks in chunks and keeps one of them at a time: the numbers may be a hundred thousand.
    """
    for start in range(0, len(numbers), CHUNK):
        wanted = numbers[start : start + CHUNK]
        faces = queries.faces(session, wanted)
        known = Known.of(session, faces.values())
        yield from (known.resource(faces[number]) for number in wanted if number in faces)


def resource(session: Session, face: Face) -> Resource:
    """One publication as it stands now."""
    return Known.of(session, [face]).resource(face)


@dataclass(frozen=True)
class Known:
    """What some faces need beside themselves, read at once: four questions however many they are."""

    releases: Mapping[int, Release]
    contested: Collection[str]
    entries: Mapping[int, Entry]
    departments: Mapping[str, Department] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, faces: Collection[Face]) -> "Known":
        """Read it for faces of one request."""
        shown = [face.release_id for face in faces if face.live]
        releases = session.scalars(sa.select(Release).where(Release.id.in_(shown)))
        off = [face.entry_index for face in faces if not face.live]
        return cls(
            releases={each.id: each for each in releases},
            contested=public_reading.under_objection(
                session, {face.number for face in faces if face.kind == "result" and face.live}
            ),
            entries=queries.entries_at(session, off) if off else {},
            departments=queries.departments(session),
        )

    def resource(self, face: Face) -> Resource:
        """The face as a live resource, or as one that is gone."""
        release = self.releases.get(face.release_id) if face.live else None
        if release is None or release.body is None:
            return self._gone(face)
        return self._live(face, release, json.loads(release.body))

    def _live(self, face: Face, release: Release, record: Mapping[str, Any]) -> Resource:
        kind = KINDS[face.kind]
        return {
            **self._head(face),
            "state": "live",
            "corrected": face.corrected,
            "contested": face.number in self.contested,
            "version": face.version,
            "record_hash": release.record_hash,
            "record_json": f"{path(face)}/record.json",
            "title": face.title,
            "source_number": face.source_number or None,
            "task_no": face.task_no or None,
            "plan_no": face.plan_no or None,
            "fields": released_fields(kind, record),
            "notes": public_notes(kind, record.get("notes", [])),
            "attachments": [_attachment(face, each) for each in record.get("attachments", [])],
        }

    def _gone(self, face: Face) -> Resource:
        """A held publication has been read away between two questions: it is gone as well."""
        entry = self.entries.get(face.entry_index)
        return {
            **self._head(face),
            "state": "held" if face.live else face.face,
            "reason": (facing.reason_of(entry, face) or None) if entry else None,
        }

    def _head(self, face: Face) -> Resource:
        return {
            "number": face.number,
            "kind": face.kind,
            "permalink": path(face),
            "department": self._department(face.department_code),
            "published_on": face.published_on.isoformat(),
            "changed_at": stamp(face.changed_at),
            "entry": face.entry_index,
        }

    def _department(self, code: str) -> Resource:
        known = self.departments.get(code)
        label = known.label if known else code
        return {"code": code, "label": label, "label_en": (known.label_en if known else "") or label}


def path(face: Face) -> str:
    """The permanent address of a publication on this site, without language and display."""
    return f"/{KINDS[face.kind].plural}/{face.number}"


def released_fields(kind: Kind, record: Mapping[str, Any]) -> Resource:
    """The allow-listed fields in the order of the kind, as released; absent ones are null."""
    fields = record["fields"]
    return {each.name: fields.get(each.name) for each in kind.public_fields()}


def public_notes(kind: Kind, notes: Sequence[Mapping[str, str]]) -> list[Resource]:
    """Why which part is withheld; of what no reader meets there is no note."""
    shown = {each.name: {row.name for row in each.rows if row.public} for each in kind.public_fields()}

    def is_met(place: str) -> bool:
        name, _slash, rest = place.partition("/")
        column = rest.partition("/")[2]
        return name in shown and (not column or column in shown[name])

    return [dict(note) for note in notes if is_met(note["path"])]


def _attachment(face: Face, each: Mapping[str, Any]) -> Resource:
    if each.get("withheld"):
        return dict(each)
    return {**each, "path": f"{path(face)}/files/{each['n']}.pdf"}
