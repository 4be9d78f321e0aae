"""一对象一档案 (T1, G32): one case as one file for the archive, in the order in which it came about."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session

from portal.files import Store
from portal.ledger.models import Entry
from portal.objections.models import Objection
from portal.people.models import Person
from portal.publications.models import Face

SECRET = {"key_hash", "code_hash"}  # they open the case to whoever could guess what they were made from
EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 2**20

ROWS = (
    "steps", "terms", "files", "supplements", "officers", "dispensations", "rechecks", "decisions", "deliveries",
    "documents",
)  # fmt: skip


class _Sink:
    """Where the archive is written to: what has come together since it was last asked."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""

    def taken(self) -> bytes:
        data, self._parts = b"".join(self._parts), []
        return data


def members(session: Session, objection: Objection, papers: Mapping[str, str]) -> dict[str, bytes]:
    """What the archive holds beside the files: the case as data, its papers as pages, its lines of the ledger.

    :param papers: the pages of its papers by their name, as the door rendered them.
    """
    case = json.dumps(facts(session, objection), ensure_ascii=False, indent=1, default=_plain)
    found = {"case.json": case.encode()}
    found |= {f"papers/{name}.html": page.encode() for name, page in papers.items()}
    for entry in entries(session, objection):
        found[f"ledger/{entry.index}.json"] = entry.body
    return found


def files_of(objection: Objection) -> dict[str, str]:
    """The names of the files in the archive with those under which they are stored."""
    return {f"files/{each.id:04d}-{each.name}": each.stored for each in objection.files}


def stream(
    folder: str, members: Mapping[str, bytes], files: Mapping[str, str], store: Store
) -> Iterator[bytes]:
    """The archive, piece by piece; whatever it needs of the database was read before.

    A file that the store has lost is said in a line of its own, for the rest must still be had.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            archive.writestr(_named(folder, name), data)
            yield sink.taken()
        for name, stored in files.items():
            yield from _copied(archive, sink, _named(folder, name), store, stored)
    yield sink.taken()


def _copied(
    archive: zipfile.ZipFile, sink: _Sink, member: zipfile.ZipInfo, store: Store, stored: str
) -> Iterator[bytes]:
    try:
        source = store.open(stored)
    except FileNotFoundError:
        member.filename += ".missing"
        archive.writestr(member, b"")
        return
    with source, archive.open(member, "w") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
            yield sink.taken()


def facts(session: Session, objection: Objection) -> dict[str, Any]:
    """Every row of a case as data, with the names of the people in it."""
    found = _row(objection)
    found |= {name: [_row(each) for each in getattr(objection, name)] for name in ROWS}
    ids = {value for row in _all_rows(found) for name, value in row.items() if _is_person(name) and value}
    ids |= {each for row in found["rechecks"] for each in row["present"]}
    names = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids)))
    return found | {"people": {str(row.id): row.name for row in names}}


def entries(session: Session, objection: Objection) -> list[Entry]:
    """The ledger's lines about a case, and the one by which its result stands in public now."""
    wanted = {objection.entry_index, objection.ended_index}
    wanted |= {each.entry_index for each in objection.terms}
    face = session.get(Face, objection.result_number)
    if face is not None:
        wanted.add(face.entry_index)
    chosen = sa.select(Entry).where(Entry.index.in_([each for each in wanted if each is not None]))
    return list(session.scalars(chosen.order_by(Entry.index)))


def _all_rows(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield found
    for name in ROWS:
        yield from found[name]


def _is_person(column: str) -> bool:
    return column.endswith("by_id") or column == "person_id"


def _row(thing: DeclarativeBase) -> dict[str, Any]:
    columns = sa.inspect(type(thing)).columns.keys()
    return {name: getattr(thing, name) for name in columns if name not in SECRET}


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no place in an archive")


def _named(folder: str, name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(f"{folder}/{name}", date_time=EPOCH)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o600 << 16
    return made
