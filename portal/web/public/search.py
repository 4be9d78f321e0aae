"""查找: every condition stands in the address, so that a search can be kept, sent and followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.errors import Refused
from portal.publications.kinds import KINDS
from portal.search import asking
from portal.search.asking import Page
from portal.search.engine import FILTERS, NotReady, Query
from portal.search.engines import open_folder
from portal.search.folder import IndexFolder
from portal.search.highlighting import Segment
from portal.settings import Settings
from portal.web.public.contesting import contested
from portal.web.public.paging import asked_page, paging
from portal.web.public.room import follows, public, reading, settings, words
from portal.web.rendering import error_page, named
from portal.words import say


@dataclass(frozen=True)
class Choice:
    """One value of a facet: what choosing it would give; ``chosen`` when it is among the conditions."""

    value: str
    label: str
    count: int
    chosen: bool


@cache
def _folder_of(settings: Settings) -> IndexFolder:
    return open_folder(settings)


def folder() -> IndexFolder:
    """The site's index, kept open."""
    return _folder_of(settings())


@public.get("/search")
@follows(lambda: folder().position())
def search() -> str:
    """One page of what was found."""
    query = asked(asked_page(), settings().page_size)
    found = asking.ask(reading(), folder(), query)
    return render_template(
        "public/search.html",
        query=query,
        found=found,
        contested=contested(hit.face for hit in found.hits),
        paging=paging(query.page, query.size, found.total),
        marked_up=marked_up,
        facets=_facets(query, found),
        chips=_chips(query),
        carry_on=_conditions(),
    )


@public.app_errorhandler(NotReady)
def not_ready(refusal: NotReady) -> tuple[str, int]:
    """There is no index to look in; the follower will make one."""
    return error_page("error.html", 503, refusal.reasons)


# ── what is asked ────────────────────────────────────────────


def asked(page: int, size: int) -> Query:
    """The search in the address; whether its values exist is asked by ``asking``.

    :raises Refused: at a date that is none; the page answers 400.
    """
    return Query(
        text=request.args.get("q", "").strip(),
        filters={name: value for name in FILTERS if (value := request.args.get(name, "").strip())},
        since=_day("from"),
        until=_day("to"),
        dated="inspected",
        sort=request.args.get("sort", "") or "published",
        page=page,
        size=size,
    )


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(say("“{text}”不是日期，请写成2026-11-23的样子。", text=text[:20])) from None


# ── what is shown ────────────────────────────────────────────


def marked_up(segments: Sequence[Segment]) -> Markup:
    """A text with what was looked for marked."""
    parts = (
        Markup("<mark>{}</mark>").format(part.text) if part.is_match else escape(part.text)
        for part in segments
    )
    return Markup("").join(parts)


def _facets(query: Query, found: Page) -> list[tuple[str, str, list[Choice]]]:
    """Name, heading and choices of each facet that offers any."""
    headings = {
        "kind": _("公示类别"), "outcome": _("检查结果"), "department": _("实施部门"),
        "year": _("公示年份"), "region": _("地区"), "state": _("公示状态"),
    }  # fmt: skip
    offered = ((name, heading, _choices(name, query, found)) for name, heading in headings.items())
    return [(name, heading, choices) for name, heading, choices in offered if choices]


def _choices(name: str, query: Query, found: Page) -> list[Choice]:
    chosen = query.filters.get(name, "")
    counts = {value: count for value, count in found.facets.get(name, {}).items() if value}
    counts.setdefault(chosen, 0)
    counts.pop("", None)
    newest_first = name == "year"
    ordered = sorted(counts.items(), key=lambda pair: (-int(pair[0]) if newest_first else -pair[1], pair[0]))
    return [Choice(value, label_of(name, value), count, value == chosen) for value, count in ordered]


def label_of(name: str, value: str) -> str:
    """A condition's value in the reader's words."""
    if name == "kind":
        return named(KINDS[value])
    if name == "outcome":
        return words().outcome(value)
    if name == "department":
        return words().department(value, short=True)
    if name == "year":
        return _("%(year)s年公示", year=value)
    if name == "region":
        return named(words().region(value)) or value
    return {"live": _("公示中"), "corrected": _("更正")}.get(value, value)


def _chips(query: Query) -> list[tuple[str, str]]:
    """The conditions that stand beside the words, each with the parameter that takes it away."""
    chips = [(name, label_of(name, value)) for name, value in query.filters.items()]
    if query.since:
        chips.append(("from", _("检查日期从%(day)s", day=query.since.isoformat())))
    if query.until:
        chips.append(("to", _("检查日期到%(day)s", day=query.until.isoformat())))
    return chips


def described(query: Query) -> str:
    """What is asked, in a few words: for the title of a feed or of a subscription."""
    conditions = "、".join(label for _name, label in _chips(query))
    if query.text and conditions:
        return _("查找：%(what)s（%(conditions)s）", what=query.text, conditions=conditions)
    return _("查找：%(what)s", what=query.text or conditions or _("全部公示"))


def _conditions() -> dict[str, str]:
    """What the address asks, without page: for forms and feed links."""
    names = ("q", *FILTERS, "from", "to")
    return {name: request.args[name] for name in names if request.args.get(name)}
