"""The public face: what lists, filters, feeds and search need of a release, from released values alone."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import shanghai_date
from portal.ledger.models import Entry
from portal.publications import tallying
from portal.publications.models import DrawnFace, Face, Release
from portal.redaction.masking import has_marker

HIDDEN = {"withdraw": "withdrawn", "hold": "held", "expire": "expired", "erase": "erased"}


def read(body: str) -> dict[str, Any]:
    """A release's ``record.json`` as values."""
    record: dict[str, Any] = json.loads(body)
    return record


def show(session: Session, release: Release, fields: Mapping[str, Any], entry: Entry) -> Face:
    """Make the release the live face of its number."""
    before = tallying.of(session, release.number)
    face = session.get(Face, release.number)
    if face is None:
        on = shanghai_date(entry.at)
        face = Face(number=release.number, kind=release.kind, published_on=on, year=on.year)
        session.add(face)
    face.department_code = release.department_code
    face.face, face.live = "live", True
    face.version, face.release_id = release.version, release.id
    face.entry_index, face.changed_at = entry.index, entry.at
    face.corrected = bool(face.corrected) or release.act == "correct"
    for name, value in columns(release.kind, fields).items():
        setattr(face, name, value)
    session.flush()
    tallying.move(session, before, tallying.of(session, release.number))
    if release.kind == "task":
        _name_drawn(session, release.number, fields.get("drawn"))
    return face


def new_face(release: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The face that :func:`show` gives to the first release of a result, as a row."""
    on = shanghai_date(release["published_at"])
    return {
        "number": release["number"], "kind": release["kind"], "department_code": release["department_code"],
        "face": "live", "live": True, "version": release["version"], "release_id": release["release_id"],
        "entry_index": release["entry_index"], "published_on": on, "year": on.year,
        "changed_at": release["published_at"], "corrected": False,
    } | columns(release["kind"], fields)  # fmt: skip


def hide(session: Session, face: Face, entry: Entry) -> None:
    """Leave the line and take the words: number, department and dates stay."""
    tallying.move(session, tallying.of(session, face.number), Counter())
    face.face, face.live = HIDDEN[entry.type], False
    face.entry_index, face.changed_at = entry.index, entry.at
    for name, value in columns(face.kind, {}).items():
        setattr(face, name, value)
    _name_drawn(session, face.number, None)


def _name_drawn(session: Session, number: str, drawn: Any) -> None:
    """Keep who a live announcement names, so that an entity's page knows its tasks."""
    session.execute(sa.delete(DrawnFace).where(DrawnFace.number == number))
    rows = drawn if isinstance(drawn, list) else []
    session.add_all(
        DrawnFace(number=number, entity_code=row["entity_code"].upper(), entity_name=row["entity_name"])
        for row in rows
        if _link(row.get("entity_code")) and row.get("entity_name")
    )


def columns(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The face's columns that come from a released body; empty ones when there is none."""
    drawn_or_found = "entity_name" if kind == "result" else "title"
    return {
        "title": _text(fields.get(drawn_or_found)),
        "entity_name": _text(fields.get("entity_name")),
        "entity_code": _link(fields.get("entity_code")).upper(),
        "outcomes": outcome_codes(fields),
        "items": item_names(fields) if kind == "result" else "",
        "region": code_of(fields.get("region")),
        "task_no": _link(fields.get("task_no" if kind == "result" else "source_number")) if kind in ("task", "result") else "",
        "plan_no": _link(fields.get("source_number" if kind == "plan" else "plan_no")),
        "source_number": _link(fields.get("source_number")),
        "rectifies": _link(fields.get("rectifies")),
        "happened_on": _date(fields.get("inspected_on") or fields.get("drawn_on") or fields.get("effective_from")),
        "ad_hoc": code_of(fields.get("task_source")) == "adhoc",
        "summary": summary(kind, fields) if fields else "",
    }  # fmt: skip


def reason_of(entry: Entry, face: Face | None) -> str:
    """The public reason of an act; none when it speaks of words that are off now.

    What took them off says why in any case.
    """
    if face is None or face.live or entry.type in HIDDEN:
        return entry.reason
    return ""


def outcome_codes(fields: Mapping[str, Any]) -> str:
    """The outcomes of all rows as ``|6|1|``, each once, in the order of the rows."""
    codes: dict[str, None] = {}
    for row in fields.get("items") or []:
        for outcome in row.get("outcomes") or [] if isinstance(row.get("outcomes"), list) else []:
            codes[outcome["code"]] = None
    return f"|{'|'.join(codes)}|" if codes else ""


def item_names(fields: Mapping[str, Any]) -> str:
    """What a result is about, a name a line with a line end before and after each; withheld names are left out.

    >>> item_names({"items": [{"item": "甲"}, {"item": "甲"}, {"item": "乙"}]})
    '\\n甲\\n乙\\n'
    """
    rows = fields.get("items")
    told = (_link(row.get("item")) for row in rows) if isinstance(rows, list) else ()
    names = dict.fromkeys(" ".join(name.split()) for name in told if name.strip())
    return "\n" + "\n".join(names) + "\n" if names else ""


def code_of(value: Any) -> str:
    """The code inside a code value; empty for an absent or withheld one."""
    return str(value.get("code", "")) if isinstance(value, Mapping) else ""


def summary(kind: str, fields: Mapping[str, Any]) -> str:
    """One Chinese line under a title in lists, from released values."""
    rows = fields.get("items") or []
    if kind == "result":
        labels = Counter(
            outcome["label"]
            for row in rows
            if isinstance(row.get("outcomes"), list)
            for outcome in row["outcomes"]
        )
        return "；".join(f"{times}项{label}" if len(rows) > 1 else label for label, times in labels.items())
    if kind == "task":
        pool = f"，名录库{fields['pool_size']}户" if fields.get("pool_size") else ""
        return f"随机抽取{fields['sample_size']}户{pool}" if fields.get("sample_size") else ""
    return f"共{len(rows)}项"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _link(value: Any) -> str:
    """A number by which records are found beside each other; a withheld one leads nowhere."""
    return "" if has_marker(_text(value)) else _text(value)


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:  # a withheld date is a marker
        return None
