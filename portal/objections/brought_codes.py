"""核验码 that the platform printed on its notices: brought in row by row, each accepted or refused with its reason.

A refusal never repeats the code.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from portal.errors import refuse_if
from portal.objections import notice_codes, sealing
from portal.objections.notice_codes import Task
from portal.people import roles
from portal.people.models import Person
from portal.publications.entity_codes import read_entity_code
from portal.words import Sentence, say

SHORTEST, LONGEST = 8, 64  # letters and digits; less can be guessed


@dataclass(frozen=True)
class Brought:
    """One row of a file; ``row`` as the spreadsheet counts it."""

    row: int
    task_no: str
    entity_code: str
    code: str = field(repr=False)


@dataclass(frozen=True)
class RefusedRow:
    """One row that was not taken, and why."""

    row: int
    sentence: Sentence


@dataclass(frozen=True)
class Judged:
    """The rows that can be taken, by task, and those that can not."""

    taken: Sequence[tuple[Task, Brought]]
    refused: Sequence[RefusedRow]


def why_not_bring(by: Person) -> list[Sentence]:
    """Why this person may not bring codes in."""
    return roles.why_not(by, "issue_notice_codes")


def judge(session: Session, rows: Sequence[Brought], *, by: Person) -> Judged:
    """Which rows are of a task of one's own department and of somebody whom it drew. Only reads."""
    refuse_if(why_not_bring(by))
    known = {each.task_no: each for each in notice_codes.tasks(session, by.department_code)}
    drawn: dict[str, set[str]] = {}
    seen: dict[str, int] = {}
    taken, refused = [], []
    for each in rows:
        task = known.get(each.task_no)
        if task is not None and task.task_no not in drawn:
            drawn[task.task_no] = {code for _name, code in notice_codes.drawn_by(session, task)}
        reason = _why_not(each, drawn.get(each.task_no), seen)
        if reason is None and task is not None:
            taken.append((task, each))
        elif reason is not None:
            refused.append(RefusedRow(each.row, reason))
    return Judged(taken, refused)


def _why_not(each: Brought, drawn: set[str] | None, seen: dict[str, int]) -> Sentence | None:
    if drawn is None:
        return say(
            "没有找到本单位公示的抽查任务“{task}”；请核对任务编号，或者先公示任务。", task=each.task_no
        )
    malformed = None if drawn else read_entity_code(each.entity_code)[1]
    if malformed:
        return malformed
    if drawn and each.entity_code not in drawn:
        return say("“{code}”不在这次任务的抽取名单里；请核对代码。", code=each.entity_code)
    letters = sealing.plain(each.code)
    if not SHORTEST <= len(letters) <= LONGEST:
        return say("核验码应有{least}至{most}位字母或者数字，太短容易被猜中；请向平台要完整的核验码。", least=SHORTEST, most=LONGEST)  # fmt: skip
    if letters in (sealing.plain(each.entity_code), sealing.plain(each.task_no)) or len(set(letters)) == 1:
        return say("核验码是公开的号码，或者全是同一个字，谁都猜得到；请向平台要真正的核验码。")
    for key, name in ((letters, say("核验码")), (f"{each.task_no} {each.entity_code}", say("检查对象"))):
        if seen.setdefault(key, each.row) != each.row:
            return say("{what}与第{row}行相同；每户只能有一个自己的核验码。", what=name, row=seen[key])
    return None


def seal(judged: Judged) -> list[str]:
    """The hashes of the codes taken, in their order. Takes seconds: before the write door is opened."""
    return sealing.seal_all(each.code for _task, each in judged.taken)


def bring_in(session: Session, judged: Judged, sealed: Sequence[str], *, by: Person) -> int:
    """Keep the hashes of a file's codes in place of those that held before; how many."""
    refuse_if(why_not_bring(by))
    by_task: dict[Task, list[tuple[str, str]]] = {}
    for (task, each), one in zip(judged.taken, sealed, strict=True):
        by_task.setdefault(task, []).append((each.entity_code, one))
    notice_codes.lock(session, by_task)
    for task, rows in by_task.items():
        refuse_if(roles.why_not(by, "issue_notice_codes", department=task.department_code))
        notice_codes.keep(session, task, rows, by=by)
    return len(sealed)
