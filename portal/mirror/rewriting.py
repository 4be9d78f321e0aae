"""A page of the site made a page of the mirror: what its links lead to there, and whom it names. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import parse_qs, urlsplit

from portal.mirror.addresses import FARTHEST, TOLD, TOLD_AT, Address, is_asset, read

FOR_MIRROR = (
    "portal.mirror"  # in a request's environment: the page is for a mirror; nobody outside can set it
)
MOMENT, SIZE = (
    "MIRROR-MOMENT",
    "MIRROR-LINES",
)  # stand in a page until it is written: a page is the same at any hour

_TAG = re.compile(r"<(?P<tag>[a-z]+)\b[^<>]*>")
_WORD = re.compile(r'(?P<before>\s(?P<name>href|src|action)=")(?P<value>[^"]*)(?P<after>")')
_NUMBER = re.compile(rb"(?<![A-Z0-9-])(?:QD|JH|RW|JG)-\d{4}-\d{4,9}(?!\d)")
_OF_CSS = re.compile(rb"url\(\s*['\"]?([^'\")?#]+)")


@dataclass
class Links:
    """What a page leads to: addresses of the mirror, and how often to the page about what it has not."""

    found: set[Address] = field(default_factory=set)
    told: int = 0


def rewritten(html: str, *, english_page: bool, english: bool, farthest: int = FARTHEST) -> tuple[str, Links]:
    """The page with links that a server of files can follow.

    :param english_page: whether it is in English, and so leads to the English page about what a mirror has not.
    :param english: whether the mirror has the English pages.
    """
    links = Links()
    instead = f"/en{TOLD}" if english_page else TOLD

    def attribute(tag: str, whole: str, found: re.Match[str]) -> str:
        href = unescape(found["value"])
        if not href.startswith("/") or href.startswith("//"):
            return found.group()
        is_form = tag == "form"
        to = _led_to(href, is_form, instead, english_page, links, english, farthest)
        return f"{found['before']}{escape(to)}{found['after']}"

    def tag(found: re.Match[str]) -> str:
        whole = found.group()
        return _WORD.sub(lambda word: attribute(found["tag"], whole, word), whole)

    return _TAG.sub(tag, html), links


def _led_to(
    href: str, is_form: bool, instead: str, english_page: bool, links: Links, english: bool, farthest: int
) -> str:
    parts = urlsplit(href)
    mark = f"#{parts.fragment}" if parts.fragment else ""
    if parts.path in TOLD_AT:
        links.told += 1
        return ("/en" if english_page else "") + parts.path.rstrip("/") + "/"
    address = None if is_form else read(href, english=english, farthest=farthest)
    if address is None:
        links.told += 1
        return instead
    links.found.add(address)
    if is_asset(address.path):
        return href
    display = parse_qs(parts.query).get("display", [""])[0]
    return address.link + (f"?display={display}" if display else "") + mark


def numbers_in(data: bytes) -> set[str]:
    """The 公示编号 of every publication that some bytes name."""
    return {each.decode() for each in _NUMBER.findall(data)}


def assets_in(css: bytes, path: str) -> Iterator[str]:
    """The static files that a style sheet asks for."""
    folder = path.rpartition("/")[0]
    for found in _OF_CSS.findall(css):
        name = found.decode(errors="replace").strip()
        if name.startswith(("data:", "http:", "https:", "//")):
            continue
        yield name if name.startswith("/") else _joined(folder, name)


def _joined(folder: str, name: str) -> str:
    parts = folder.split("/")
    for part in name.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
