"""Everything the demo's parts share: who, when, where, and the acts of an ordinary day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.book import CodeBook
from portal.codes.profiles import Profile
from portal.demo import signing
from portal.demo.days import Days, moment
from portal.demo.firms import Town
from portal.demo.office import Staff
from portal.demo.timeline import Timeline
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.content import read_content
from portal.publications.dating import Terms
from portal.publications.models import Publication, Revision
from portal.publications.proposing import identity_of
from portal.settings import Settings

Raw = Mapping[str, Any]
Content = dict[str, Any]
Change = Callable[[Content], Content]
RawLater = Callable[[], Raw]

DIVISION = "339900"
SIGNED_BY_HEAD = ("correct", "withdraw", "restore")
FIRST_DAY = 512  # working days ago: when the demo's office began to use the portal


@dataclass
class World:
    """The demo while it is being built. ``key`` names a publication before it has a number."""

    session: Session
    settings: Settings
    book: CodeBook
    profile: Profile
    days: Days
    rng: Random
    town: Town
    staff: Staff
    timeline: Timeline
    keys: signing.Keys

    @property
    def terms(self) -> Terms:
        """By what objections and concerns are timed."""
        return Terms(self.profile, self.days.calendar)

    def read(self, kind: str, raw: Raw) -> Content:
        """Content from an office's words; the demo's own facts have no problems."""
        content, problems = read_content(kind, raw, self.book)
        if problems:
            raise ValueError(f"the demo's own {kind} can not be read: {problems[0]}")
        return content

    def publication(self, key: str) -> Publication:
        wanted = sa.select(Publication).where(Publication.identity == identity(key))
        return self.session.scalars(wanted).one()

    def newest(self, key: str) -> Revision:
        """The newest revision of a publication."""
        revisions = sa.select(Revision).join(Publication, Publication.id == Revision.publication_id)
        of_key = revisions.where(Publication.identity == identity(key)).order_by(Revision.id.desc())
        return self.session.scalars(of_key.limit(1)).one()

    def drafter(self, department: str) -> Person:
        return self.staff.person(department, "drafter")

    def agrees(self, department: str, act: str) -> Person:
        """Who may agree to an act and carry it out."""
        return self.staff.person(department, "head" if act in SIGNED_BY_HEAD else "reviewer")


def identity(key: str) -> str:
    """What a publication of the demo is recognised by."""
    return identity_of("demo", key)


def disclose(world: World, key: str, kind: str, department: str, raw: Raw | RawLater, on: date) -> None:
    """Plan a publication: written in the morning, agreed to and published in the afternoon.

    :param raw: a function of no arguments where the words depend on what will have happened by then.
    """

    def write() -> None:
        by = world.drafter(department)
        content = world.read(kind, raw() if callable(raw) else raw)
        draft = pipeline.draft(world.session, kind, content, by=by, identity=identity(key))
        pipeline.submit(world.session, draft, by=by)

    world.timeline.add(moment(on, 9, 20), write)
    world.timeline.add(moment(on, 15, 10), lambda: publish(world, key, department, "publish"))


def publish(world: World, key: str, department: str, act: str) -> None:
    """Agree to the revision under way and carry it out."""
    revision, by = world.newest(key), world.agrees(department, act)
    for role in signing.ROLES:
        signing.sign(world.session, revision, world.staff, world.keys, role)
    pipeline.approve(world.session, revision, by=by)
    pipeline.carry_out(world.session, revision, by=by)


def change(world: World, key: str, department: str, act: str, on: date, edit: Change, reason: str) -> None:
    """Plan an adjustment, correction, withdrawal or restoration of something published."""
    propose(world, key, department, act, on, edit, reason)
    world.timeline.add(moment(on, 16, 5), lambda: publish(world, key, department, act))


def propose(world: World, key: str, department: str, act: str, on: date, edit: Change, reason: str) -> None:
    """Plan a proposal alone: drafted and submitted, waiting for whoever must agree."""

    def write() -> None:
        newest, by = world.newest(key), world.drafter(department)
        draft = pipeline.draft(
            world.session,
            newest.kind,
            edit(dict(newest.content)),
            by=by,
            act=act,
            publication=newest.publication,
            marks=newest.marks,
            dismissed=newest.dismissed,
            reason=reason,
        )
        pipeline.submit(world.session, draft, by=by)

    world.timeline.add(moment(on, 10, 30), write)


def unchanged(content: Content) -> Content:
    """The edit of an act that changes no words."""
    return content


def rows_of(facts: Sequence[Mapping[str, str]], **wanted: str) -> list[Mapping[str, str]]:
    """The rows that have these values."""
    return [row for row in facts if all(row[name] == value for name, value in wanted.items())]
