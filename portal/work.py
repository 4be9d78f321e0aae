"""The one loop: everything that follows what was committed. ``once`` does each step once; tests call it.

Beside ``portal serve`` by default, as a process of its own (``portal work``) beside several servers.
The index is kept from two followers by a file lock per index folder. What writes to the database takes its
turn there (``portal/turns.py``): of all workers one counts figures or delivers, the others pass on.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.attachments.keeping import Stores, named_in_public, named_in_quarantine
from portal.codes.profiles import load_profile
from portal.db import Door, db, open_at
from portal.deadlines.calendar import load_calendar
from portal.erasing import expiring as ends
from portal.erasing import working
from portal.files import Store
from portal.notices import calendar_follower, reminders
from portal.notices.calendar_follower import BREATH
from portal.notices.rounds import HOUR, MINUTE, Rounds
from portal.objections import keeping
from portal.outbox.carriers import carriers
from portal.outbox.delivering import deliver_due, is_due
from portal.publications.dating import Terms
from portal.search.engines import open_folder
from portal.search.folder import Followed, IndexFolder
from portal.search.following import catch_up
from portal.settings import Settings
from portal.statistics import snapshot
from portal.turns import turn

log = logging.getLogger(__name__)

PAUSE = 0.4  # seconds between two rounds: what is published is found within a second
LONGEST_PAUSE = 60.0  # after failures
LONGEST_GOODBYE = 30.0  # seconds for what is under way when told to stop
CHUNK = 50  # reminders of one transaction, some 5 ms each: on SQLite a filing waits for it
AT_ONCE = 20  # records whose term is over, some 5 ms each
SOON = timedelta(seconds=5)  # until what another is at work on is looked at again
UNNAMED_KEPT = timedelta(hours=48)  # a file whose request has not come to its commit by then never will
COPIES_KEPT = timedelta(hours=1)  # a copy that a later one replaced, or one made for a request that failed


class Office(Protocol):
    """What the loop needs of the application."""

    extensions: dict[str, Any]

    def app_context(self) -> AbstractContextManager[Any]:
        """Within it the database's sessions can be opened."""


Step = Callable[[Office], int]
Named = Callable[[Session, Sequence[str]], Collection[str]]


def index_step(app: Office) -> int:
    """Bring the index up to date, a chunk per transaction; the number of entries followed."""
    folder, followed = index_folder(app), 0
    while True:
        with session_at(app, "public") as session:
            done = catch_up(session, folder)
        followed += done
        if not done:
            return followed


def figures_step(app: Office) -> int:
    """Take today's figures when there are none of today; the number of figures."""
    with session_at(app, "reads") as session:
        stale = snapshot.is_stale(session)
    if not stale:
        return 0
    with turn_of(app, "figures") as mine, session_at(app, "write") as session:
        # asked again: another worker may have had the turn in between
        if not mine or not snapshot.is_stale(session):
            return 0
        taken = snapshot.take(session, load_profile(_settings(app).profile))
        session.commit()
    return taken


def outbox_step(app: Office) -> int:
    """Deliver what is due; the number of messages sent or kept."""
    with session_at(app, "reads") as session:
        due = is_due(session)
    if not due:
        return 0
    with turn_of(app, "outbox") as mine:
        return deliver_due(partial(session_at, app, "write"), carriers(_settings(app))) if mine else 0


def timers_step(app: Office) -> int:
    """What time or a new calendar has made due: clocks counted again, reminders, what nobody needs any more."""
    rounds: Rounds = app.extensions.setdefault("portal_rounds", Rounds())
    done, failed = 0, list[Exception]()
    for part in (redating, reminding, tidying, expiring):
        try:
            done += part(app, rounds)
        except Exception as error:  # noqa: BLE001 - one part that fails must not keep the others waiting
            failed.append(error)
    if failed:
        raise ExceptionGroup("timers", failed)
    return done


def redating(app: Office, rounds: Rounds) -> int:
    """Let open cases follow the calendar; the number of clocks counted again."""
    with session_at(app, "reads") as session:
        notice = calendar_follower.newest_notice_id(session)
        if not rounds.is_time("redating", notice):
            return 0
        profile = load_profile(_settings(app).profile)
        if not calendar_follower.is_behind(session, profile):
            rounds.looked("redating", HOUR, notice)
            return 0
    with turn_of(app, "timers") as mine:
        moved = calendar_follower.follow(partial(session_at, app, "write"), profile) if mine else 0
    if not moved:  # another worker has the turn, or somebody is acting on what is left
        rounds.looked("redating", SOON, notice)
    return moved


def reminding(app: Office, rounds: Rounds) -> int:
    """Post the reminders that are due; the number of messages."""
    if not rounds.is_time("reminding"):
        return 0
    with session_at(app, "reads") as session:
        due = reminders.due_reminders(session, _terms(app, session), clock.today())
    posted = 0
    if due:
        with turn_of(app, "timers") as mine:
            for start in range(0, len(due) if mine else 0, CHUNK):
                posted += _committed(app, partial(reminders.post_all, due=due[start : start + CHUNK]))
    rounds.looked("reminding", MINUTE)
    return posted


def tidying(app: Office, rounds: Rounds) -> int:
    """Forget old drafts, and remove files that no row names; how many of both."""
    if not rounds.is_time("tidying"):
        return 0
    gone = 0
    with turn_of(app, "timers") as mine:
        if mine:
            while forgotten := _committed(app, keeping.forget_old_drafts):
                gone += forgotten
            gone += sum(_swept(app, *each) for each in _swept_stores(_settings(app)))
    rounds.looked("tidying", HOUR)
    return gone


def erasing_step(app: Office) -> int:
    """Take what is erased out of one place after the other; the number of places reached."""
    with session_at(app, "reads") as session:
        waiting = working.left(session)
    if not waiting:
        return 0
    with turn_of(app, "erasing") as mine:
        return working.reach(partial(session_at, app, "write"), partial(_index_at, app)) if mine else 0


def _index_at(app: Office) -> int:
    """Up to which entry the index follows, and no other index lies beside it; −1 while one is being built."""
    try:
        index_folder(app).discard_unfinished()
    except Followed:
        return -1
    return index_folder(app).position()


def expiring(app: Office, rounds: Rounds) -> int:
    """Take down what the profile's term is over for; the number of records."""
    profile, today = load_profile(_settings(app).profile), clock.today()
    if not profile.expiry or not rounds.is_time("expiring"):
        return 0
    with session_at(app, "reads") as session:
        over = ends.ending(session, profile, today)
    gone = 0
    if over:
        with turn_of(app, "timers") as mine:
            for start in range(0, len(over) if mine else 0, AT_ONCE):
                part = over[start : start + AT_ONCE]
                gone += _committed(app, partial(ends.expire, endings=part, profile=profile, today=today))
    rounds.looked("expiring", HOUR if gone == len(over) else SOON)
    return gone


def _swept(app: Office, store: Store, kept: timedelta, named: Named) -> int:
    with session_at(app, "reads") as session:
        return len(store.sweep(kept, partial(named, session)))


def _swept_stores(settings: Settings) -> list[tuple[Store, timedelta, Named]]:
    """Every store of files: how long an unnamed one is left, and what tells which of them a row names."""
    attached = Stores.of(settings)
    return [
        (Store(settings.evidence_dir), UNNAMED_KEPT, keeping.named),
        (attached.quarantine, UNNAMED_KEPT, named_in_quarantine),
        (attached.public, COPIES_KEPT, named_in_public),
    ]


def _committed(app: Office, act: Callable[[Session], int]) -> int:
    """One act in a transaction of its own; what it counts."""
    with session_at(app, "write") as session:
        done = act(session)
        session.commit()
    sleep(BREATH)
    return done


def _terms(app: Office, session: Session) -> Terms:
    return Terms(load_profile(_settings(app).profile), load_calendar(session))


STEPS: tuple[Step, ...] = (index_step, figures_step, outbox_step, timers_step, erasing_step)


def once(app: Office) -> dict[str, int]:
    """Each step once, in order; what each did. Errors come through: for tests and commands."""
    return {step.__name__: step(app) for step in STEPS}


class Worker:
    """The loop, until it is told to stop. Each step has a thread of its own: a mail server that does not
    answer keeps nothing that was published out of the index.
    """

    def __init__(self, app: Office, steps: tuple[Step, ...] = STEPS) -> None:
        self.app = app
        self.stopping = Event()
        self.threads = [
            Thread(target=self._repeat, args=(step,), name=f"portal-{step.__name__}", daemon=True)
            for step in steps
        ]

    def start(self) -> None:
        """Run beside the site."""
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let the rounds that are under way end."""
        self.stopping.set()
        given_up = monotonic() + LONGEST_GOODBYE
        for thread in self.threads:
            if thread.is_alive():
                thread.join(timeout=max(0.0, given_up - monotonic()))

    def run(self) -> None:
        """Run until told to stop."""
        self.start()
        self.stopping.wait()
        self.stop()

    def _repeat(self, step: Step) -> None:
        """Round after round. A step that fails is tried again, after a longer and longer pause."""
        pause = PAUSE
        while not self.stopping.is_set():
            pause = PAUSE if self._try(step) else min(pause * 2, LONGEST_PAUSE)
            self.stopping.wait(pause)

    def _try(self, step: Step) -> bool:
        try:
            step(self.app)
        except Followed:
            return True  # another program keeps this index up to date: nothing to do, and no fault
        except Exception:
            log.exception("the step %s failed and will be tried again", step.__name__)
            return False
        return True


def index_folder(app: Office) -> IndexFolder:
    """The application's index folder, one object per process so that worker and pages share what is open."""
    if "portal_search" not in app.extensions:
        app.extensions["portal_search"] = open_folder(_settings(app))
    folder: IndexFolder = app.extensions["portal_search"]
    return folder


def _settings(app: Office) -> Settings:
    settings: Settings = app.extensions["portal_settings"]
    return settings


@contextmanager
def turn_of(app: Office, name: str) -> Iterator[bool]:
    """Whether it is this worker's turn to do what one of all does at a time; see ``portal/turns.py``."""
    with session_at(app, "write") as session:
        engine = session.get_bind()
        assert isinstance(engine, sa.Engine)
        with turn(engine, name) as mine:
            yield mine


@contextmanager
def session_at(app: Office, door: Door) -> Iterator[Session]:
    """A session of its own at a door; whoever writes commits."""
    with app.app_context():
        open_at(door)
        try:
            yield db.session()
        finally:
            db.session.remove()
