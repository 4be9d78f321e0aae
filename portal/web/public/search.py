"""查找: every condition stands in the address, so that a search can be kept, sent and followed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal import clock
from portal.errors import Refused
from portal.publications.kinds import KINDS
from portal.search import asking
from portal.search.asking import Page
from portal.search.engine import EXCLUDABLE, FILTERS, MINUS, Days, NotReady, Query
from portal.search.engines import open_folder
from portal.search.folder import IndexFolder
from portal.search.helping import help_for, needs_help
from portal.search.highlighting import Segment
from portal.settings import Settings
from portal.web.kept.serving import INDEX
from portal.web.public.contesting import contested
from portal.web.public.paging import Paging, asked_page
from portal.web.public.room import follows, keeps, public, reading, settings, words
from portal.web.rendering import error_page, here, named
from portal.words import say

NOT = "not_"
CONDITIONS = (
    "q", *FILTERS, *(NOT + name for name in EXCLUDABLE),
    "from", "to", "published_from", "published_to",
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One value of a facet: what choosing it would give; whether it is among the conditions.

    :param choose: what the address changes into when it is chosen, or no longer; ``exclude`` likewise.
    """

    label: str
    count: int
    chosen: bool
    excluded: bool
    choose: Mapping[str, str | None]
    exclude: Mapping[str, str | None]


@dataclass(frozen=True)
class Chip:
    """One condition in words, and what the address changes into without it."""

    label: str
    change: Mapping[str, str | None]


@cache
def folder_of(settings: Settings) -> IndexFolder:
    """The index of a site."""
    return open_folder(settings)


def folder() -> IndexFolder:
    """The site's index, kept open."""
    return folder_of(settings())


follows_index = follows(lambda: folder().position(), INDEX)
keeps_index = keeps(INDEX)


@public.get("/search")
@follows_index
def search() -> tuple[str, int]:
    """One page of what was found; 404 with a way back when there are not so many pages."""
    query = asked(asked_page(), settings().page_size)
    found = asking.ask(reading(), folder(), query)
    pages = Paging(query.page, query.size, found.total)
    page = render_template(
        "public/search.html",
        query=query,
        found=found,
        help=help_for(reading(), folder(), query, found) if needs_help(query, found) else None,
        contested=contested(hit.face for hit in found.hits),
        paging=pages,
        usual_sort=usual_sort(query.text),
        marked_up=marked_up,
        facets=_facets(query, found),
        chips=list(chips(query)),
        carry_on=conditions(),
        with_other_words=with_other_words,
        as_of=clock.today(),
    )
    return page, 404 if query.page > pages.pages else 200


@public.app_errorhandler(NotReady)
def not_ready(refusal: NotReady) -> tuple[str, int]:
    """There is no index to look in; the follower will make one."""
    return error_page("error.html", 503, refusal.reasons)


# ── what is asked ────────────────────────────────────────────


def asked(page: int, size: int) -> Query:
    """The search in the address; whether its values exist is asked by ``asking``.

    :raises Refused: at a date that is none; the page answers 400.
    """
    text = _given("q")
    return Query(
        text=text,
        filters={name: value for name in FILTERS if (value := _given(name))},
        without={name: value for name in EXCLUDABLE if (value := _given(NOT + name))},
        published=Days(_day("published_from"), _day("published_to")),
        inspected=Days(_day("from"), _day("to")),
        sort=_given("sort") or usual_sort(text),
        page=page,
        size=size,
    )


def usual_sort(text: str) -> str:
    """Where words are typed the names that hold them come first, else the newest."""
    return "relevance" if text else "published"


def _given(name: str) -> str:
    return request.args.get(name, "").strip()


def _day(name: str) -> date | None:
    text = _given(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(say("“{text}”不是日期，请写成2026-11-23的样子。", text=text[:20])) from None


# ── what is shown ────────────────────────────────────────────


def marked_up(segments: Sequence[Segment]) -> Markup:
    """A text with what was looked for marked."""
    parts = (
        Markup("<mark>") + part.text + Markup("</mark>") if part.is_match else escape(part.text)
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
    """The values of a facet, the most frequent first; what is chosen or excluded is offered to be undone."""
    named = {query.filters.get(name, ""), query.without.get(name, "")} - {""}
    counts = dict.fromkeys(named, 0) | {value: n for value, n in found.facets.get(name, {}).items() if value}
    newest_first = name == "year"
    ordered = sorted(counts.items(), key=lambda pair: (-int(pair[0]) if newest_first else -pair[1], pair[0]))
    return [_choice(name, value, count, query) for value, count in ordered]


def _choice(name: str, value: str, count: int, query: Query) -> Choice:
    chosen, excluded = query.filters.get(name) == value, query.without.get(name) == value
    exclude: dict[str, str | None] = {}
    if name in EXCLUDABLE:
        exclude = {NOT + name: None if excluded else value} | ({name: None} if chosen else {})
    choose = {name: None if chosen else value} | ({NOT + name: None} if excluded else {})
    return Choice(label_of(name, value), count, chosen, excluded, choose, exclude)


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


def chips(query: Query) -> Iterator[Chip]:
    """The conditions that stand beside the words, and the words that must not be there."""
    for word in query.typed:
        if word.startswith(MINUS) and word[1:] in query.unwanted:
            left = " ".join(each for each in query.typed if each != word)
            yield Chip(_("不含“%(word)s”", word=word[1:]), {"q": left or None})
    for name, value in query.filters.items():
        yield Chip(label_of(name, value), {name: None})
    for name, value in query.without.items():
        yield Chip(_("排除：%(what)s", what=label_of(name, value)), {NOT + name: None})
    yield from _day_chips(query)


def _day_chips(query: Query) -> Iterator[Chip]:
    if query.inspected.first:
        yield Chip(_("检查日期从%(day)s", day=query.inspected.first.isoformat()), {"from": None})
    if query.inspected.last:
        yield Chip(_("检查日期到%(day)s", day=query.inspected.last.isoformat()), {"to": None})
    if query.published.first:
        yield Chip(_("公示日期从%(day)s", day=query.published.first.isoformat()), {"published_from": None})
    if query.published.last:
        yield Chip(_("公示日期到%(day)s", day=query.published.last.isoformat()), {"published_to": None})


def conditions() -> dict[str, str]:
    """What the address asks, without sort and page: for forms and for the links that take a search away."""
    return {name: value for name in CONDITIONS if (value := request.args.get(name))}


def with_other_words(text: str, *, keep: bool) -> str:
    """The address of the same search for other words, with its conditions or without."""
    return here(q=text) if keep else here(**dict.fromkeys((*CONDITIONS, "sort")) | {"q": text})


def described(query: Query) -> str:
    """What is asked, in a few words: for the title of a feed or of a subscription."""
    said = "、".join(chip.label for chip in chips(query))
    if query.wanted and said:
        return _("查找：%(what)s（%(conditions)s）", what=" ".join(query.wanted), conditions=said)
    return _("查找：%(what)s", what=" ".join(query.wanted) or said or _("全部公示"))
