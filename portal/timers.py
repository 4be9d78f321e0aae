"""What time or a new calendar has made due: clocks counted again, reminders, the end of publication, and what
nobody needs any more. Each looks only now and then, and writes under the worker's turn.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import partial
from time import sleep

from sqlalchemy.orm import Session

from portal import clock
from portal.attachments.keeping import Stores, named_in_public, named_in_quarantine
from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.erasing import expiring as ends
from portal.files import Store
from portal.following import digests
from portal.intake.pushed_before import forget_old_requests
from portal.jobs import incoming
from portal.notices import calendar_follower, reminders
from portal.notices.calendar_follower import BREATH
from portal.notices.rounds import HOUR, MINUTE, Rounds
from portal.objections import keeping
from portal.people import signing_keys
from portal.publications import paper
from portal.publications.dating import Terms
from portal.sessions import Office, session_at, settings_of, turn_of
from portal.settings import Settings

CHUNK = 50  # reminders of one transaction, some 5 ms each: on SQLite a filing waits for it
AT_ONCE = 20  # records whose term is over, some 5 ms each
SOON = timedelta(seconds=5)  # until what another is at work on is looked at again
UNNAMED_KEPT = timedelta(hours=48)  # a file whose request has not come to its commit by then never will
COPIES_KEPT = timedelta(hours=1)  # a copy that a later one replaced, or one made for a request that failed

Named = Callable[[Session, Sequence[str]], Collection[str]]


def timers_step(app: Office) -> int:
    """What time or a new calendar has made due: clocks counted again, reminders, what nobody needs any more."""
    rounds: Rounds = app.extensions.setdefault("portal_rounds", Rounds())
    done, failed = 0, list[Exception]()
    for part in (redating, reminding, tidying, forgetting, expiring, following_roles):
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
        profile = load_profile(settings_of(app).profile)
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
            for forget in (keeping.forget_old_drafts, forget_old_requests):
                while forgotten := _committed(app, forget):
                    gone += forgotten
            gone += sum(_swept(app, *each) for each in _swept_stores(settings_of(app)))
            with session_at(app, "reads") as session:
                gone += incoming.sweep(session, settings_of(app).var, UNNAMED_KEPT)
    rounds.looked("tidying", HOUR)
    return gone


def forgetting(app: Office, rounds: Rounds) -> int:
    """Forget subscriptions that nobody confirmed, and readers' mail that arrived; how many of both."""
    if not rounds.is_time("forgetting"):
        return 0
    gone = 0
    with turn_of(app, "timers") as mine:
        if mine:
            gone = _committed(app, digests.tidy)
    rounds.looked("forgetting", MINUTE)
    return gone


def expiring(app: Office, rounds: Rounds) -> int:
    """Take down what the profile's term is over for; the number of records."""
    profile, today = load_profile(settings_of(app).profile), clock.today()
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


def following_roles(app: Office, rounds: Rounds) -> int:
    """An acting head's days are over: the ledger says so of the key; the number of keys."""
    if not rounds.is_time("following_roles"):
        return 0
    rounds.looked("following_roles", HOUR)
    with session_at(app, "reads") as session:
        if not signing_keys.outdated_heads(session):
            return 0
    with turn_of(app, "timers") as mine:
        return _committed(app, signing_keys.follow_all) if mine else 0


def _swept(app: Office, store: Store, kept: timedelta, named: Named) -> int:
    with session_at(app, "reads") as session:
        return len(store.sweep(kept, partial(named, session)))


def _swept_stores(settings: Settings) -> list[tuple[Store, timedelta, Named]]:
    """Every store of files: how long an unnamed one is left, and what tells which of them a row names."""
    attached = Stores.of(settings)
    return [
        (Store(settings.evidence_dir), UNNAMED_KEPT, _named_in_evidence),
        (attached.quarantine, UNNAMED_KEPT, named_in_quarantine),
        (attached.public, COPIES_KEPT, named_in_public),
    ]


def _named_in_evidence(session: Session, names: Sequence[str]) -> Collection[str]:
    """Of the files that staff and objectors hand in: those of a case, and sheets signed by hand."""
    return {*keeping.named(session, names), *paper.named(session, names)}


def _committed(app: Office, act: Callable[[Session], int]) -> int:
    """One act in a transaction of its own; what it counts."""
    with session_at(app, "write") as session:
        done = act(session)
        session.commit()
    sleep(BREATH)
    return done


def _terms(app: Office, session: Session) -> Terms:
    return Terms(load_profile(settings_of(app).profile), load_calendar(session))
