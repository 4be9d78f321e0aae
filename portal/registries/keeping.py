"""Keeping the registries: what a file or a person says of an object, what changes by it, and the version that tells.

Nothing is ever deleted. A line that changes gets a new version with all its values; one that says what stands
there already gets none. A code (of inspectors, the keyed hash of the identity-card number) stands for one line.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Overtaken, refuse_if
from portal.ledger import numbers
from portal.people import roles
from portal.people.models import Person
from portal.registries.models import InspectedObject, Inspector, InspectorVersion, ObjectVersion
from portal.words import Sentence, say

OWN_PREFIX, OWN_DIGITS = "DX", 6  # the numbers of objects that have none (D20)

Became = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True)
class Registry:
    """One of the two registries: its table, the table of its versions, what a version keeps."""

    name: str
    model: type[Any]
    versions: type[Any]
    owner: str  # column of the versions that names the line
    key: str  # column of the line that tells it from others
    kept: tuple[str, ...]


OBJECTS = Registry(
    "object",
    InspectedObject,
    ObjectVersion,
    "object_id",
    "code",
    (
        "code", "name", "kind", "region", "registration_authority", "address", "state", "tags",
        "department_code", "internal_id", "phone", "risk_class",
    ),
)  # fmt: skip
INSPECTORS = Registry(
    "inspector",
    Inspector,
    InspectorVersion,
    "inspector_id",
    "key",
    ("name", "department_code", "qualifications", "items", "active"),
)
REGISTRIES = {each.name: each for each in (OBJECTS, INSPECTORS)}


@dataclass(frozen=True)
class Line:
    """What a source says of one line.

    :param told: the columns it speaks of, empty ones too: they replace what stands there.
    :param otherwise: what a new line begins with where the source is silent.
    :param source: file and row; empty when a person wrote it.
    """

    key: str
    told: Mapping[str, Any]
    otherwise: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


def inspector_key(secret: str, identity_number: str) -> str:
    """By what an inspector is known again: HMAC-SHA-256 of the number under the site's secret, hex (W3, GA22).

    The number itself is needed for nothing and is kept nowhere. With another secret nobody is known again.
    """
    return hmac.digest(secret.encode(), f"inspector {identity_number}".encode(), "sha256").hex()


def why_not_keep(person: Person, department: str) -> list[Sentence]:
    """Why this person may not change a department's lines."""
    return roles.why_not(person, "keep_registries", department=department)


# ── what would change ────────────────────────────────────────


def standing(session: Session, registry: Registry, keys: Iterable[str]) -> dict[str, Any]:
    """The lines that are there, by key."""
    column = getattr(registry.model, registry.key)
    wanted = sa.select(registry.model).where(column.in_(list(keys)))
    return {getattr(each, registry.key): each for each in session.scalars(wanted)}


def became(registry: Registry, line: Line, there: Any | None) -> Became:
    """What a line would make of what stands there; one that is gone from the registry comes back."""
    if there is None:
        return "new"
    moved = any(getattr(there, name) != value for name, value in line.told.items())
    return "changed" if moved or there.gone_at is not None else "unchanged"


def why_not_theirs(there: Any | None, department: str) -> list[Sentence]:
    """Who keeps a line, changes it; another department's file does not."""
    if there is None or there.department_code == department:
        return []
    return [say("这一条由其他部门维护，没有改动；需要改动或者移交的，请联系维护部门。")]


# ── acts ─────────────────────────────────────────────────────


def take(
    session: Session, registry: Registry, lines: Sequence[Line], *, by: Person, seen_in: int | None = None
) -> dict[Became, int]:
    """Write lines, each key once; a version for each that is new or changed.

    :param seen_in: the import that brings them: what a complete file does not hold is told by it.
    """
    there = standing(session, registry, [line.key for line in lines])
    found: dict[Became, list[Line]] = {"new": [], "changed": [], "unchanged": []}
    for line in lines:
        found[became(registry, line, there.get(line.key))].append(line)
    made = _add(session, registry, found["new"], seen_in)
    for line in found["changed"]:
        one = there[line.key]
        for name, value in line.told.items():
            setattr(one, name, value)
        one.gone_at, one.version = None, one.version + 1
        made.append((one, line.source))
    if seen_in is not None:
        for line in (*found["changed"], *found["unchanged"]):
            there[line.key].seen_in = seen_in
    _write_versions(session, registry, made, by)
    return {how: len(those) for how, those in found.items()}


def retire(
    session: Session, registry: Registry, department: str, *, by: Person, seen_in: int, source: str, most: int
) -> int:
    """Mark lines of a department that a complete file did not hold as gone; at most so many, none when done."""
    missing = (
        sa.select(registry.model)
        .where(not_held(registry, department, seen_in))
        .order_by(registry.model.id)
        .limit(most)
    )
    made = []
    for one in session.scalars(missing):
        one.gone_at, one.version = clock.now(), one.version + 1
        made.append((one, source))
    _write_versions(session, registry, made, by)
    return len(made)


def not_held(registry: Registry, department: str, seen_in: int) -> sa.ColumnElement[bool]:
    """What an import did not bring, of a department's lines that are not gone yet."""
    model = registry.model
    seen = sa.or_(model.seen_in.is_(None), model.seen_in != seen_in)
    return sa.and_(model.department_code == department, model.gone_at.is_(None), seen)


def change(
    session: Session, registry: Registry, one: Any, values: Mapping[str, Any], *, by: Person, seen: int
) -> bool:
    """Change a line by hand; whether anything changed.

    :param seen: the version the person was looking at.
    :raises Overtaken: when somebody changed it meanwhile.
    """
    refuse_if(why_not_keep(by, one.department_code))
    line = Line(getattr(one, registry.key), dict(values))
    if one.version == seen and became(registry, line, one) == "unchanged":
        return False
    moved = session.execute(
        sa.update(registry.model)
        .where(registry.model.id == one.id, registry.model.version == seen)
        .values(version=seen + 1, gone_at=None, **values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Overtaken(say("这一条刚刚被别人改动过，您的改动没有保存；请刷新页面查看后再改。"))
    session.refresh(one)
    _write_versions(session, registry, [(one, "")], by)
    return True


def own_numbers(session: Session, count: int) -> list[str]:
    """Numbers for objects that have none (D20), such as ``DX-2026-000001``; the ledger's head is locked by it."""
    if not count:
        return []
    return numbers.next_numbers(session, OWN_PREFIX, clock.today().year, OWN_DIGITS, count)


def own_number_of(session: Session, name: str, kind: str, address: str, department: str) -> str:
    """The number that an object without a code got before, when it comes again as the same name and place; empty: none."""
    wanted = sa.select(InspectedObject.code).where(
        InspectedObject.name == name,
        InspectedObject.kind == kind,
        InspectedObject.address == address,
        InspectedObject.department_code == department,
        InspectedObject.code.startswith(f"{OWN_PREFIX}-"),
    )
    return session.scalar(wanted.order_by(InspectedObject.id).limit(1)) or ""


# ── how ──────────────────────────────────────────────────────


def values_of(registry: Registry, one: Any) -> dict[str, Any]:
    """Every column that a version keeps."""
    return {name: getattr(one, name) for name in registry.kept}


def _add(
    session: Session, registry: Registry, lines: Sequence[Line], seen_in: int | None
) -> list[tuple[Any, str]]:
    made = [
        registry.model(
            **{**_EMPTY[registry.name], **line.otherwise, **line.told, registry.key: line.key},
            version=1,
            seen_in=seen_in,
        )
        for line in lines
    ]
    session.add_all(made)
    session.flush()
    return [(one, line.source) for one, line in zip(made, lines, strict=True)]


_EMPTY: Mapping[str, Mapping[str, Any]] = {
    "object": dict.fromkeys(OBJECTS.kept, "") | {"state": "live", "kind": "other"},
    "inspector": {"name": "", "qualifications": "", "items": "", "active": True},
}


def _write_versions(
    session: Session, registry: Registry, made: Sequence[tuple[Any, str]], by: Person
) -> None:
    if not made:
        return
    session.flush()
    now = clock.now()
    rows = [
        {
            registry.owner: one.id,
            "version": one.version,
            "at": now,
            "by_id": by.id,
            "source": source[:200],
            "values": values_of(registry, one),
            "gone": one.gone_at is not None,
        }
        for one, source in made
    ]
    session.execute(sa.insert(registry.versions), rows)
