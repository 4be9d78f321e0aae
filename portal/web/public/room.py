"""The public room: no account, no cookie, and a connection that can read public tables only."""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, cast

from flask import Blueprint, Response, current_app, g, make_response, request
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Profile, load_profile
from portal.db import db
from portal.deadlines.calendar import Calendar
from portal.ledger.models import Entry
from portal.publications.fields import Field
from portal.publications.models import Release
from portal.settings import Settings
from portal.web.kept.edition import edition
from portal.web.kept.serving import AS_OF, LEDGER, MADE_OF
from portal.web.kept.state import state
from portal.web.kept.tables import tables
from portal.web.public.layouts import FACTS
from portal.web.public.reading import Reading, value_of
from portal.web.public.wording import Words

public = Blueprint("public", __name__)

RULE_NUMBER = re.compile(r"([A-Z][0-9]+)?")
View = Callable[..., Any]


def reading() -> Session:
    """The session of this request, at the public door."""
    return cast(Session, db.session())


def settings() -> Settings:
    """The site's settings."""
    return cast(Settings, current_app.extensions["portal_settings"])


def profile() -> Profile:
    """The rules of this place."""
    return load_profile(settings().profile)


def words() -> Words:
    """Labels of departments and codes, read once per request when first needed."""
    if "words" not in g:
        g.words = Words(reading())
    return cast(Words, g.words)


def calendar() -> Calendar:
    """The working-day calendar as it is public."""
    return tables(reading()).calendar(reading())


@public.app_context_processor
def give_words() -> dict[str, Any]:
    """Let templates ask ``words()`` and show released values; nothing is read until they do."""
    return {
        "words": words,
        "shown": shown,
        "read_record": read_record,
        "layouts": FACTS,
        "profile": profile(),
        "basis_of": basis_of,
        "is_signed": is_signed,
    }


def read_record(kind: str, body: str) -> Reading:
    """A record in its public form that is not public yet, for the room of the one whom it is about."""
    return Reading(Release(kind=kind, body=body), words())


def basis_of(entry: Entry) -> str:
    """The clause under an act in the words of this place; empty when its profile names none.

    The ledger keeps the number of a rule (O2); no place is shown another place's clause.
    """
    if not RULE_NUMBER.fullmatch(entry.basis):
        return entry.basis
    signed = profile().terms.get("recheck")  # the head's signature and the re-check are one clause (G29)
    return signed.basis if signed and signed.kind == "clause" and entry.basis == "O2" else ""


def is_signed() -> bool:
    """Whether the log has a signed checkpoint, so that proofs can be had."""
    if "is_signed" not in g:
        g.is_signed = tables(reading()).is_signed(reading())
    return bool(g.is_signed)


def shown(field: Field, value: Any) -> Markup:
    """A released value outside its record: beside another version of itself."""
    return value_of(field, value, words())


def follows(also: Callable[[], object], made_of: str = "") -> Callable[[View], View]:
    """Answer 304 while nothing moved that a page is made of; what may move is read before rendering.

    :param also: what this page depends on beside ledger, figures, date and the edition of the site.
    :param made_of: LEDGER or INDEX where that is all it depends on: the page may be kept as it is.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(**values: Any) -> Response:
            if made_of:
                _may_be_kept(made_of)
            tag = _tag(also())
            if not request.if_none_match.star_tag and request.if_none_match.contains_weak(tag):
                response = Response(status=304)
            else:
                response = make_response(view(**values))
                if response.status_code != 200:
                    return response
            response.set_etag(tag, weak=True)
            response.headers["Cache-Control"] = "no-cache"
            return response

        return answered

    return decorate


follows_ledger = follows(lambda: None, LEDGER)


def keeps(made_of: str) -> Callable[[View], View]:
    """For what is not a page: tagged by its bytes where it has no tag of its own, 304 for who has them, and kept.

    :param made_of: LEDGER or INDEX.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(**values: Any) -> Response:
            _may_be_kept(made_of)
            response = make_response(view(**values))
            if response.status_code != 200:
                return response
            response.add_etag(weak=True)
            response.headers.setdefault("Cache-Control", "no-cache")
            response.make_conditional(request)
            return response

        return answered

    return decorate


keeps_ledger = keeps(LEDGER)


def _may_be_kept(made_of: str) -> None:
    """Say so to whoever keeps pages, and as of which line: this request may read another server than the last one."""
    request.environ[MADE_OF], request.environ[AS_OF] = made_of, state(reading()).size


def _tag(also: object) -> str:
    now = state(reading())
    parts = (
        now.size,
        now.counted,
        clock.today(),
        request.full_path,
        edition(settings()),
        also,
    )
    return sha256(repr(parts).encode()).hexdigest()[:32]
