"""The demo's objections: one in each state, by invented shopkeepers, on results that the demo published.

``objections.csv`` says who objects to what, so many working days ago, and what became of it: ``sign 12`` is the
signature 12 working days after receipt, ``assign:a+b 2`` names who re-checks. Among them one is overdue; one is due
today (or, where today is a day off, on the next working day); one soon; one was answered late.

**Provisional into next year.** The newest case was received on the last working day before today, and its re-check
is 20 working days long: its last day lies past the known calendar as soon as fewer than 20 working days of the last
known year are left after that. By the calendar that ends on 31 December 2026 that is so from 5 December on (received
on the 4th, 最迟2027年1月4日), in the queue, on the result's page and on the receipt. From 14 November to 4 December 2026 no
honest re-check reaches that far, nor does a feedback term that runs already; what does is the second day that the
receipt names, 15 working days after the last day of the re-check, and the receipt says that it is provisional.
Once next year's notice is loaded nothing is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from portal.demo.afterwards import Published, second_entry
from portal.demo.cases import Case, key_of
from portal.demo.days import moment
from portal.demo.mornings import plan_keeping
from portal.demo.reading import facts
from portal.demo.results import Sheet
from portal.demo.timeline import Act as TimelineAct
from portal.demo.world import World, disclose
from portal.objections import filing, following
from portal.objections.grounds import STATE_LABELS
from portal.settings import Settings
from portal.words import Sentence

# at which hour of its day each act happens; in the order of a day
HOURS: Mapping[str, tuple[int, int]] = {
    "confirm_hold": (9, 5),
    "go_on": (9, 15),
    "dispense": (9, 20),
    "assign": (9, 30),
    "aside": (9, 50),
    "identify": (10, 10),
    "ask": (10, 20),
    "opine": (10, 45),
    "record": (11, 10),
    "acknowledge": (12, 35),
    "amend": (14, 20),
    "draft": (14, 40),
    "send_back": (15, 5),
    "not_accept": (15, 20),
    "sign": (15, 40),
    "send": (16, 10),
    "deliver": (16, 30),
    "close": (16, 45),
    "withdraw": (19, 20),
    "add": (20, 15),
    "supplement": (20, 30),
    "hold": (20, 55),
}
NOTED = ("identify", "aside", "dispense", "send_back", "deliver", "hold")  # take the next of the row's notes
TO_FOLLOW = ("unread", "supplement_asked")  # whose number and code are told to who builds the demo


@dataclass(frozen=True)
class ToFollow:
    """A case that a visitor of the demo can open as its objector."""

    receipt: str
    code: str
    state: Sentence


@dataclass(frozen=True)
class _Act:
    name: str
    detail: str
    on: date


def plan_objections(world: World, published: Published) -> None:
    """Every case from its filing to where it stands today."""
    sheets: dict[str, Sheet] = {}
    for row in facts("objections"):
        before = sheets.get(row["task"].removeprefix("="))  # the same result as another case's
        sheet = before or published.take(row["task"], row["having"])[0]
        sheets[row["key"]] = sheet
        _plan(world, Case(world, row, sheet))


def _plan(world: World, case: Case) -> None:
    hour, minute = case.row["at"].split(":")
    _add(world, moment(case.filed_on, int(hour), int(minute)), case.file)
    notes = iter(case.row["note"].split("|"))
    for act in _acts(world, case.row):
        if act.name == "second":
            _enter_again(world, case.sheet, act.on)
            continue
        note = next(notes) if act.name in NOTED else case.row["note"]
        _add(world, moment(act.on, *HOURS[act.name]), partial(getattr(case, act.name), act.detail, note))


def _add(world: World, at: datetime, act: TimelineAct) -> None:
    world.timeline.add(at, act)
    plan_keeping(world, at)


def _acts(world: World, row: Mapping[str, str]) -> Iterator[_Act]:
    """What a row's ``life`` says, each act on its day."""
    for each in filter(None, row["life"].split("|")):
        what, days = each.split()
        name, _, detail = what.partition(":")
        yield _Act(name, detail, world.days.ago(int(row["ago"]) - int(days)))


def _enter_again(world: World, sheet: Sheet, on: date) -> None:
    """我已经改好了 leads to a second entry beside the first (D14)."""
    key, seen_on = f"second/{sheet.key}", world.days.before(on)
    disclose(world, key, "result", sheet.department, lambda: second_entry(world, sheet, seen_on), on)


def to_follow(session: Session, settings: Settings) -> Sequence[ToFollow]:
    """Number and code of some cases, for who serves the demo; none where the secret key is another one now."""
    found = []
    for name in TO_FOLLOW:
        case = filing.received(session, key_of(name))
        code = following.code_for(settings.secret_key, key_of(name))
        if case is not None:
            told = ToFollow(case.receipt, code, STATE_LABELS[case.state])
            found += [told] if following.fits(session, told.receipt, code) else []
    return found
