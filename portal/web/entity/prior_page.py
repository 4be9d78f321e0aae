"""The page of one notice before disclosure: the exact public text, what may be said about it, what was said."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, session
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.models import Department
from portal.prior_notice import answering, queries, telling
from portal.prior_notice.answering import SAID, Typed
from portal.publications.kinds.result import RESULT
from portal.publications.models import Prepared, Revision
from portal.publications.prior import PriorNotice, publish_by
from portal.web.entity.room import KEY, OPEN_FOR, profile
from portal.web.part_names import part_with_words
from portal.web.typed import whole_number
from portal.words import Sentence

REMEMBERED = 8  # opened by a code on this browser


@dataclass(frozen=True)
class Unpublished:
    """What the public page of a result asks of its face, while there is none."""

    department_code: str
    ad_hoc: bool = False
    entity_code: str = ""


# ── who may open it ──────────────────────────────────────────


def remember(kind: str, ids: Sequence[int]) -> None:
    """This browser has shown a code for these; ``kind`` is prior, opinions or declarations."""
    opened: dict[str, int] = session.get("told", {})
    now = int(clock.now().timestamp())
    fresh = [(f"{kind}/{each}", now) for each in ids]
    kept = [(name, at) for name, at in opened.items() if name not in dict(fresh)]
    session["told"] = dict([*kept, *fresh][-REMEMBERED:])
    session.permanent = True


def remembered(kind: str) -> dict[int, int]:
    """What this browser has shown a code for, not long ago, and when: seconds since 1970."""
    now = clock.now().timestamp()
    opened: dict[str, int] = session.get("told", {})
    names = [
        (*name.partition("/"), at)
        for name, at in opened.items()
        if isinstance(at, int) and at <= now < at + OPEN_FOR
    ]
    return {
        int(number): at
        for found, _slash, number, at in names
        if found == kind and whole_number(number) is not None
    }


def opened(reading: Session, handle: str) -> PriorNotice | None:
    """The notice that a link's token opens, or that this browser has shown a code for."""
    number = whole_number(handle)
    if number is not None and (shown_at := remembered("prior").get(number)) is not None:
        found = reading.get(PriorNotice, number)
        return found if found is not None and _is_still_open(found, shown_at) else None
    return answering.by_token(reading, handle) if KEY.fullmatch(handle) else None


def _is_still_open(notice: PriorNotice, shown_at: int) -> bool:
    """Whether a code shown then opens it now: not when the result turned out to be about somebody else since."""
    return answering.is_readable(notice) and shown_at >= int(notice.wanted_at.timestamp())


# ── what it shows ────────────────────────────────────────────


def body_of(reading: Session, notice: PriorNotice) -> str:
    """The public text that was agreed to and waits; empty while it is written again, and once it is public."""
    revision = telling.approved(reading, notice) if notice.publication.number is None else None
    prepared = reading.get(Prepared, revision.id) if revision is not None else None
    return prepared.body if prepared is not None else ""


def parts_of(body: str) -> Mapping[str, str]:
    """Each part that somebody may point at, by its path, as a list names it."""
    fields = json.loads(body)["fields"] if body else {}
    return {path: part_with_words(RESULT, path, fields) for path in answering.parts_of(fields)}


def blank() -> Typed:
    """A form nobody has typed in, with a key of its own."""
    return Typed(key=secrets.token_urlsafe(32), says="")


def prior_page(
    reading: Session,
    notice: PriorNotice,
    handle: str,
    typed: Typed | None = None,
    errors: Mapping[str, Sequence[Sentence]] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page, with what was typed and what is wrong with it."""
    body = body_of(reading, notice)
    newest: Revision = queries.newest_revision(reading, notice)
    page = render_template(
        "entity/prior.html",
        notice=notice,
        handle=handle,
        told=notice.told,
        body=body,
        revision=newest,
        face=Unpublished(notice.department_code),
        department=reading.get_one(Department, notice.department_code),
        publish_by=publish_by(newest.content),
        why_not=answering.why_not_answer(notice),
        parts=parts_of(body),
        term=profile().terms[telling.TERM],
        typed=typed or blank(),
        errors=errors or {},
        SAID=SAID,
        open_now=notice.is_open(clock.today()),
    )
    return page, status
