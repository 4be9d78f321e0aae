"""身份确认: receiving comes before verifying, so who objected is confirmed afterwards, in one of several ways.

Each way is an adapter that says whether what somebody showed is proof. At the counter a person looks at the
papers instead, see ``handling.identify``.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.objections import guessing, requirements, sealing
from portal.objections.models import Objection
from portal.objections.moving import move
from portal.objections.notice_codes import holding, subject_key
from portal.publications.models import Prepared, Revision
from portal.words import Sentence, say

How = Literal["notice_code", "oidc"]

WAYS: Mapping[str, Sentence] = {
    "notice_code": say("检查通知书上的核验码"),
    "oidc": say("统一身份认证"),
    "counter": say("窗口核对证件"),
}


@dataclass(frozen=True)
class Inspected:
    """Whom the result is about, from its own internal content: the public words may be masked."""

    task_no: str
    entity_code: str
    entity_name: str

    @property
    def key(self) -> str:
        """As codes are kept."""
        return subject_key(self.entity_code or self.entity_name)


class Adapter(Protocol):
    """One way to confirm who objected."""

    def fits(self, session: Session, objection: Objection, shown: str) -> bool:
        """Whether what was shown is proof that the objector is the inspected entity, or sent by it."""


class NoticeCodes:
    """Who has the notice is who was inspected."""

    def fits(self, session: Session, objection: Objection, shown: str) -> bool:
        return fits_notice_code(session, objection, shown)


class Vouched:
    """A provider signed somebody in and says for which entity code."""

    def fits(self, session: Session, objection: Objection, shown: str) -> bool:
        code = inspected(session, objection).entity_code
        return bool(code) and code == unicodedata.normalize("NFKC", shown).strip().upper()


ADAPTERS: Mapping[How, Adapter] = {"notice_code": NoticeCodes(), "oidc": Vouched()}


def inspected(session: Session, objection: Objection) -> Inspected:
    """Whom the version objected to was about: a later correction may name another."""
    versions = (
        sa.select(Revision)
        .join(Prepared, Prepared.revision_id == Revision.id)
        .where(Revision.publication_id == objection.publication_id, Revision.state == "done")
        .where(Revision.act != "withdraw", Prepared.version <= objection.result_version)
        .order_by(Prepared.version.desc(), Revision.id.desc())
    )
    content = session.scalars(versions.limit(1)).one().content
    return Inspected(content.get("task_no") or "", content.get("entity_code") or "", content["entity_name"])


def fits_notice_code(session: Session, objection: Objection, code: str) -> bool:
    """Whether a code came with this entity's notice for this task; takes the same time when none was issued.

    Slow on purpose: call it with a session that only reads.
    """
    whom = inspected(session, objection)
    sealed = holding(session, whom.task_no, whom.key)
    session.rollback()  # the connection is given back before the slow part
    return sealing.fits(sealed, code)


def confirm(session: Session, objection: Objection, how: str, *, note: str, seen: int | None = None) -> None:
    """Keep that, when and how the objector's identity was confirmed; once, and not after the case has ended.

    :param note: what was shown, never the code or token itself.
    """
    if how not in ADAPTERS:
        raise Refused(say("没有这种确认身份的方式，请从页面上列出的方式中选择。"))
    refuse_if(why_not_confirm(objection))
    objection.identity, objection.identified_at = how, clock.now()
    move(session, objection, "identify", by=None, note=note, seen=seen)


def why_not_confirm(objection: Objection) -> list[Sentence]:
    """Why the objector needs not, or can not, confirm who they are."""
    if objection.identity:
        return [say("申请人的身份已经确认，不需要再次确认。")]
    if requirements.has_ended(objection):
        return [say("这件已经办结，不需要再确认身份；要重新提出异议的，请在检查结果的页面办理。")]
    return []


def confirm_by_code(
    session: Session, objection: Objection, fitting: bool, *, visitor: str, at: datetime | None = None
) -> None:
    """Confirm by what :func:`fits_notice_code` found.

    **The door commits the counters although the act is refused**; otherwise guessing would be free.

    :param visitor: what tells one visitor from another, such as an address; kept as a hash.
    :raises Refused: in the same words for a wrong code and for one that was never issued.
    """
    refuse_if(why_not_confirm(objection))
    keys = [f"identity:{objection.receipt}"[:80], guessing.of_visitor(visitor, "identity-visitor")]
    guessing.judge(session, keys, fitting, wrong_code(), at or clock.now())
    confirm(session, objection, "notice_code", note=str(say("核验码相符")))


def wrong_code() -> Sentence:
    """The one answer to a wrong code and to none at all."""
    return say("核验码不对，或者这次检查没有发过核验码；请对照检查通知书逐位核对，也可以换一种方式确认。")


def wrong_entity(objection: Objection) -> Sentence:
    """Somebody signed in, for another entity than the one inspected."""
    return say(
        "登录的账号不是“{name}”的，或者账号没有统一社会信用代码，身份没有确认；"
        "请换用该单位的账号登录，或者填写核验码、带上营业执照到窗口确认。",
        name=objection.entity_name,
    )
