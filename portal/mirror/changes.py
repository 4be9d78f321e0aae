"""What a mirror must make again: the ledger's new lines, read at the public door."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.models import CodeValue, Department
from portal.ledger import sealing
from portal.ledger.models import Entry
from portal.ledger.tiles import tiles_of
from portal.mirror.addresses import TOLD, Address
from portal.objections.models import Contest
from portal.publications import months, queries
from portal.publications.facing import HIDDEN
from portal.publications.kinds import BY_PREFIX, KINDS
from portal.publications.models import Face
from portal.settings import Settings

TAKING = (*HIDDEN, "adjust", "correct")  # after these, words may be off that were public before
DRAWING = ("draw_commit", "draw_result")
CHUNK = 2000
# what a page shows of the settings, none of them a secret
SHOWN = (
    "profile", "base_url", "place", "place_en", "host_office", "host_office_en", "contact", "contact_hours", "icp_number",
    "police_number", "site_code", "websub_hub", "own_draws", "page_size", "oidc_label", "oidc_label_en",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What a new line of the ledger means for a mirror.

    :param number: the publication; empty when the line is about none.
    :param takes: whether words may be off now that were public before.
    :param of_draw: whether pages about draws change.
    """

    number: str
    takes: bool
    of_draw: bool

    @property
    def changes_everything(self) -> bool:
        """A line about no publication changes how all are read: the calendar, the keys, who signs."""
        return not self.number and not self.of_draw


def head(session: Session) -> tuple[int, str]:
    """How many lines the ledger has, and the hash of the last one in hex."""
    size = queries.ledger_size(session)
    return size, line_hash(session, size)


def line_hash(session: Session, size: int) -> str:
    """The hash of the last of so many lines; empty when there is no such line."""
    last = session.get(Entry, size - 1) if size else None
    return last.leaf_hash.hex() if last else ""


def since(session: Session, size: int, until: int) -> Iterator[Line]:
    """The ledger's lines from one size to another."""
    wanted = sa.select(Entry.number, Entry.type).where(Entry.index >= size, Entry.index < until)
    for number, kind in session.execute(wanted.order_by(Entry.index)).yield_per(CHUNK):
        yield Line(number or "", kind in TAKING, kind in DRAWING)


def records(session: Session) -> Iterator[Address]:
    """The page of every publication there is, off or not."""
    for number in session.scalars(sa.select(Face.number).order_by(Face.number)).yield_per(CHUNK):
        yield page_of(number)


def page_of(number: str) -> Address:
    """The page of a publication as it stands."""
    return Address(f"/{BY_PREFIX[number.partition('-')[0]].plural}/{number}")


def own_pages(session: Session) -> Iterator[Address]:
    """Where a walk through the site begins, and what no page links to."""
    for path in (TOLD, "/", *(f"/{kind.plural}/" for kind in KINDS.values()), "/help/"):
        yield Address(path)
    for path in (
        "/robots.txt",
        "/favicon.ico",
        "/.well-known/security.txt",
        "/sitemap.xml",
        "/sitemap/pages.xml",
    ):
        yield Address(path)
    for year, month, *_counts in months.live_months(session):
        yield Address(f"/sitemap/{date(year, month, 1):%Y-%m}.xml")


def log_files(session: Session, since_size: int) -> tuple[list[Address], int]:
    """The files of the signed log beyond those that a log of some size had, and its size now."""
    last = sealing.newest(session)
    if last is None:
        return [], 0
    tiles = [Address(f"/log/tile/{each.path}") for each in tiles_of(last.size, since_size)]
    return [Address("/log/checkpoint"), Address("/log/key"), *tiles], last.size


def contested(session: Session) -> list[str]:
    """The results whose page counts days: it is another page tomorrow."""
    return list(session.scalars(sa.select(Contest.number).where(Contest.ended_index.is_(None)).distinct()))


def edition_of(session: Session, settings: Settings, site: str, languages: str) -> str:
    """A digest of what shows on every page and is not in the ledger.

    :param site: the same of templates, static files and translations.
    """
    labels = [
        session.execute(sa.select(Department.code, Department.label, Department.label_en, Department.phone).order_by(Department.code)).all(),
        session.execute(sa.select(sa.func.count(), sa.func.max(CodeValue.id)).select_from(CodeValue)).all(),
    ]  # fmt: skip
    said = (site, languages, [getattr(settings, name) for name in SHOWN], labels)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def today() -> str:
    """The day, as a mirror writes it down."""
    return clock.today().isoformat()
