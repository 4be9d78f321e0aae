"""The one loop: everything that follows what was committed. ``once`` does each step once; tests call it.

Beside ``portal serve`` by default, as a process of its own (``portal work``) beside several servers.
The index is kept from two followers by a file lock per index folder. What writes to the database takes its
turn there (``portal/turns.py``): of all workers one counts figures or delivers, the others pass on.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from time import monotonic

from portal.attachments import showing
from portal.attachments.keeping import Stores
from portal.codes.profiles import load_profile
from portal.erasing import working
from portal.exports import editions, nightly
from portal.following import digests, hub
from portal.following.digests import Digesting
from portal.jobs import carrying_out
from portal.ledger import tile_files
from portal.notices.rounds import MINUTE, Rounds
from portal.outbox.carriers import carriers
from portal.outbox.delivering import deliver_due, is_due
from portal.search.engines import open_folder
from portal.search.folder import Followed, IndexFolder
from portal.search.following import catch_up
from portal.sessions import Office, session_at, settings_of, turn_of
from portal.statistics import snapshot
from portal.timers import timers_step

log = logging.getLogger(__name__)

PAUSE = 0.4  # seconds between two rounds: what is published is found within a second
LONGEST_PAUSE = 60.0  # after failures
LONGEST_GOODBYE = 30.0  # seconds for what is under way when told to stop

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
    with turn_of(app, "figures") as mine, session_at(app, "write") as session:
        # asked again: another worker may have had the turn in between
        if not mine or not snapshot.is_stale(session):
            return 0
        taken = snapshot.take(session, load_profile(settings_of(app).profile))
        session.commit()
    return taken


def outbox_step(app: Office) -> int:
    """Deliver what is due; the number of messages sent or kept."""
    with session_at(app, "reads") as session:
        due = is_due(session)
    if not due:
        return 0
    with turn_of(app, "outbox") as mine:
        return deliver_due(partial(session_at, app, "write"), carriers(settings_of(app))) if mine else 0


def following_step(app: Office) -> int:
    """Tell those who follow something by mail what changed; the number of digests."""
    with session_at(app, "reads") as session:
        due = digests.due(session)
    if not due:
        return 0
    this, told, failed = Digesting(partial(session_at, app), index_folder(app), settings_of(app)), 0, []
    with turn_of(app, "following") as mine:
        for each in due if mine else ():
            try:
                told += digests.tell(this, each)
            except Exception as error:  # noqa: BLE001 - one that fails must not keep the others waiting
                digests.put_off(this, each)
                failed.append(error)
    if failed:
        raise ExceptionGroup("digests", failed)
    return told


def hub_step(app: Office) -> int:
    """Tell the WebSub hub which feeds changed; the number of feeds. Told again when it was killed before noting so."""
    settings = settings_of(app)
    if not settings.websub_hub:
        return 0
    with session_at(app, "reads") as session:
        since, last = hub.position(session), hub.last_line(session)
    if since == last:
        return 0
    with turn_of(app, "hub") as mine:
        topics: Sequence[str] = ()
        upto = last  # never told before: from here on
        if mine and since is not None:
            with session_at(app, "public") as session:
                topics, upto = hub.changed_feeds(session, since)
            hub.ping(settings.websub_hub, settings.base_url, topics)
        if mine:
            with session_at(app, "write") as session:
                hub.move(session, upto)
                session.commit()
    return len(topics)


def erasing_step(app: Office) -> int:
    """Take what is erased out of one place after the other; the number of places reached."""
    with session_at(app, "reads") as session:
        waiting = working.left(session)
    if not waiting:
        return 0
    with turn_of(app, "erasing") as mine:
        outside = working.Outside(
            partial(_index_at, app),
            partial(showing.erase, stores=Stores.of(settings_of(app))),
            partial(_remove_exports, app),
        )
        return working.reach(partial(session_at, app, "write"), outside) if mine else 0


def log_files_step(app: Office) -> int:
    """Bring the log's files up to the newest checkpoint; how many were written."""
    folder = settings_of(app).log_dir
    with session_at(app, "reads") as session:
        behind = tile_files.is_behind(session, folder)
    if not behind:
        return 0
    with turn_of(app, "log_files") as mine, session_at(app, "reads") as session:
        return tile_files.bring_up(session, folder) if mine else 0


def exports_step(app: Office) -> int:
    """Take off bulk files that hold what is off now, and make the day's; the number of both.

    After a making it rests four times as long as that took: where files take minutes, a day of withdrawals must not
    keep the machine at it.
    """
    settings = settings_of(app)
    rounds: Rounds = app.extensions.setdefault("portal_rounds", Rounds())
    with session_at(app, "public") as session:
        size, _ = editions.place(session)
        if not rounds.is_time("exports", size):
            return 0
        behind, due = nightly.is_behind(session, settings), nightly.is_due(session, settings)
    if not behind and not due:
        rounds.looked("exports", MINUTE, size)
        return 0
    with turn_of(app, "exports") as mine:
        if not mine:
            return 0
        begun, make = monotonic(), due and rounds.is_time("making_exports")
        done = nightly.bring_up(partial(session_at, app, "public"), settings, make=make)
        if make:
            rounds.looked("making_exports", timedelta(seconds=4 * (monotonic() - begun)))
    return done


def _remove_exports(app: Office, index: int) -> int:
    """Take away bulk files that were begun before an entry; how many, −1 while others are being made."""
    with turn_of(app, "exports") as mine:
        return editions.remove_before(settings_of(app).exports_dir, index) if mine else -1


def _index_at(app: Office) -> int:
    """Up to which entry the index follows, and no other index lies beside it; −1 while one is being built."""
    try:
        index_folder(app).discard_unfinished()
    except Followed:
        return -1
    return index_folder(app).position()


def jobs_step(app: Office) -> int:
    """Carry out what somebody started that is too long for a request; the number of jobs."""
    with session_at(app, "reads") as session:
        waiting = carrying_out.is_waiting(session)
    if not waiting:
        return 0
    with turn_of(app, "jobs") as mine:
        return carrying_out.carry_out(partial(session_at, app), settings_of(app)) if mine else 0


STEPS: tuple[Step, ...] = (
    index_step, figures_step, following_step, outbox_step, timers_step, erasing_step, log_files_step, exports_step,
    hub_step, jobs_step,
)  # fmt: skip


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
        app.extensions["portal_search"] = open_folder(settings_of(app))
    folder: IndexFolder = app.extensions["portal_search"]
    return folder
