"""The task announcement (抽查任务公告) that a draw drafts: what was said before, whom it drew, who inspects them."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.book import CodeBook
from portal.draws import randomness, strata
from portal.draws.models import BY_RISK, Draw
from portal.draws.wanted import Wanted
from portal.errors import Refused
from portal.publications.content import read_content
from portal.registries.models import InspectedObject, Inspector
from portal.words import Sentence, say


def kept(wanted: Wanted) -> dict[str, Any]:
    """What a commitment keeps of its task, for the announcement."""
    return {
        "title": wanted.task.title.strip(),
        "items": [dict(each) for each in wanted.task.items],
        "conditions": wanted.task.conditions,
        "sampling_type": "directed" if wanted.is_directed else "undirected",
        "names_withheld_ground": wanted.names_withheld,
        "more": dict(wanted.task.more),
    }


def content(session: Session, draw: Draw) -> dict[str, Any]:
    """The announcement's content, the drawn list with it.

    :raises Refused: when a field does not fit, with every reason.
    """
    book = CodeBook.load(session)
    read, problems = read_content("task", _raw(draw), book)
    if problems:
        raise Refused(*(each.sentence for each in problems))
    rows = _rows(session, draw, book)  # as the registry has them: what was drawn is no longer to be judged
    return read | {"drawn": [{name: value for name, value in row.items() if value} for row in rows]}


def _raw(draw: Draw) -> dict[str, Any]:
    risk = BY_RISK.get(draw.by_risk, "")
    task = draw.task
    return dict(task["more"]) | {
        "title": task["title"],
        "source_number": draw.task_no,
        "department": draw.department_code,
        "items": task["items"],
        "sampling_type": task["sampling_type"],
        "conditions": task["conditions"],
        # narrowed by risk class the gate takes it off (W2); told of strata it would tell the two apart
        "pool_size": None if draw.by_risk == "strata" else len(strata.whole_pool(draw.parts)),
        "sample_size": len(draw.drawn),
        "draw_mode": mode(draw),
        "drawn_on": clock.today().isoformat(),
        "draw_attempts": draw.attempt,
        "inspectors_per_object": draw.per_object,
        "names_shown": draw.names_shown,
        "names_withheld_ground": task["names_withheld_ground"],
        "risk_filter": risk if draw.by_risk == "pool" else "",
        "strata": risk if draw.by_risk == "strata" else "",
    }  # fmt: skip


def mode(draw: Draw) -> str:
    """How it was drawn, in words for the announcement."""
    by = _source_label(draw.source)
    words: Sentence = say(
        "本系统抽取，可以重新计算：抽取前的承诺见公示存证第{index}行，由{by}决定。",
        index=draw.commit_index,
        by=by,
    )
    return str(words)


def _source_label(source: str) -> str:
    number = randomness.drand_round(source)
    if number:
        return f"drand quicknet 第{number}轮随机数"
    lottery = randomness.lottery_of(source)
    return f"{lottery.label if lottery else ''}第{source.rpartition(':')[2]}期开奖号码"


def _rows(session: Session, draw: Draw, book: CodeBook) -> Iterator[Mapping[str, Any]]:
    objects = _named(session, InspectedObject, "code", draw.codes)
    keys = sorted({key for each in draw.drawn for key in each["inspectors"]})
    names = _named(session, Inspector, "key", keys)
    unit = book.department_named(draw.department_code)
    for seq, each in enumerate(draw.drawn, start=1):
        found = objects.get(each["code"])
        there = [names[key].name for key in each["inspectors"] if key in names]
        yield {
            "seq": str(seq),
            "entity_name": found.name if found else each["code"],
            "entity_code": each["code"],
            "registration_authority": found.registration_authority if found else "",
            "inspecting_unit": unit.label if unit else "",
            "risk_class": found.risk_class if found else "",
            "stratum": each["stratum"],
            "inspectors": "、".join(there),
            "leader": there[0] if there else "",
        }


def _named(session: Session, model: Any, column: str, values: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for at in range(0, len(values), 500):  # SQLite takes so many values, not all
        some = sa.select(model).where(getattr(model, column).in_(values[at : at + 500]))
        found |= {getattr(each, column): each for each in session.scalars(some)}
    return found
