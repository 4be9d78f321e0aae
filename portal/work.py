"""The one loop: everything that follows what was committed. ``once`` does each step once; tests call it.

As a thread of ``portal serve`` by default, as a process of its own (``portal work``) beside several servers.
The index is kept from two followers by a file lock per index folder; what writes to the database will need
a lock there as soon as it must not happen twice (outbox, timers). Figures may be taken twice: they replace
each other whole.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread
from typing import Any, Protocol

from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.db import Door, db, open_at
from portal.search.engines import open_folder
from portal.search.folder import Followed, IndexFolder
from portal.search.following import catch_up
from portal.settings import Settings
from portal.statistics import snapshot

log = logging.getLogger(__name__)

PAUSE = 0.4  # seconds between two rounds: what is published is found within a second
LONGEST_PAUSE = 60.0  # after failures


class Office(Protocol):
    """What the loop needs of the application."""

    extensions: dict[str, Any]

    def app_context(self) -> AbstractContextManager[Any]:
        """Within it the database's sessions can be opened."""


Step = Callable[[Office], int]


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
    with session_at(app, "write") as session:
        taken = snapshot.take(session, load_profile(_settings(app).profile))
        session.commit()
    return taken


STEPS: tuple[Step, ...] = (index_step, figures_step)


def once(app: Office) -> dict[str, int]:
    """Each step once, in order; what each did. Errors come through: for tests and commands."""
    return {step.__name__: step(app) for step in STEPS}


class Worker:
    """The loop, until it is told to stop."""

    def __init__(self, app: Office, steps: tuple[Step, ...] = STEPS) -> None:
        self.app = app
        self.steps = steps
        self.stopping = Event()
        self.thread: Thread | None = None

    def start(self) -> None:
        """Run as a thread beside the site."""
        self.thread = Thread(target=self.run, name="portal-work", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Let the round that is under way end."""
        self.stopping.set()
        if self.thread is not None:
            self.thread.join(timeout=30)

    def run(self) -> None:
        """Round after round. A step that fails is tried again, after a longer and longer pause."""
        pause = PAUSE
        while not self.stopping.is_set():
            went_well = [self._try(step) for step in self.steps]
            pause = PAUSE if all(went_well) else min(pause * 2, LONGEST_PAUSE)
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
def session_at(app: Office, door: Door) -> Iterator[Session]:
    """A session of its own at a door; whoever writes commits."""
    with app.app_context():
        open_at(door)
        try:
            yield db.session()
        finally:
            db.session.remove()
