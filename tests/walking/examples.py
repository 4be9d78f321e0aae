"""What the parts of addresses may be in the demo: found in its database, so that a new page needs nothing said here.

A rule that answers no page is named by the walk; then say here which values its parts may have, or why it has none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal.db import Base
from portal.publications.kinds import KINDS
from portal.publications.models import Face

# values that exist in the demo, for parts that are no row's number
PARTS: Mapping[str, Sequence[Any]] = {
    "n": (1,),
    "page": (1,),
    "version": (1, 2),
    "kind": ("receipt", "decision", "correction", "supplement", "not_accepted", "passed_on"),
}

# a part that names a row of a table which is not called after it
TABLES: Mapping[str, str] = {
    "person_id": "people",
    "batch_id": "batches",
    "notice_id": "prior_notices",
    "answer_id": "prior_answers",
    "object_id": "inspected_objects",
}

# rules without an example in the demo, and why
NO_EXAMPLE: Mapping[str, str] = {
    "entity.back_from_elsewhere": "answers the provider of the unified sign-in, which the demo has not",
    "public.earlier_checkpoint": "a file",
    "public.tile": "a file",
    "public.due": "data",
    "public.api_codes": "data",
    "push.pushed_record": "data",
    "push.pushed_batch": "data",
    "public.department_feed": "a file",
    "subscriptions.confirmation": "shown to whoever has the mail",
    "subscriptions.own": "shown to whoever has the mail",
    "subscriptions.cancellation": "shown to whoever has the mail",
    "public.oembed": "data",
    "public.newest_export": "a file",
    "public.export_file": "a file",
    "staff.scanned_sheet": "a file",
    "staff.attachment_page": "a picture",
    "entity.declaration": "shown to whoever has just made it, by the cookie of that visit",
    "staff.objection_receipt": "shown after an objection was taken in at the counter",
}
FILE = re.compile(
    r"\.(json|csv|xlsx|ics|pdf|zip|txt|xml|jsonl|rss|atom)$|/proof$|/(picture|photos|files)\b"
)  # of a rule

MOST = 16  # combinations tried of one rule


def values_of(session: Session, rule: Rule, told: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Any]]:
    """Sets of values for the parts of a rule, the likeliest first.

    :param told: what the demo told its objectors: receipts and handles.
    """
    parts = rule.arguments
    if {"plural", "number"} <= parts:
        yield from _records(session, parts)
        return
    named = {name: list(_values(session, rule, name, told)) for name in sorted(parts)}
    for values in islice(product(*named.values()), MOST):
        yield dict(zip(named, values, strict=True))


def _records(session: Session, parts: set[str]) -> Iterator[dict[str, Any]]:
    """Corrected records first: they have everything that a record may have."""
    order = (Face.live.desc(), Face.corrected.desc(), Face.number.desc())
    for number, kind in session.execute(sa.select(Face.number, Face.kind).order_by(*order).limit(MOST)):
        for version in (1, 2) if "version" in parts else (1,):
            every = {"plural": KINDS[kind].plural, "number": number, "version": version, "n": 1}
            yield {name: value for name, value in every.items() if name in parts}


def _values(
    session: Session, rule: Rule, name: str, told: Mapping[str, Sequence[str]]
) -> Iterator[Any] | Sequence[Any]:
    items = getattr(rule._converters[name], "items", None)
    if items:
        return sorted(items)
    if name in told or name in PARTS:
        return told.get(name) or PARTS[name]
    if name == "number":
        return _numbers(session, rule)
    if name == "code":
        often = sa.func.count().desc()
        wanted = sa.select(Face.entity_code).where(Face.live, Face.entity_code != "")
        return session.scalars(wanted.group_by(Face.entity_code).order_by(often).limit(3)).all()
    if name == "task_number":
        return session.scalars(
            sa.select(Face.number)
            .where(Face.kind == "task", Face.live, Face.department_code == "scjg")
            .order_by(Face.number.desc())
            .limit(MOST)
        ).all()
    return _rows(session, name)


def _numbers(session: Session, rule: Rule) -> Sequence[str]:
    kinds = [kind for kind, about in KINDS.items() if rule.rule.startswith(f"/{about.plural}/")]
    wanted = sa.select(Face.number).where(Face.live, Face.kind.in_(kinds or ["result"]))
    return session.scalars(wanted.order_by(Face.corrected.desc(), Face.number.desc()).limit(MOST)).all()


def _rows(session: Session, name: str) -> Sequence[int]:
    stem = name.removesuffix("_id")
    tables = Base.metadata.tables
    called = [each for each in (TABLES.get(name, ""), f"{stem}s", f"{stem}_files") if each in tables]
    if not name.endswith("_id") or not called:
        return ()
    table = tables[called[0]]
    return session.scalars(sa.select(table.c.id).order_by(table.c.id.desc()).limit(MOST)).all()
