"""A batch as a reviewer reads it: odd rows first, each with why; the plain ones grouped by what they have in common.

Nothing here judges a firm: a row is odd because somebody has to look, not because of what was found there.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.profiles import DrawLimit
from portal.people.models import Person
from portal.publications import batch_desk, looks
from portal.publications.desk import CLOCK_FIELDS, DueOn
from portal.publications.findings import Found
from portal.publications.looks import LastLook
from portal.publications.models import Batch, DrawnObject, Revision, Step
from portal.publications.requirements import missing_fields
from portal.publications.row_words import items_of, object_of, outcomes_of
from portal.publications.undecided import open_in
from portal.redaction.recognising.finding import CALLED as WHAT
from portal.words import Sentence, listed, say

MOST_READ = 1000  # rows of one batch on one page; a batch is one task of one department
FEWEST_TO_COMPARE = 10  # rows, before an outcome can be rare among them
OF_ALL = ("late", "third", "twice")  # reasons that can hold for a whole batch
DECIDED = ("approved", "done", "sent_back")
TO_DECIDE = ("draft", "sent_back", "submitted")  # states before somebody has agreed
RARE = 50  # an outcome is rare when at most one row in so many has it
EACH = say("{one}；{next}")

# why a row is odd, the most pressing first; the name is also a filter in the address
ODD: Mapping[str, Sentence] = {
    "undecided": say("提示待定"),
    "held": say("清单外暂存"),
    "missing": say("内容不全"),
    "late": say("已逾期"),
    "changed": say("看过以后有变动"),
    "returned": say("已退回"),
    "third": say("抽中次数超限"),
    "twice": say("同一对象不止一条"),
    "rare": say("结果少见"),
}


@dataclass(frozen=True)
class Group:
    """What plain rows have in common: where they stand, what was found, which items were inspected."""

    state: str
    outcomes: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row of a batch as a reviewer reads it.

    :param odd: name of :data:`ODD` to the sentence that says why.
    :param found: proposals that nobody has decided about.
    """

    revision: Revision
    due: date | None
    odd: Mapping[str, Sentence]
    found: Sequence[Found]

    @property
    def group(self) -> Group:
        return Group(self.revision.state, outcomes_of(self.revision), items_of(self.revision))

    @property
    def is_decided(self) -> bool:
        """Whether the reviewer's part is over: agreed to, public, or given back."""
        return self.revision.state in DECIDED


@dataclass(frozen=True)
class Review:
    """A batch before somebody who is to decide.

    :param seen: the newest step on the page; acts take it back, so that nothing is done to what came later.
    :param common: what most rows share, name to count: it is said once, and makes no row stand out.
    :param states: how many rows of the whole batch stand where, read or not.
    """

    rows: Sequence[Row]
    seen: int
    look: LastLook | None
    common: Mapping[str, int]
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """Rows of the batch, also those that were not read because there are more than :data:`MOST_READ`."""
        return sum(self.states.values())

    @property
    def odd(self) -> list[Row]:
        """Those with a reason to look, the most pressing first."""
        order = list(ODD)
        return sorted(
            (row for row in self.rows if row.odd),
            key=lambda row: (min(order.index(name) for name in row.odd), row.revision.id),
        )

    @property
    def plain(self) -> list[Row]:
        return [row for row in self.rows if not row.odd]

    @property
    def groups(self) -> list[tuple[Group, list[Row]]]:
        """The plain rows by what they have in common: what waits first, then the largest."""
        found: dict[Group, list[Row]] = defaultdict(list)
        for row in self.plain:
            found[row.group].append(row)
        states = ("submitted", "sent_back", "draft", "approved", "done")
        return sorted(
            found.items(),
            key=lambda each: (states.index(each[0].state) if each[0].state in states else 9, -len(each[1])),
        )

    @property
    def decided(self) -> int:
        return sum(count for state, count in self.states.items() if state in DECIDED)

    def count(self, name: str) -> int:
        """How many rows are odd for one reason."""
        return sum(name in row.odd for row in self.rows)


def review(
    session: Session,
    batch: Batch,
    person: Person,
    due_on: DueOn,
    limit: DrawLimit | None,
    on: date,
    *,
    state: str = "",
    part: int = 1,
) -> Review:
    """Read a batch; so many statements, however many rows. Of a large one a part, what waits for somebody first.

    :param state: read only rows that stand there.
    :param part: which :data:`MOST_READ` of them, from 1.
    :param limit: how often an object may be drawn in a year, by the profile (D16).
    """
    seen = looks.newest_step(
        session, batch
    )  # asked first of all: what comes later does not stand on the page
    states = batch_desk.states_of(session, batch.id)
    revisions = batch_desk.part_of(session, batch.id, TO_DECIDE, state=state, part=part, size=MOST_READ)
    look = looks.last_look(session, batch, person)
    judges = [
        _undecided, _held, _missing, _late(on), _changed(session, revisions, look, person), _returned,
        _third(session, revisions, limit), _twice(revisions), _rare(revisions),
    ]  # fmt: skip
    rows, common = _without_common([_row(each, judges, due_on) for each in revisions])
    return Review(rows, seen, look, common, states)


Judge = Callable[[Revision, date | None, Sequence[Found]], tuple[str, Sentence] | None]


def _row(revision: Revision, judges: Sequence[Judge], due_on: DueOn) -> Row:
    waits = revision.state in TO_DECIDE
    found = open_in(revision) if waits else []
    dates = {name: revision.content.get(name) for name in CLOCK_FIELDS}
    due = due_on(revision.kind, dates) if revision.act == "publish" and revision.state != "done" else None
    odd = [judge(revision, due, found) for judge in judges] if waits else []
    return Row(revision, due, dict(each for each in odd if each is not None), found)


def _without_common(rows: Sequence[Row]) -> tuple[list[Row], Mapping[str, int]]:
    """What more than half of the rows share does not set them apart: three hundred late rows are one late batch."""
    counts = Counter(name for row in rows for name in row.odd if name in OF_ALL)
    waiting = sum(row.revision.state in TO_DECIDE for row in rows)
    common = {name: count for name, count in counts.items() if count * 2 > waiting > FEWEST_TO_COMPARE}
    kept = [
        replace(row, odd={name: why for name, why in row.odd.items() if name not in common}) for row in rows
    ]
    return kept, common


# ── why a row is odd ─────────────────────────────────────────


def _undecided(revision: Revision, _due: date | None, found: Sequence[Found]) -> tuple[str, Sentence] | None:
    sure = [each for each in found if each.sure]
    if not sure:
        return None
    kinds = listed(dict.fromkeys(WHAT[each.kind] for each in sure), say("{one}、{next}"))
    return "undecided", say("有{n}处必须决定隐去还是保留：{kinds}。", n=len(sure), kinds=kinds)


def _held(revision: Revision, _due: date | None, _found: Sequence[Found]) -> tuple[str, Sentence] | None:
    if not revision.held or revision.admitted_by_id:
        return None
    return "held", Sentence("".join(map(str, revision.held)), {})


def _missing(revision: Revision, _due: date | None, _found: Sequence[Found]) -> tuple[str, Sentence] | None:
    if revision.withheld_ground or revision.act == "withdraw":
        return None
    missing = list(missing_fields(revision))
    return ("missing", listed(missing[:3], EACH)) if missing else None


def _late(on: date) -> Judge:
    def judge(_revision: Revision, due: date | None, _found: Sequence[Found]) -> tuple[str, Sentence] | None:
        if due is None or due >= on:
            return None
        return "late", say("最迟{day}公示，已经逾期。", day=due.isoformat())

    return judge


def _returned(revision: Revision, _due: date | None, _found: Sequence[Found]) -> tuple[str, Sentence] | None:
    return ("returned", say("已退回给拟稿人。")) if revision.state == "sent_back" else None


def _changed(session: Session, revisions: Sequence[Revision], look: LastLook | None, person: Person) -> Judge:
    """Rows that somebody else moved on since the last look."""
    since: dict[int, Step] = {}
    if look is not None:
        ids = [each.step_id for each in revisions if (each.step_id or 0) > look.step_id]
        steps = session.scalars(sa.select(Step).where(Step.id.in_(ids), Step.by_id != person.id))
        since = {each.id: each for each in steps}

    def judge(revision: Revision, _due: date | None, _found: Sequence[Found]) -> tuple[str, Sentence] | None:
        step = since.get(revision.step_id or 0)
        return ("changed", say("您上次看过以后，{name}改动过。", name=step.by.name)) if step else None

    return judge


def _third(session: Session, revisions: Sequence[Revision], limit: DrawLimit | None) -> Judge:
    """Objects drawn more often in the year of the inspection than they may be (D16)."""
    counted: dict[tuple[str, str], int] = {}
    if limit is not None:
        codes = {
            str(each.content.get("entity_code") or each.content.get("entity_name")) for each in revisions
        }
        wanted = (
            sa.select(DrawnObject.entity_code, DrawnObject.year, sa.func.count())
            .where(DrawnObject.entity_code.in_(codes))
            .group_by(DrawnObject.entity_code, DrawnObject.year)
            .having(sa.func.count() > limit.times)
        )
        counted = {(code, str(year)): count for code, year, count in session.execute(wanted)}

    def judge(revision: Revision, _due: date | None, _found: Sequence[Found]) -> tuple[str, Sentence] | None:
        content = revision.content
        year = str(content.get("inspected_on") or "")[:4]
        times = counted.get((str(content.get("entity_code") or content.get("entity_name")), year), 0)
        if not times or limit is None:
            return None
        return "third", say(
            "{year}年已被抽中{times}次，超过每年{limit}次的限制；请核对是否属于例外情形。",
            year=year, times=times, limit=limit.times,
        )  # fmt: skip

    return judge


def _twice(revisions: Sequence[Revision]) -> Judge:
    """One department, one object, one sheet (D15); a second entry says so itself (D14)."""
    told = [object_of(each) for each in revisions if not each.content.get("rectifies")]
    times = Counter(each for each in told if each)

    def judge(revision: Revision, _due: date | None, _found: Sequence[Found]) -> tuple[str, Sentence] | None:
        count = times[object_of(revision)] if not revision.content.get("rectifies") else 0
        return ("twice", say("这一批里同一检查对象有{n}条，请核对是否重复。", n=count)) if count > 1 else None

    return judge


def _rare(revisions: Sequence[Revision]) -> Judge:
    """Outcomes that few rows of the batch have: a slip of the hand is found among them first."""
    shown = Counter(label for each in revisions for label in set(outcomes_of(each)))
    few = max(1, len(revisions) // RARE)
    rare = {label for label, count in shown.items() if count <= few}

    def judge(revision: Revision, _due: date | None, _found: Sequence[Found]) -> tuple[str, Sentence] | None:
        own = [label for label in outcomes_of(revision) if label in rare]
        if len(revisions) < FEWEST_TO_COMPARE or not own:
            return None
        return "rare", say(
            "这一批{all}条里只有{n}条是“{outcome}”，请核对是否录错。",
            all=len(revisions), n=shown[own[0]], outcome=own[0],
        )  # fmt: skip

    return judge
