"""What waits in the life of a publication: drafts, reviews, signatures, sheets, holds. Batches count as one line."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.clock import shanghai_date
from portal.deadlines.terms import due_of, publish_by
from portal.objections import desk as objecting
from portal.publications import desk
from portal.publications.dating import Terms
from portal.publications.desk import Line
from portal.publications.models import Hold, Publication, Revision
from portal.publications.scope import SIGNED_BY_HEAD
from portal.publications.signed import RevisionSignature, SignatureRule, SignedSheet
from portal.publications.signing import OPEN
from portal.waiting.source import Asked, Item, Pile, Question, Source, here, nobody, pile, rows, source
from portal.words import Sentence, say

_QUEUES = {queue.name: queue for queue in desk.QUEUES}


# ── drafts and reviews ───────────────────────────────────────


def _due_on(terms: Terms) -> desk.DueOn:
    def due_on(kind: str, dates: desk.Dates) -> date | None:
        if kind != "result" or not any(dates.values()):
            return None
        due = publish_by(dates, terms.profile, terms.calendar)
        return due.due if due else None

    return due_on


def _item(line: Line, terms: Terms) -> Item:
    batched = line.batch_id is not None
    return Item(
        "batch" if batched else "revision",
        f"{line.batch_id}/{line.state}" if batched else str(line.revision_id),
        line.title,
        line.task_no,
        line.department_code,
        line.since,
        line.due,
        days=terms.profile.publish_days if line.due else 0,
        holder=line.by if line.state == "draft" else "",
        count=line.count,
    )


def _lines(asked: Asked, queue: str) -> Sequence[Line]:
    return desk.lines(asked.session, _QUEUES[queue], asked.person, _due_on(asked.terms))


def _mine(queue: str) -> Callable[[Asked], Pile]:
    return lambda asked: pile([_item(each, asked.terms) for each in _lines(asked, queue)], asked.on)


def _states(*states: str) -> Callable[[Asked], Sequence[Item]]:
    """The lines of some states that have reached their last day."""

    def due(asked: Asked) -> Sequence[Item]:
        return [
            _item(each, asked.terms)
            for each in _all(asked)
            if each.state in states and each.due is not None and each.due <= asked.on
        ]

    return due


def _all(asked: Asked) -> Sequence[Line]:
    """Everything under way, read once for each desk that is laid."""
    if "lines" not in asked.kept:
        asked.kept["lines"] = _lines(asked, "all")
    found: Sequence[Line] = asked.kept["lines"]
    return found


def _of_lines(
    name: str, todo: Sentence, acts: str, due: Callable[[Asked], Sequence[Item]] = nobody
) -> Source:
    return Source(name, _QUEUES[name].label, todo, tuple(acts.split()), _mine(name), due)


# ── holds and alarms ─────────────────────────────────────────


def _holds() -> sa.Select[Any]:
    return (
        rows(Publication.number, Publication.number, Publication.department_code, Hold.at, note=Hold.reason)
        .select_from(Hold)
        .join(Publication, Publication.id == Hold.publication_id)
    )


def _confirm_by(row: Any, terms: Terms) -> date | None:
    term = terms.profile.terms.get("confirm_hold")
    return due_of(term, shanghai_date(row.since), terms.calendar).due if term else None


def _alarms(asked: Asked) -> Pile:
    found = objecting.alarms(asked.session, asked.person)
    return pile(
        [
            Item(
                "objection", str(each.id), each.entity_name, each.receipt, each.department_code,
                each.filed_at, due=shanghai_date(each.filed_at),
            )
            for each in found
        ],
        asked.on,
    )  # fmt: skip


# ── signatures on paper, the second signature ────────────────


def _sheets() -> sa.Select[Any]:
    return (
        rows(Revision.id, Revision.title, Revision.department_code, SignedSheet.at, note=SignedSheet.name)
        .select_from(SignedSheet)
        .join(Revision, Revision.id == SignedSheet.revision_id)
    )


def _to_co_sign() -> sa.Select[Any]:
    return rows(Revision.id, Revision.title, Revision.department_code, Revision.created_at)


def _one_is_missing(asked: Asked) -> sa.ColumnElement[bool]:
    """An officer's signature, where the head has signed already or signatures are required of everybody."""

    def given(role: str) -> sa.Exists:
        mine = sa.and_(RevisionSignature.revision_id == Revision.id, RevisionSignature.role == role)
        return sa.exists().where(mine)

    return sa.and_(
        Revision.act.in_(SIGNED_BY_HEAD),
        Revision.state.in_(OPEN),
        Revision.withheld_ground.is_(None),
        sa.not_(given("officer")),
        sa.or_(given("head"), sa.exists().where(SignatureRule.id.is_not(None))),
    )


SOURCES: tuple[Source, ...] = (
    Source(
        "alarm",
        say("写了不该公开的，待立即处理"),
        say("请先看这条结果；确有不得公开的内容，立即暂停公示。"),
        ("hold",),
        _alarms,
        nobody,
    ),
    source(
        "holds",
        say("暂停公示待我确认"),
        say("值班人员暂停的公示，应在一个工作日内确认或者恢复。"),
        "confirm_hold",
        Question(
            "publication",
            _holds,
            lambda asked: sa.and_(Hold.confirmed_at.is_(None), Hold.ended_at.is_(None)),
            Publication.department_code,
            count_due=_confirm_by,
            days="confirm_hold",
        ),
    ),
    _of_lines("returned", say("按退回的理由改好，再提交审核。"), "draft submit", _states("sent_back")),
    _of_lines(
        "review",
        say("核对内容和隐去标注，同意公示或者退回。"),
        "approve approve_scope send_back mark",
        _states("submitted"),
    ),
    _of_lines("sign", say("更正、撤下和恢复公示由您签署；不同意的，写明理由退回。"), "sign"),
    source(
        "co_sign",
        say("待我作为经办人签名"),
        say("更正、撤下和恢复公示要有两个人签名，还缺经办人的。"),
        "co_sign",
        Question("revision", _to_co_sign, _one_is_missing, Revision.department_code, dated=False),
    ),
    source(
        "sheets",
        say("纸质审批表待我核对"),
        say("看扫描件是不是所签的那一份；上传的人不能核对自己上传的。"),
        "record_sheet",
        Question(
            "revision",
            _sheets,
            lambda asked: sa.and_(
                SignedSheet.confirmed_at.is_(None), SignedSheet.ended_at.is_(None), Revision.state.in_(OPEN)
            ),
            Revision.department_code,
            lambda asked: sa.and_(here(Revision.department_code, asked), SignedSheet.by_id != asked.person.id),
            dated=False),
    ),
    _of_lines(
        "outside", say("检查事项不在有效清单内的记录，由您决定可否继续办理。"), "admit"
    ),
    _of_lines("publish", say("已经同意的，办理公示。"), "publish", _states("approved")),
    _of_lines("drafts", say("写完的，提交审核；不要的，作废。"), "draft submit abandon", _states("draft")),
)  # fmt: skip
