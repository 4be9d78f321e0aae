"""``portal demo``: an invented office with two years of disclosures, built by the acts its people would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.book import CodeBook
from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.demo import (
    afterwards,
    concerns,
    entering,
    lists,
    mornings,
    objections,
    opinions,
    plans,
    prior_notices,
    registries,
    signing,
    waiting,
)
from portal.demo.days import Days, moment
from portal.demo.firms import Town
from portal.demo.office import PASSWORD, SignIn, Staff, furnish, sign_ins
from portal.demo.results import Sheet, sheets
from portal.demo.tasks import Task, announce, draw_tasks
from portal.demo.timeline import Progress, Timeline
from portal.demo.world import FIRST_DAY, World
from portal.errors import refuse_if
from portal.ledger.models import Entry
from portal.people.models import Person
from portal.publications.models import Face, Publication
from portal.settings import Settings
from portal.statistics import snapshot
from portal.words import Sentence, say

PROFILE = "shili"
SEED = 339900


@dataclass(frozen=True)
class Built:
    """What there is now, for the one who ran the command."""

    counts: dict[str, int]  # live faces per kind
    entries: int
    sign_ins: Sequence[SignIn]
    to_follow: Sequence[objections.ToFollow]
    told: Sequence[str]  # addresses that firms were sent before disclosure
    password: str = PASSWORD


def why_not_build(session: Session, settings: Settings) -> list[Sentence]:
    """Why no demo may be put here; empty means it may."""
    if settings.is_production:
        return [say("这是正式环境，不能写入演示数据。请另设 PORTAL_VAR 和数据库后再运行演示。")]
    used = any(
        session.scalar(sa.select(sa.func.count()).select_from(each)) for each in (Person, Publication, Entry)
    )
    return (
        [say("数据库里已有人员或者记录，不能再写入演示数据。请换一个空数据库后再运行演示。")] if used else []
    )


def is_cut_short(session: Session) -> bool:
    """Whether a demo was begun here and not finished: its people are there, its last act is not."""
    demo_people = {each.username for each in sign_ins()}
    begun = demo_people <= set(session.scalars(sa.select(Person.username)))
    return begun and snapshot.is_missing(session)


def build(session: Session, settings: Settings, progress: Progress | None = None) -> Built:
    """Build the demo in an empty database. A job: it commits after each act.

    Everything hangs on today's date and one seed, so two builds on one day hold the same words.

    :raises Refused: in production, and where there is anything already.
    """
    refuse_if(why_not_build(session, settings))
    days = Days(clock.today(), load_calendar(session))
    with clock.at(moment(days.ago(FIRST_DAY + 1), 8)):
        furnish(session)
        session.commit()
    with clock.at(moment(days.ago(FIRST_DAY + 1), 9)):
        keys = signing.give_keys(session, Staff(session))
        session.commit()
    world = imagine(session, days, settings, keys)
    world.timeline.run(session, progress)
    snapshot.take(session, world.profile)  # the last act: see is_cut_short
    session.commit()
    return _built(session, settings)


def imagine(
    session: Session, days: Days, settings: Settings, keys: signing.Keys = MappingProxyType({})
) -> World:
    """Everything that will have happened by today, planned but not done.

    :param keys: with which its corrections will be signed.
    """
    rng = Random(SEED)  # noqa: S311 - the same demo every time, nothing secret
    world = World(
        session=session,
        settings=settings,
        book=CodeBook.load(session),
        profile=load_profile(PROFILE),
        days=days,
        rng=rng,
        town=Town(rng),
        staff=Staff(session),
        timeline=Timeline(),
        keys=keys,
    )
    lists.plan_lists(world)
    plans.plan_plans(world)
    tasks = list(draw_tasks(world))
    published = afterwards.Published(world)
    for task in tasks:
        announce(world, task)
        _results(world, task, published)
    for follows in (afterwards.rectify, afterwards.correct, afterwards.withdraw, afterwards.hold):
        follows(world, published)
    waiting.leave_proposals(world, published, tasks)
    objections.plan_objections(world, published)
    concerns.plan_concerns(world, tasks)
    opinions.plan_opinion(world, published)
    registries.plan_registries(world)
    mornings.plan_mornings(world)
    return world


def _results(world: World, task: Task, published: afterwards.Published) -> None:
    if task.facts["mode"] == "none":  # under way: nothing found yet
        return
    own: list[Sheet] = [
        sheet
        for nth, sheet in enumerate(sheets(world, task))
        if (task.key, nth) not in entering.NEVER_ENTERED
    ]
    if task.facts["mode"] == "desk":
        waiting.leave_a_batch(world, task, own)
        return
    entering.publish_sheets(world, task, own)
    published.add(task, own)


def _built(session: Session, settings: Settings) -> Built:
    kinds = session.execute(sa.select(Face.kind, sa.func.count()).where(Face.live).group_by(Face.kind))
    entries = session.scalar(sa.select(sa.func.count()).select_from(Entry)) or 0
    counts = dict(kinds.all())
    to_follow, told = objections.to_follow(session, settings), prior_notices.told(session, settings)
    return Built(counts, entries, list(sign_ins()), to_follow, told)
