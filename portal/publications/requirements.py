"""Why an act may not happen yet, in sentences. Empty means it may. Pages grey their buttons with these."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.attachments import listing
from portal.people import roles
from portal.people.models import Person
from portal.publications import drawn, prior, scope, signing, superseded, undecided
from portal.publications.kinds import KINDS
from portal.publications.models import Face, ListedItem, Publication, Revision, Step
from portal.publications.scope import RESCOPE, SIGNED_BY_HEAD
from portal.words import Sentence, label_of, say

CORRECTING = ("correct", "withdraw")  # who re-checks an objection may draft what it leads to (O4)
DRAFTING = {**dict.fromkeys(CORRECTING, "draft_correction"), RESCOPE: "mark"}  # else who drafts at all
Reasons = list[Sentence]
IsListed = Callable[[Session, str, dict[str, Any], date], bool]


def why_not_draft(
    session: Session, kind: str, act: str, publication: Publication | None, by: Person
) -> Reasons:
    """Why nobody, or not this person, may propose an act on a publication."""
    department = publication.department_code if publication else None
    reasons = list(roles.why_not(by, DRAFTING.get(act, "draft"), department=department))
    if act == "adjust" and kind not in ("list", "plan"):
        reasons.append(
            say("只有清单和计划可以调整；结果和公告有误的，请提出更正；只改隐去范围的，请调整公示范围。")
        )
    if publication is not None:
        reasons += _why_not_now(session, act, publication)
    return reasons


def _why_not_now(session: Session, act: str, publication: Publication) -> Reasons:
    face = face_of(session, publication)
    if act == "publish":
        return _why_not_after_all(session, publication)
    if publication.being_erased:
        return [
            say(
                "{number}正在依法删除，几分钟后再拟；办到哪一处可以在删除的页面上看。",
                number=publication.number,
            )
        ]
    if face is None:
        return [say("这条记录还没有公示，可以直接修改稿件，不必提出更正。")]
    reasons = _why_not_as_it_stands(act, face)
    if open_revision(session, publication) is not None:
        reasons.append(say("{number}已有一份在办的稿件，请先办完或者作废那一份。", number=face.number))
    return reasons


def _why_not_after_all(session: Session, publication: Publication) -> Reasons:
    """Why a record that was withheld in full may not be proposed for publication: secrets end (W1)."""
    if publication.withheld_ground is None or publication.number is not None:
        return [say("只有整条不公开的记录可以重新提出公示；已经公示的，请提出更正或者调整公示范围。")]
    if open_revision(session, publication) is not None:
        return [say("这条记录已有一份在办的稿件，请先办完或者作废那一份。")]
    return []


def _why_not_as_it_stands(act: str, face: Face) -> Reasons:
    """Why the public face has no room for an act. What is on hold can be withdrawn without being shown again."""
    if face.face in ("expired", "erased"):
        return [
            say(
                "{number}公示期满或者已经依法删除，不能再恢复、更正或者调整；需要再公示的，请另行录入。",
                number=face.number,
            )
        ]
    if act == "restore" and face.face not in ("withdrawn", "held"):
        return [
            say(
                "只有已撤下或者暂停公示的记录可以恢复；{number}现在既没有撤下，也没有暂停公示。",
                number=face.number,
            )
        ]
    if act == RESCOPE:
        return scope.why_not_as_it_stands(face)
    if act == "restore" or face.live or (act == "withdraw" and face.face == "held"):
        return []
    return [say("{number}现在不在公示中，请先恢复公示，再提出更正、调整或者撤下。", number=face.number)]


def why_not_submit(
    session: Session, revision: Revision, by: Person, listed: IsListed | None = None
) -> Reasons:
    """Why a draft may not go to review yet.

    :param listed: answers as :func:`is_listed`, for whoever asks for many.
    """
    reasons = _wrong_state(revision, ("draft", "sent_back"), say("这份稿件已经提交或者办结，不能再次提交。"))
    reasons += _may_not(by, _drafting(revision, "submit"), revision)
    if revision.act in SIGNED_BY_HEAD and not revision.reason.strip():
        reasons.append(say("更正、撤下和恢复公示都要写明公开的理由，请先填写理由。"))
    reasons += scope.why_not_submit(session, revision) + undecided.why_not_said(revision)
    if revision.act != "withdraw" and not revision.withheld_ground:
        reasons += list(missing_fields(revision))
    if revision.kind == "result" and revision.act == "publish" and not revision.admitted_by_id:
        reasons += why_held(session, revision.content, listed)
    return reasons + drawn.why_not_submit(session, revision)


def why_not_approve(
    session: Session, revision: Revision, by: Person, made_by: Collection[int] | None = None
) -> Reasons:
    """Why this person may not agree to a revision: separation of duties, in sentences.

    :param made_by: as :func:`makers` gives it, for whoever asks for many.
    """
    reasons = _wrong_state(revision, ("submitted",), say("这份稿件不在待审核状态，请刷新页面查看最新进展。"))
    signed = scope.needs_head(session, revision)
    approving = "approve_scope" if revision.act == RESCOPE else "approve"
    reasons += _may_not(by, "sign" if signed else approving, revision)
    reasons += listing.why_undecided(revision.attachments)
    instead = say("请由主要负责人签署") if signed else say("请由另一位审核人办理")
    if revision.author_id == by.id:
        reasons.append(say("拟稿人不能审核自己的稿件，{instead}。", instead=instead))
    elif by.id in {*(mark.get("by") for mark in revision.marks), *listing.deciders(revision.attachments)}:
        reasons.append(say("标注隐去的人不能同意自己的标注，{instead}。", instead=instead))
    elif any(each["by"] == by.id for each in revision.dismissed):
        reasons.append(say("决定保留的人不能同意自己的决定，{instead}。", instead=instead))
    elif by.id in (makers(session, [revision])[revision.id] if made_by is None else made_by):
        reasons.append(say("这一稿的标注由您改动，不能由您同意，{instead}。", instead=instead))
    return reasons + undecided.why_not_public(revision)


def makers(session: Session, revisions: Sequence[Revision]) -> dict[int, set[int]]:
    """Who made each revision and those it replaced: authors, and whoever changed a mark, or took one away."""
    mine = [each.publication_id for each in revisions]
    replaced = sa.select(Revision.successor_id, Revision.id).where(
        Revision.publication_id.in_(mine), Revision.successor_id.is_not(None)
    )
    before = {row.successor_id: row.id for row in session.execute(replaced)}
    chains = {each.id: [each.id] for each in revisions}
    for chain in chains.values():
        while chain[-1] in before:
            chain.append(before[chain[-1]])
    wanted = [each for chain in chains.values() for each in chain]
    made: dict[int, set[int]] = {}
    drafted = sa.select(Step.revision_id, Step.by_id).where(Step.state == "draft")
    for revision_id, by_id in session.execute(drafted.where(Step.revision_id.in_(wanted))):
        made.setdefault(revision_id, set()).add(by_id)
    return {one: set().union(*(made.get(each, set()) for each in chain)) for one, chain in chains.items()}


def why_not_send_back(session: Session, revision: Revision, by: Person) -> Reasons:
    """Why this person may not send a revision back."""
    reasons = _wrong_state(
        revision,
        ("submitted", "approved"),
        say("只有待审核或者待公示的稿件可以退回，请刷新页面查看最新进展。"),
    )
    return reasons + _may_not(by, "send_back", revision)


def why_not_carry_out(session: Session, revision: Revision, by: Person, *, noticed: bool = True) -> Reasons:
    """Why an approved revision may not be made public by this person now.

    :param noticed: False when it is known that the entity is owed no notice before disclosure.
    """
    reasons = _wrong_state(revision, ("approved",), say("这份稿件还没有审核同意，或者已经办结，不能公示。"))
    if revision.act != "publish" and (face := face_of(session, revision.publication)) is not None:
        reasons += _why_not_as_it_stands(revision.act, face)  # a hold may have come since it was agreed to
    reasons += prior.why_not_yet(session, revision) if noticed else []
    reasons += signing.why_not_carry_out(session, revision)
    reasons += scope.why_not_carry_out(session, revision) + undecided.why_not_public(revision)
    return reasons + _may_not(by, "publish", revision)


def why_not_abandon(session: Session, revision: Revision, by: Person) -> Reasons:
    """Why a revision may not be given up."""
    reasons = _wrong_state(
        revision, ("draft", "sent_back", "submitted"), say("已经同意或者办结的稿件不能作废，请先退回。")
    )
    return reasons + _may_not(by, _drafting(revision, "abandon"), revision)


def why_not_revise(revision: Revision, by: Person, rewritten: bool = False) -> Reasons:
    """Why a revision may not be replaced by a changed one; who reviews may mark parts, never rewrite."""
    reasons = _wrong_state(
        revision, ("draft", "sent_back", "submitted"), say("已经同意或者办结的稿件不能修改，请先退回。")
    )
    if rewritten and revision.act == RESCOPE:
        reasons.append(say("调整公示范围只改动隐去标注；内容有误的，请作废这一稿，提出更正。"))
    act = "mark" if revision.state == "submitted" and not rewritten else _drafting(revision, "draft")
    return reasons + _may_not(by, act, revision)


def is_rewritten(revision: Revision, changes: Mapping[str, Any]) -> bool:
    """Whether a change touches what only drafters may: the words, or which files stand beside them."""
    files = changes.get("attachments", revision.attachments)
    return "content" in changes or listing.named(files) != listing.named(revision.attachments)


def why_held(session: Session, content: dict[str, Any], listed: IsListed | None = None) -> Reasons:
    """D6: every item of a result must be on a list in force on the day of inspection."""
    listed = listed or is_listed
    on, department = content.get("inspected_on"), (content.get("department") or {}).get("code")
    if not on or not department:
        return []
    return [
        off_the_lists(row, on)
        for row in content.get("items") or []
        if not listed(session, department, row, date.fromisoformat(on))
    ]  # fmt: skip


def off_the_lists(row: dict[str, Any], on: str) -> Sentence:
    """Why a result is held because of one of its items (D6)."""
    return say(
        "检查事项“{item}”不在{on}有效的抽查事项清单内，暂存为草稿；请核对事项名称，或者由主要负责人决定。",
        item=row.get("item") or row.get("item_code"),
        on=on,
    )


def is_listed(session: Session, department: str, row: dict[str, Any], on: date) -> bool:
    """Whether an item was on the department's list, or a joint list, in force on a day (D6)."""
    names = [ListedItem.item == row.get("item"), ListedItem.sub_item == row.get("item")]
    if row.get("item_code"):
        names.append(ListedItem.item_code == row["item_code"])
    found = sa.select(ListedItem.id).where(
        sa.or_(*names),
        sa.or_(ListedItem.department_code == department, ListedItem.joint),
        ListedItem.effective_from <= on,
        sa.or_(ListedItem.effective_to.is_(None), ListedItem.effective_to >= on),
    )
    return session.scalar(found.limit(1)) is not None


def warnings(session: Session, revision: Revision, limit: int = 2) -> Reasons:
    """What the reviewer should know before agreeing; it hinders nothing. D16: the third draw in a year."""
    reasons = undecided.warnings(revision)
    if superseded.withholds_more(session, revision):
        return [*reasons, say("这一稿隐去了现在公开的文字；公示后，以前各版都不再显示，恢复公示也不会带回。")]
    return reasons + drawn.warnings(session, revision, limit)


def face_of(session: Session, publication: Publication) -> Face | None:
    """The public face of a publication; none before it has a number."""
    return session.get(Face, publication.number) if publication.number else None


def open_revision(session: Session, publication: Publication) -> Revision | None:
    """The revision of a publication that is still under way, if any."""
    return session.scalar(
        sa.select(Revision)
        .where(Revision.publication_id == publication.id)
        .where(Revision.state.in_(("draft", "submitted", "approved", "sent_back")))
        .limit(1)
    )


def missing_fields(revision: Revision) -> Iterable[Sentence]:
    """A sentence for each required field that is empty."""
    for field in KINDS[revision.kind].fields:
        value = revision.content.get(field.name)
        if field.required and value in (None, "", []):
            yield say("“{label}”还没有填写。", label=label_of(field))
        for at, row in enumerate(value or [] if field.type == "rows" else []):
            for each in field.rows:
                if each.required and row.get(each.name) in (None, "", []):
                    yield say("“{label}”第{row}行的“{column}”还没有填写。", label=label_of(field), row=at + 1, column=label_of(each))  # fmt: skip


def _wrong_state(revision: Revision, allowed: tuple[str, ...], sentence: Sentence) -> Reasons:
    return [] if revision.state in allowed else [sentence]


def _drafting(revision: Revision, act: str) -> str:
    return DRAFTING.get(revision.act, act)


def _may_not(by: Person, act: str, revision: Revision) -> Reasons:
    return roles.why_not(by, act, department=revision.department_code)
