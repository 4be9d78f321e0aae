"""Why an erasure may not be proposed or agreed to, in sentences. Empty means it may."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.erasing.blanking import quoted
from portal.erasing.models import STANDING, Erasure
from portal.erasing.taking import Taking, erasable, taking
from portal.objections.desk import open_on
from portal.people import roles
from portal.people.models import Person
from portal.publications.models import Publication, Release, TakenDown
from portal.publications.requirements import face_of, open_revision
from portal.redaction.masking import GROUNDS, SEEKING_OPINION
from portal.redaction.recognising.proposing import propose
from portal.words import Sentence, say

Reasons = list[Sentence]
ERASING_GROUNDS = tuple(ground for ground in GROUNDS if ground != SEEKING_OPINION)


@dataclass(frozen=True)
class Proposed:
    """What somebody proposes to erase.

    :param paths: as ``items/0/problem``, of the standing version; none means the whole record.
    :param reason: public, as is ``basis``: neither may hold what is erased.
    """

    ground: str
    basis: str
    reason: str
    paths: Sequence[str] = ()


def why_not_propose(session: Session, publication: Publication, by: Person) -> Reasons:
    """Why nothing of a publication, or not by this person, may be proposed for erasure now."""
    reasons = list(roles.why_not(by, "propose_erasure", department=publication.department_code))
    if standing_erasure(session, publication) is not None:
        reasons.append(say("{number}已有一项删除在办，请先办完那一项。", number=publication.number))
    return reasons + _why_not_now(session, publication)


def why_not_proposed(session: Session, publication: Publication, proposed: Proposed, by: Person) -> Reasons:
    """Why this may not be proposed."""
    reasons = why_not_propose(session, publication, by)
    if proposed.ground not in ERASING_GROUNDS:
        reasons.append(say("请从清单中选择删除的理由类别。"))
    if not proposed.basis.strip():
        reasons.append(say("请写明删除依据的法律条款。"))
    if not proposed.reason.strip():
        reasons.append(say("请写明公开的理由：删除了什么、为什么，公众会在原处看到。"))
    reasons = reasons or _why_not_paths(session, publication, proposed.paths)
    found = None if reasons else taking(session, publication, proposed.paths)
    if found is None:
        return reasons
    if any(each.sure for each in propose(f"{proposed.reason}\n{proposed.basis}")):
        reasons.append(say("公开的理由或者依据里有不得公开的内容，例如证件号码、电话；请改为概括的说法。"))
    if quoted(found.words, f"{proposed.reason}\n{proposed.basis}"):
        reasons.append(
            say("公开的理由或者依据里写有要删除的文字，请改为概括的说法，例如“误公开了个人信息”。")
        )
    return reasons + _why_still_read(session, publication, found)


def why_not_agree(session: Session, erasure: Erasure, by: Person) -> Reasons:
    """Why this person may not agree to an erasure: it takes two people and can not be undone."""
    reasons = list(roles.why_not(by, "agree_erasure", department=erasure.department_code))
    reasons += _wrong_state(erasure)
    proposed = erasure.step("proposed")
    if proposed is not None and proposed.by_id == by.id:
        reasons.append(say("提出删除的人不能自己同意，请由另一位主要负责人办理。"))
    if erasure.state != "proposed":
        return reasons
    reasons += _why_not_now(session, erasure.publication)
    reasons = reasons or _why_not_paths(session, erasure.publication, erasure.paths)
    found = None if reasons else taking(session, erasure.publication, erasure.paths)
    return reasons + (_why_still_read(session, erasure.publication, found) if found else [])


def why_not_refuse(erasure: Erasure, by: Person) -> Reasons:
    """Why this person may not refuse an erasure."""
    return list(roles.why_not(by, "agree_erasure", department=erasure.department_code)) + _wrong_state(
        erasure
    )


def standing_erasure(session: Session, publication: Publication) -> Erasure | None:
    """The erasure of a publication that waits for the head or for the worker."""
    return session.scalar(
        sa.select(Erasure)
        .where(Erasure.publication_id == publication.id, Erasure.state.in_(STANDING))
        .order_by(Erasure.id)
        .limit(1)
    )


def _wrong_state(erasure: Erasure) -> Reasons:
    if erasure.state == "proposed":
        return []
    return [say("这项删除已经办理，请刷新页面查看最新进展。")]


def _why_not_now(session: Session, publication: Publication) -> Reasons:
    face = face_of(session, publication)
    if face is None:
        return [say("这条记录没有公示过，不需要删除；稿件可以直接作废。")]
    reasons = []
    if face.face == "erased":
        reasons.append(say("{number}已经整条删除，没有可以再删除的。", number=face.number))
    if open_revision(session, publication) is not None:
        reasons.append(say("{number}还有一份在办的稿件，请先办完或者作废，再办理删除。", number=face.number))
    if open_on(session, face.number):
        reasons.append(
            say(
                "{number}还有异议没有办结，复查要看原文；请先暂停公示，公众随即看不到，异议办结后再删除。",
                number=face.number,
            )
        )
    return reasons


def _why_not_paths(session: Session, publication: Publication, paths: Sequence[str]) -> Reasons:
    """A part can be erased where the public reads it no more and it is still kept."""
    if not paths or not (unknown := set(paths) - {each.path for each in erasable(session, publication)}):
        return []
    return [
        say(
            "“{path}”在现在的版本里没有隐去的文字，以前的版本也没有别的说法，没有可以删除的；"
            "还在公开的，请先调整公示范围，把它隐去。",
            path=sorted(unknown)[0],
        )
    ]


def _why_still_read(session: Session, publication: Publication, found: Taking) -> Reasons:
    """First the scope of what is public, then the words."""
    body = "" if found.is_whole else newest_body(session, publication)
    if any(word in body for word in found.words):
        return [say("要删除的文字在现在公开的版本里还看得到；请先调整公示范围，把它隐去，再办理删除。")]
    return []


def newest_body(session: Session, publication: Publication) -> str:
    """``record.json`` of the newest version, shown or taken down."""
    where = (Release.number == publication.number, Release.version == publication.version)
    kept = sa.select(sa.func.coalesce(Release.body, TakenDown.body, "")).outerjoin(
        TakenDown, TakenDown.release_id == Release.id
    )
    return session.scalar(kept.where(*where)) or ""
