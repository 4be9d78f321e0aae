"""Rules of a draw: what its announcement must say (D9, D10, A15, A20.2) and what may not change after the lock.

Empty means that nothing stands against it. The platform's draw is taken over as it is; these rules find what can not
be right in any draw.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.publications.models import DrawnObject, Publication, Revision
from portal.publications.scope import standing
from portal.words import Sentence, say

LEAST_INSPECTORS = 2  # G28.2, D10
MOST_REASONS = 10  # of one sort: whoever mends ten rows has understood
_PARTED = re.compile(r"[、,，;；/\s]+")
_OF_A_DRAW = ("pool_size", "sample_size", "draw_attempts", "conditions", "platform_draw_no")

Content = Mapping[str, Any]
Reasons = list[Sentence]


# ── what a draw is ───────────────────────────────────────────


def rows_of(content: Content) -> list[Mapping[str, Any]]:
    """The drawn objects."""
    rows = content.get("drawn")
    return list(rows) if isinstance(rows, list) else []


def who(row: Mapping[str, Any]) -> str:
    """By what a drawn object is told from others: its code; the name of what has none."""
    return str(row.get("entity_code") or row.get("entity_name") or "")


def has_a_draw(content: Content) -> bool:
    """Whether an announcement locks a list; one whose names are not shown does, however long its list is."""
    return bool(rows_of(content)) or content.get("names_shown") is False


def is_redrawn(before: Content, content: Content) -> bool:
    """Whether two versions do not tell of one and the same draw: list, pool, sample, attempts, conditions."""
    told = any((before.get(name) or None) != (content.get(name) or None) for name in _OF_A_DRAW)
    return told or _list(before) != _list(content)


def _list(content: Content) -> Counter[tuple[str, str]]:
    """Whom a list names; which unit inspects them and who may still change."""
    return Counter((who(row), str(row.get("entity_name") or "")) for row in rows_of(content))


def names(text: object) -> list[str]:
    """The persons that a cell names.

    >>> names("何知远、宋清和")
    ['何知远', '宋清和']
    """
    return [name for name in _PARTED.split(str(text or "").strip()) if name]


# ── before review ────────────────────────────────────────────


def why_not_submit(session: Session, revision: Revision) -> Reasons:
    """Why an announcement's draw can not be as it is written, and why a locked list may not change (D9)."""
    if revision.kind != "task" or revision.act not in ("publish", "correct"):
        return []
    before = standing(session, revision.publication)
    if before is None:
        return why_not_a_draw(revision.content, withheld=_withheld(revision))
    if not is_redrawn(before.content, revision.content):
        return [*_why_not_named_yet(before.content, revision.content)]
    return [
        *_why_not_redrawn(before.content, revision.content),
        *_why_not_named_yet(before.content, revision.content),
        *why_not_a_draw(revision.content, withheld=_withheld(revision)),
    ]


def why_not_a_draw(content: Content, *, withheld: frozenset[str] = frozenset()) -> Reasons:
    """Why no draw can have come out like this.

    :param withheld: fields that are marked; what is not shown is not compared with what is.
    """
    if not has_a_draw(content):
        return []
    return [
        *_numbers(content, withheld),
        *_twice(content),
        *islice(_people(content), MOST_REASONS),
        *_recused(content),
        *_unnamed(content),
    ]


def _withheld(revision: Revision) -> frozenset[str]:
    return frozenset(
        str(mark["path"]).partition("/")[0] for mark in revision.marks if "/" not in mark["path"]
    )


def _numbers(content: Content, withheld: frozenset[str]) -> Iterator[Sentence]:
    pool, sample = content.get("pool_size"), content.get("sample_size")
    if pool and sample and sample > pool and not withheld & {"pool_size", "sample_size"}:
        yield say("抽取数量{sample}户超过名录库的{pool}户，请核对。", sample=sample, pool=pool)
    listed = len(rows_of(content))
    shown = content.get("names_shown") is not False and not withheld & {"sample_size", "drawn"}
    if shown and sample and listed and sample != listed:
        yield say(
            "抽取数量写的是{sample}户，名单有{listed}户，两者要一致；请补全名单，或者改正数量。",
            sample=sample,
            listed=listed,
        )
    if content.get("draw_attempts") == 0:
        yield say("抽取次数至少是1，请核对。")


def _twice(content: Content) -> Iterator[Sentence]:
    times = Counter(who(row) for row in rows_of(content))
    for code in [code for code, count in times.items() if code and count > 1][:MOST_REASONS]:
        yield say(
            "“{code}”在名单里出现{times}次，同一对象只能抽中一次，请删去重复的行。",
            code=code,
            times=times[code],
        )


def _people(content: Content) -> Iterator[Sentence]:
    """At least two inspectors for each object, one of them the leader, where they are written down (D10)."""
    several = content.get("inspectors_per_object")
    if several is not None and several < LEAST_INSPECTORS:
        yield say("每户检查人员不得少于{least}人，请核对“每户检查人员数”。", least=LEAST_INSPECTORS)
    for at, row in enumerate(rows_of(content), start=1):
        there, leader = names(row.get("inspectors")), str(row.get("leader") or "").strip()
        if not there and not leader:
            continue
        if len({*there, *([leader] if leader else [])}) < LEAST_INSPECTORS:
            yield say("名单第{row}行的检查人员不足{least}人，请补上。", row=at, least=LEAST_INSPECTORS)
        elif not leader:
            yield say("名单第{row}行没有写组长，请从检查人员中写明一人。", row=at)
        elif leader not in there:
            yield say("名单第{row}行的组长不在检查人员里，请核对。", row=at)


def _recused(content: Content) -> Iterator[Sentence]:
    if (content.get("recusals") or content.get("substitutions")) and not content.get("recusal_reasons"):
        yield say("有人员回避或者更换的，请在“回避与更换理由”里写明；理由只供内部查阅，公示的只有人次。")


def _unnamed(content: Content) -> Iterator[Sentence]:
    if content.get("names_shown") is False and not content.get("names_withheld_ground"):
        yield say("不公示抽取名单的，请写明“不公示名单的理由”，例如检查前不宜告知。")


# ── after the lock ───────────────────────────────────────────


def _why_not_redrawn(before: Content, content: Content) -> Iterator[Sentence]:
    """D9: a locked list stays, unless another draw is declared: counted, and with a public reason."""
    if (content.get("draw_attempts") or 1) > (before.get("draw_attempts") or 1):
        return  # why is the correction's own reason, which the head signs
    if _list(before) != _list(content):
        yield say(
            "抽取名单公示后已经锁定，不能更改；请恢复原名单。确实重新抽取了的，请把“抽取次数”改为第{next}次，"
            "按重新抽取的情况填写日期、编号和名单，并在公开的理由里说明为什么重抽。",
            next=(before.get("draw_attempts") or 1) + 1,
        )
    elif (content.get("draw_attempts") or 1) < (before.get("draw_attempts") or 1):
        yield say("抽取次数不能改少；写错了的，请在更正理由里说明，另记一次。")


def _why_not_named_yet(before: Content, content: Content) -> Iterator[Sentence]:
    """A15, A20.2: of a draw that was not to be told beforehand no names before the inspections are over."""
    if before.get("names_shown") is not False or content.get("names_shown") is False:
        return
    # a day moved forward by the same correction is no day on which anybody was told that the inspections end
    ends = max(filter(None, (before.get("ends_on"), content.get("ends_on"))), default="")
    if not ends:
        yield say("这次检查不宜事先告知，公告没有写检查到哪天结束；请先更正写明，检查结束以后再公示名单。")
    elif date.fromisoformat(ends) >= clock.today():
        yield say(
            "这次检查不宜事先告知，检查结束以前不能公示名单；检查到{day}结束，从第二天起可以更正。", day=ends
        )


# ── the third draw of a year ─────────────────────────────────


def warnings(session: Session, revision: Revision, limit: int = 2) -> Reasons:
    """D16, before it happens: whom this draw takes more often than it may, and which tasks could be one."""
    if revision.kind != "task":
        return []
    content = revision.content
    year = int((content.get("drawn_on") or content.get("starts_on") or "0")[:4])
    codes = [code for row in rows_of(content) if (code := who(row))]
    often = drawn_before(session, codes, year, revision.publication_id)
    return [
        say(
            "{name}本年已被抽中{times}次，本次为第{next}次，超过每年{limit}次的限制；属于例外情形的请在任务说明中写明，"
            "否则请与{tasks}合并检查，一次上门。",
            name=each.name, times=each.times, next=each.times + 1, limit=limit, tasks="、".join(each.tasks),
        )
        for each in often
        if each.times >= limit
    ]  # fmt: skip


@dataclass(frozen=True)
class DrawnBefore:
    """Who was drawn how often in a year, and the numbers of the tasks that did."""

    name: str
    tasks: tuple[str, ...] = ()

    @property
    def times(self) -> int:
        return len(self.tasks)


def drawn_before(
    session: Session, codes: Collection[str], year: int, besides: int | None = None
) -> list[DrawnBefore]:
    """How often entities were drawn in a year by published tasks, those drawn at all."""
    wanted = (
        sa.select(DrawnObject.entity_code, DrawnObject.entity_name, Publication.number)
        .join(Publication, Publication.id == DrawnObject.publication_id)
        .where(DrawnObject.entity_code.in_(list(codes)), DrawnObject.year == year)
        .where(DrawnObject.publication_id != besides)
        .order_by(DrawnObject.id)
    )
    found: dict[str, DrawnBefore] = {}
    for code, name, number in session.execute(wanted):
        known = found.get(code, DrawnBefore(name))
        found[code] = DrawnBefore(name, (*known.tasks, str(number)))
    return list(found.values())
