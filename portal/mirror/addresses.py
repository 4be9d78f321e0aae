"""Which addresses of the site a static mirror has, and where each one's file stands. Pure.

An address without conditions keeps its path, so that what is printed, bookmarked or cited works on the mirror
unchanged. A server of files can not read what follows a question mark: the conditions that a mirror has at all become
folders (``?page=2`` is ``page/2/``, ``?lang=en`` is ``/en/…``), and everything else leads to the page that says so.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

TOLD = "/help/mirror/"
# what a mirror can not do, and the addresses at which its page about that stands too
TOLD_AT = ("/search", "/objections/", "/objections/new", "/subscriptions/new", "/exports/", "/api/")

_NAME = r"[^/.?#\\\x00-\x20][^/?#\\\x00-\x20]{0,59}"
_FORM = r"\.(?:atom|rss|json)"
_RECORD = re.compile(r"/(?:lists|plans|tasks|results)/(?P<number>[A-Z]{2}-\d{4}-\d{4,})(?P<rest>/.*)?")
_OF_RECORD = re.compile(
    r"/(?:(?:record|drawn|draw|progress)\.json|proof|progress|draw(?:/(?:commit|result|reveal)/proof)?"
    r"|versions/(?:\d+(?:/(?:record\.json|proof|files/\d+\.pdf))?)?|corrections/\d+|files/\d+\.pdf)"
)
_ENTITY = re.compile(rf"/entities/(?P<code>{_NAME}?)(?:(?P<form>{_FORM}|\.ics))?")
_OTHERS = re.compile(
    r"/|/(?:lists|plans|tasks|results|corrections|withdrawals|log|calendar|feeds|about|help|help/objections|help/mirror)/"
    r"|/log/(?:draws|key|checkpoint|checkpoints/\d+|tile/[0-9a-z/.]+)"
    r"|/statistics/(?:[a-z-]+/)?|/statistics/[a-z-]+\.(?:csv|json)|/calendar/[a-z]+\.(?:csv|json|ics)"
    rf"|/feeds/[a-z]+{_FORM}|/feeds/departments/{_NAME}?{_FORM}"
    r"|/sitemap\.xml|/sitemap/(?:pages|\d{4}-\d\d)\.xml|/robots\.txt|/favicon\.ico|/\.well-known/security\.txt"
)
_ASSET = re.compile(r"/(?:bootstrap/)?static/(?!.*\.\.)[A-Za-z0-9_./-]+")
_FILE = re.compile(r".*(?:\.[a-z0-9]{2,5}|/proof)|/log/(?:key|checkpoint|checkpoints/.*|tile/.*)|.*static/.*")
_IN_NO_LANGUAGE = re.compile(
    r".*(?:/record\.json|/drawn\.json|/draw\.json|/proof|\.pdf|\.xml|\.txt|\.ico)|/log/(?:key|checkpoint|tile/).*|.*static/.*"
)
_PAGED = re.compile(r"/(?:lists|plans|tasks|results|corrections|withdrawals|log)/|/log/draws|/entities/[^/]*")
_OF_TASK = "/results/"
FARTHEST = 10_000  # as far as the site itself lets anybody turn pages


@dataclass(frozen=True, order=True)
class Address:
    """One address that a mirror has.

    :param page: from 1.
    :param task: the source's task number that results are narrowed to.
    """

    path: str
    page: int = 1
    task: str = ""
    english: bool = False

    @property
    def asked(self) -> str:
        """What the portal is asked."""
        given = (
            ("task", self.task),
            ("page", self.page if self.page > 1 else ""),
            ("lang", self.english and "en"),
        )
        query = urlencode([(name, value) for name, value in given if value])
        return quote(self.path) + (f"?{query}" if query else "")

    @property
    def is_file(self) -> bool:
        """Whether it is no page."""
        return bool(_FILE.fullmatch(self.path))

    @property
    def link(self) -> str:
        """What a page of the mirror links to."""
        path = ("/en" if self.english else "") + quote(self.path)
        if self.task:
            path += f"by/task/{quote(self.task, safe='')}/"
        return f"{path.rstrip('/')}/page/{self.page}/" if self.page > 1 else path

    @property
    def file(self) -> str:
        """Where it stands in the mirror's folder."""
        inside = unquote(self.link).removeprefix("/")
        return inside if self.is_file else f"{inside.rstrip('/')}/index.html".removeprefix("/")

    @property
    def owner(self) -> str:
        """What it is about: a publication's number, an entity, a task's results; empty for what is about everything."""
        if record := _RECORD.fullmatch(self.path):
            return record["number"]
        if entity := _ENTITY.fullmatch(self.path):
            return f"entity {entity['code']}"
        return f"task {self.task}" if self.task else ""

    @property
    def is_record(self) -> bool:
        """Whether it is the page of a publication as it stands now."""
        record = _RECORD.fullmatch(self.path)
        return record is not None and not record["rest"]


def is_asset(path: str) -> bool:
    """Whether it is a static file of the site."""
    return bool(_ASSET.fullmatch(path))


def is_mirrored(path: str) -> bool:
    """Whether a mirror has the address, given without conditions.

    >>> is_mirrored("/results/JG-2026-000001/versions/1"), is_mirrored("/search"), is_mirrored("/results/../x")
    (True, False, False)
    """
    record, entity = _RECORD.fullmatch(path), _ENTITY.fullmatch(path)
    if record:
        return not record["rest"] or bool(_OF_RECORD.fullmatch(record["rest"]))
    return bool(entity or _OTHERS.fullmatch(path)) or is_asset(path)


def read(href: str, *, english: bool = True, farthest: int = FARTHEST) -> Address | None:
    """The address behind a link of the site; None when a mirror has not what it leads to.

    :param english: whether the mirror has the English pages.

    >>> read("/results/?page=2&lang=en").link, read("/results/JG-2026-000001").file, read("/search?q=x")
    ('/en/results/page/2/', 'results/JG-2026-000001/index.html', None)
    """
    try:
        parts = urlsplit(href)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.netloc or parts.scheme or not is_mirrored(path):
        return None
    if is_asset(path):
        return Address(path)
    wants_english = asked.pop("lang", "") == "en" and not _IN_NO_LANGUAGE.fullmatch(path)
    asked.pop("display", None)  # without it a page is the same: display.js keeps what a reader chose
    page, task = asked.pop("page", "") or "1", asked.pop("task", "") if path == _OF_TASK else ""
    if asked or (wants_english and not english) or not _is_a_place(path, page, task, farthest):
        return None
    return Address(path, int(page), task, wants_english)


def _is_a_place(path: str, page: str, task: str, farthest: int) -> bool:
    if page != "1" and not (
        _PAGED.fullmatch(path) and page.isascii() and page.isdigit() and 1 <= int(page[:9]) <= farthest
    ):
        return False
    return not task or bool(re.fullmatch(_NAME, task))
