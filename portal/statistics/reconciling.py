"""抽取 → 公示 → 后续 as sums that add up (D11, D13, D15). Pure: counts in, parts out.

Public facts do not tell apart why a result is not there: overdue, withheld in full (W1), taken down, on hold.
Where few objects are missing, telling would point at one of them: see :data:`FEWEST`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from portal.statistics.announced import Announced

FEWEST = 5  # objects on either side of a split that is told

# D13 (G30, A21, GA31): these count as inspected; codes of the outcome tables of 2022 and 2017
NOT_REACHED = frozenset({"4", "2017-5"})  # 通过登记的住所（经营场所）无法联系
CLOSED = frozenset({"11", "12", "13", "14"})  # 停业或者清算, 注销, 被吊销, 被撤销
MOVED = frozenset({"15"})  # 迁出: the new body takes over


@dataclass(frozen=True)
class Found:
    """So many objects of one task with a public result, each counted once by its first sheet.

    :param office: whose sheets; ``""`` where the implementing departments shared the objects out.
    :param outcomes: as on the face, ``|6|1|``.
    :param listed: whether the public list of the task names them; True where there is none to compare with.
    """

    office: str
    outcomes: str
    listed: bool
    count: int


@dataclass(frozen=True)
class Unseen:
    """What the dated figures tell of results that nobody can read.

    :param apart: withheld in full, taken down or on hold; None where that is not told for this task.
    :param most_apart: never more than so many, by the department's public totals; None where nothing is known.
    :param expired: taken down because their public term ended.
    """

    apart: int | None = None
    most_apart: int | None = None
    expired: int = 0


@dataclass(frozen=True)
class Part:
    """One department's sheets of a task, or everybody's where the objects were shared out.

    What was drawn is what can be read, what expired, what may still come and what is past its last day::

        drawn + surplus == disclosed + expired + within + undated + past

    :param drawn: None where the announcement does not say it; then nothing is missing.
    :param beside: objects with a result that are not on the public list, in none of the other counts.
    :param over: whether the last day of disclosure is over; None where no day is known.
    """

    office: str
    drawn: int | None
    inspected: int = 0
    not_reached: int = 0
    closed: int = 0
    moved: int = 0
    beside: int = 0
    over: bool | None = None
    unseen: Unseen = Unseen()

    @property
    def disclosed(self) -> int:
        """Objects with a public result."""
        return self.inspected + self.counted

    @property
    def counted(self) -> int:
        """Of these: not inspected on the spot, and counted as inspected (D13)."""
        return self.not_reached + self.closed + self.moved

    @property
    def surplus(self) -> int:
        """More results than were drawn."""
        return max(self.disclosed - self.drawn, 0) if self.drawn is not None else 0

    @property
    def missing(self) -> int:
        """Drawn, and no result to be read."""
        return max(self.drawn - self.disclosed, 0) if self.drawn is not None else 0

    @property
    def expired(self) -> int:
        return min(self.unseen.expired, self.missing)

    @property
    def within(self) -> int:
        """Still within the term of D11."""
        return self.missing - self.expired if self.over is False else 0

    @property
    def undated(self) -> int:
        """Missing where no last day is known."""
        return self.missing - self.expired if self.over is None else 0

    @property
    def past(self) -> int:
        """No result although the last day is over, for whatever reason."""
        return self.missing - self.expired if self.over else 0

    @property
    def apart(self) -> int | None:
        """Of :attr:`past`: lawfully not shown, taken down or on hold; None where it is not told."""
        return self.unseen.apart if can_tell(self.past, self.unseen.apart) else None

    @property
    def overdue_at_least(self) -> int:
        if self.apart is not None:
            return self.past - self.apart
        return max(self.past - self.unseen.most_apart, 0) if self.unseen.most_apart is not None else 0

    @property
    def overdue_at_most(self) -> int:
        return self.past - (self.apart or 0)


def can_tell(missing: int, apart: int | None) -> bool:
    """Whether a split of missing results points at nobody: either side has at least :data:`FEWEST`.

    >>> can_tell(20, 7), can_tell(20, 2), can_tell(7, 7), can_tell(20, None)
    (True, False, False, False)
    """
    return apart is not None and apart >= FEWEST and missing - apart >= FEWEST


def parts_of(
    task: Announced, found: Iterable[Found], unseen: dict[str, Unseen], over: bool | None
) -> list[Part]:
    """The parts of a task: of each implementing department, then of whoever else disclosed a result."""
    rows = list(found)
    strangers = dict.fromkeys(row.office for row in rows if row.office not in task.parts)
    return [
        _part(office, task.drawn, [row for row in rows if row.office == office], unseen.get(office), over)
        for office in task.parts
    ] + [_part(office, 0, [row for row in rows if row.office == office], None, over) for office in strangers]


def _part(
    office: str, drawn: int | None, rows: Sequence[Found], unseen: Unseen | None, over: bool | None
) -> Part:
    counts = {"inspected": 0, "not_reached": 0, "closed": 0, "moved": 0}
    for row in rows:
        if row.listed:
            counts[how_found(row.outcomes)] += row.count
    beside = sum(row.count for row in rows if not row.listed)
    return Part(office, drawn, **counts, beside=beside, over=over, unseen=unseen or Unseen())


def how_found(outcomes: str) -> str:
    """inspected, or, where every outcome of the sheet is one of D13, which: the first of them.

    >>> how_found("|1|5|"), how_found("|4|"), how_found("|12|4|"), how_found("")
    ('inspected', 'not_reached', 'closed', 'inspected')
    """
    codes = [code for code in outcomes.split("|") if code]
    if not codes or not {*codes} <= NOT_REACHED | CLOSED | MOVED:
        return "inspected"
    first = codes[0]
    return "not_reached" if first in NOT_REACHED else "closed" if first in CLOSED else "moved"


@dataclass(frozen=True)
class FollowUp:
    """What became of the objects where a problem was found.

    :param closed: the follow-up is closed by the record itself.
    :param again: put right and entered a second time (D14).
    :param none_needed: no follow-up is needed.
    :param unsaid: the record says nothing of it.
    """

    closed: int = 0
    again: int = 0
    open: int = 0
    none_needed: int = 0
    unsaid: int = 0

    @property
    def problems(self) -> int:
        """Objects with a problem."""
        return self.closed + self.again + self.open + self.none_needed + self.unsaid

    def __add__(self, other: "FollowUp") -> "FollowUp":
        return FollowUp(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def followed_up(measure: str, closed: bool | None, again: bool, count: int) -> FollowUp:
    """Where so many objects with a problem stand.

    :param measure: code of the follow-up; empty where the record has none.
    :param closed: what the record says of it; None where it says nothing.
    :param again: whether a second entry stands beside the result.
    """
    if again:
        return FollowUp(again=count)
    if closed:
        return FollowUp(closed=count)
    if measure == "none":
        return FollowUp(none_needed=count)
    return FollowUp(open=count) if measure or closed is not None else FollowUp(unsaid=count)


@dataclass(frozen=True)
class TaskProgress:
    """One task from the draw to the follow-up.

    :param due: the last day on which a result is disclosed in time; None where the announcement names no end.
    """

    task: Announced
    parts: Sequence[Part]
    due: date | None = None
    provisional: bool = False
    follow_up: FollowUp = FollowUp()

    def total(self, name: str) -> int:
        """The sum of one count over the parts; what was drawn is counted once for each sheet that is owed."""
        return sum(getattr(part, name) or 0 for part in self.parts)
