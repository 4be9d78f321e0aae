"""What templates of every room share: dates, labels in two languages, redaction markers, addresses.

A door calls :func:`prepare` once. Nothing here asks the database.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from babel.dates import format_date
from flask import Flask, current_app, g, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.clock import SHANGHAI, shanghai_date, today
from portal.mirror.rewriting import FOR_MIRROR, MOMENT, SIZE
from portal.publications.kinds import BY_PREFIX, KINDS
from portal.settings import Settings
from portal.web.linking import linking
from portal.web.rooms import room_of
from portal.web.speaking import language_now, spoken
from portal.words import Named, Sentence

MARKER = re.compile(r"〔(?:依法隐去：[^〔〕]{1,40}|征求意见中，暂不公开)〕")
CARRIED = ("lang", "display")
DREW = re.compile(
    r"随机抽取(\d+)户(?:，名录库(\d+)户)?"
)  # what portal/publications/facing.py writes of tasks
ROWS = re.compile(r"共(\d+)项")  # and of lists and plans
DISPLAYS = ("large", "contrast", "plain")
REMEMBERED = 4096  # dates, and parameters of addresses: each
LONGEST = 64  # characters of a parameter; what is longer was typed


def prepare(app: Flask, settings: Settings) -> None:
    """Give every template the filters and globals of this file, and the settings."""
    app.extensions["portal_settings"] = settings
    app.extensions["portal_link"] = link = linking(app)
    app.jinja_env.filters.update(
        day=day, table_day=table_day, short_day=short_day, moment=moment, named=named, thousands=thousands,
        said=said, marked=marked, summed_up=summed_up,
    )  # fmt: skip
    app.jinja_env.globals.update(
        settings=settings, kinds=KINDS, here=here, address=address, absolute=absolute, permalink=permalink, in_english=in_english,
        html_lang=html_lang, display=display, carried=carried, canonical=canonical, printed_on=today, mirrored=mirrored, _=spoken, url_for=link,
    )  # fmt: skip
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def in_english() -> bool:
    """Whether the reader asked for English."""
    return language_now() == "en"


def html_lang() -> str:
    """The value of ``<html lang>``."""
    return "en" if in_english() else "zh-CN"


def display() -> str:
    """The display mode in the address, or empty for the standard one."""
    asked = request.args.get("display", "")
    return asked if asked in DISPLAYS else ""


def named(thing: Named | None) -> str:
    """The label of a kind, field, department or code in the reader's language."""
    if thing is None:
        return ""
    return (thing.label_en if in_english() else "") or thing.label


def said(sentence: str) -> str:
    """A sentence from below the doors in the reader's language."""
    return str(sentence.in_language(_)) if isinstance(sentence, Sentence) else sentence


def thousands(number: int) -> str:
    """8452 as 8,452."""
    return f"{number:,}"


# ── dates ────────────────────────────────────────────────────


def day(value: str | date | None) -> Markup | str:
    """A date in running text: 2026年11月23日, or 23 November 2026."""
    when = _as_date(value)
    if when is None:
        return str(value or "")
    text = format_date(when, "d MMMM y", "en") if in_english() else f"{when.year}年{when.month}月{when.day}日"
    return _time(when.isoformat(), text)


def short_day(value: str | date | None) -> Markup | str:
    """A date of this year without its year, in lists of what is new."""
    when = _as_date(value)
    if when is None or when.year != today().year:
        return table_day(value)
    return _time(
        when.isoformat(), format_date(when, "d MMM", "en") if in_english() else f"{when.month}月{when.day}日"
    )


def table_day(value: str | date | None) -> Markup | str:
    """A date in a table: 2026-11-23 in both languages."""
    when = _as_date(value)
    return str(value or "") if when is None else _time(when.isoformat(), when.isoformat())


def moment(value: datetime) -> Markup:
    """A moment in Beijing time, to the minute."""
    local = value.astimezone(SHANGHAI)
    return _time(local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M}")


@lru_cache(REMEMBERED)
def _time(machine: str, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, text)


def _as_date(value: str | date | None) -> date | None:
    if isinstance(value, datetime):
        return shanghai_date(value)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None  # a redaction marker stands where the date was


# ── redaction ────────────────────────────────────────────────


def marked(text: str | None, notes: Iterable[int] = ()) -> Markup:
    """Text with its redaction markers set off, each followed by a link to its note.

    :param notes: the numbers of the notes on this text, in reading order.
    """
    numbers = iter(notes)
    parts: list[Markup] = []
    end = 0
    for found in MARKER.finditer(text or ""):
        parts += [_lines(text[end : found.start()]), _marker(found.group(), next(numbers, None))]  # type: ignore[index]
        end = found.end()
    return Markup("").join([*parts, _lines((text or "")[end:])])


def _marker(text: str, number: int | None) -> Markup:
    shown = Markup('<span class="redacted">{}</span>').format(text)
    if number is None:
        return shown
    note = _("注%(number)s", number=number)
    return shown + Markup('<a class="fn" href="#y{}">{}</a>').format(number, note)


def summed_up(summary: str) -> Markup:
    """A face's one line: its Chinese, or its numbers in English."""
    if in_english() and (rows := ROWS.fullmatch(summary)):
        return escape(_("共%(n)s项", n=rows[1]))
    if in_english() and (drew := DREW.fullmatch(summary)):
        drawn = _("随机抽取%(n)s户", n=drew[1])
        return escape(drawn + (_("，名录库%(n)s户", n=drew[2]) if drew[2] else ""))
    return Markup('<span lang="zh-CN">{}</span>').format(marked(summary))


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


# ── addresses ────────────────────────────────────────────────


def address(number: str, endpoint: str = "public.record", **more: Any) -> str:
    """The address of a publication by its 公示编号."""
    link: Callable[..., str] = current_app.extensions["portal_link"]
    return link(endpoint, plural=BY_PREFIX[number.partition("-")[0]].plural, number=number, **more)


def permalink(number: str) -> str:
    """The path of a publication for the outside: without language or display."""
    return f"/{BY_PREFIX[number.partition('-')[0]].plural}/{number}"


def here(**changes: Any) -> str:
    """The present address with some of its parameters changed; None takes one away, a change starts at page 1.

    Only parameters that the page knows should be in ``changes``; the rest is kept as it was asked.
    """
    failed = bool(g.get("failed"))
    kept = carried() if failed else request.args
    asked: dict[str, Any] = {name: value for name, value in kept.items() if value}
    if changes.keys() - {"page", *CARRIED}:
        asked.pop("page", None)
    asked.update(changes)
    query = "&".join(_parameter(name, value) for name, value in asked.items() if value not in (None, ""))
    if failed:
        return f"?{query}"
    return f"{request.path}?{query}" if query else request.path


def _parameter(name: str, value: Any) -> str:
    if isinstance(value, str) and len(value) <= LONGEST:
        return _known_parameter(name, value)
    return urlencode({name: value})


@lru_cache(REMEMBERED)
def _known_parameter(name: str, value: str) -> str:
    """A page links with the same few parameters a hundred times."""
    return urlencode({name: value})


def error_page(template: str, status: int, sentences: Sequence[object], **more: Any) -> tuple[str, int]:
    """What a reader sees when something can not be done.

    But for a condition that does not exist (400), which it names, it repeats nothing of what was asked.
    """
    g.failed = status != 400
    return render_template(template, status=status, sentences=sentences, **more), status


def carried() -> Mapping[str, str]:
    """Language and display as a form's hidden fields: without cookies the address is what remembers them."""
    given = {"lang": "en" if in_english() else "", "display": display()}
    return {name: value for name, value in given.items() if value}


def canonical() -> str:
    """The one address of a public page, without language and display; empty where a page has none."""
    if g.get("failed") or room_of(request) is not None or request.method != "GET":
        return ""
    asked = [(name, value) for name, value in request.args.items() if value and name not in CARRIED]
    return absolute(f"{request.path}?{urlencode(asked)}" if asked else request.path)


def mirrored() -> Mapping[str, str] | None:
    """Of a page that is made for a static mirror, what will stand there for its moment and for the ledger's lines."""
    return {"moment": MOMENT, "lines": SIZE} if FOR_MIRROR in request.environ else None


def absolute(path: str) -> str:
    """The full address of a page of this site as the outside knows it."""
    settings: Settings = current_app.extensions["portal_settings"]
    return settings.base_url.rstrip("/") + path


def is_of_this_site(address: str) -> bool:
    """Whether an ``Origin`` or ``Referer`` is this site, by the name it is known by or the one it was asked by:
    a proxy in front may hand on either.
    """
    settings: Settings = current_app.extensions["portal_settings"]
    try:
        return urlsplit(address).netloc in (request.host, urlsplit(settings.base_url).netloc)
    except ValueError:  # brackets that close nothing
        return False
