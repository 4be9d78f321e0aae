"""商业秘密事先声明: an entity declares beforehand what must not be disclosed, and a department says what it thinks.

A declaration that was accepted withholds nothing by itself: it makes somebody look, each time a record about the
entity holds the declared words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.models import Department
from portal.errors import Refused, refuse_if
from portal.outbox.addresses import email_problems, phone_problems
from portal.outbox.models import Channel
from portal.outbox.posting import post
from portal.people import roles
from portal.people.finding import holders
from portal.people.models import Person
from portal.publications.declared import Declaration, look_again
from portal.words import Sentence, say

MOST_WORDS, SHORTEST, LONGEST = 50, 2, 5000  # lines of words; letters of one; characters of a text


@dataclass(frozen=True)
class Declared:
    """A declaration as it was typed; ``key`` is that of the form, ``words`` one line each."""

    key: str
    subject: str
    name: str
    department: str
    title: str
    words: str
    why: str
    until: str = ""
    contact: str = ""

    @property
    def lines(self) -> list[str]:
        """The words by which a text is known to hold the secret."""
        return list(dict.fromkeys(filter(None, (line.strip() for line in self.words.splitlines()))))


def problems(session: Session, typed: Declared) -> list[tuple[str, Sentence]]:
    """What is wrong with a declaration, by field."""
    found = []
    if not typed.subject:
        found.append(("subject", say("请填写统一社会信用代码；没有代码的填写名称。")))
    if not typed.name.strip():
        found.append(("name", say("请填写单位名称。")))
    if session.get(Department, typed.department) is None:
        found.append(("department", say("请选择向哪个部门声明。")))
    if not typed.title.strip():
        found.append(("title", say("请写明是哪一类信息，例如配方、客户名单。")))
    found += [("words", each) for each in _wrong_words(typed.lines)]
    if not typed.why.strip():
        found.append(("why", say("请写明为什么是商业秘密：不为公众所知悉、有商业价值、采取了什么保密措施。")))
    if max(len(typed.why), len(typed.words)) > LONGEST:
        found.append(("why", say("写得太长，最多{n}字；其余的材料请送到窗口。", n=LONGEST)))
    found += [("until", each) for each in _wrong_day(typed.until)]
    if typed.contact.strip() and all(
        (email_problems(typed.contact.strip()), phone_problems(typed.contact.strip()))
    ):
        found.append(("contact", say("请填写手机，或者电子邮箱，只写一个。")))
    return found


def _wrong_words(lines: Sequence[str]) -> list[Sentence]:
    if not lines:
        return [say("请写出公示文字里不应出现的字句，一行一个；系统按这些字句提醒工作人员。")]
    if len(lines) > MOST_WORDS:
        return [say("字句太多，最多{n}行；请只写真正需要保密的。", n=MOST_WORDS)]
    return [
        say("“{words}”太短，到处都会碰到；请写完整一些。", words=each)
        for each in lines
        if len(each) < SHORTEST
    ]


def _wrong_day(text: str) -> list[Sentence]:
    try:
        day = date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        return [say("保密到哪一天，请写成2027-12-31的样子；一直保密的不填。")]
    if day is not None and day < clock.today():
        return [say("保密的日期已经过了，请核对。")]
    return []


def declare(session: Session, typed: Declared, *, by: Person | None = None) -> Declaration:
    """Keep a declaration; the same form sent twice is one.

    :param by: who of the office takes it down at the counter.
    """
    earlier = session.scalar(sa.select(Declaration).where(Declaration.key == typed.key))
    if earlier is not None:
        return earlier
    if by is not None:
        refuse_if(roles.why_not(by, "take_declaration", department=typed.department))
    refuse_if([sentence for _field, sentence in problems(session, typed)])
    row = Declaration(
        key=typed.key, entity_code=typed.subject, entity_name=typed.name.strip()[:200],
        department_code=typed.department, title=typed.title.strip()[:200], words=typed.lines,
        why=typed.why.strip(), until=date.fromisoformat(typed.until.strip()) if typed.until.strip() else None,
        contact=typed.contact.strip(), channel="counter" if by else "online", declared_at=clock.now(),
        taken_by_id=by.id if by else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _tell_office(session, row)
    return row


def _tell_office(session: Session, row: Declaration) -> None:
    for person in holders(session, "reviewer", row.department_code):
        if person.email:
            post(
                session, key=f"declaration-{row.id}/declared/{person.id}", topic="secret_declared", channel="email",
                to_address=person.email, to_name=person.name, subject=say("收到商业秘密事先声明，请审查"),
                body=say("收到第{n}号商业秘密事先声明，请审查是否采纳，并写明理由。", n=row.id),
                about=f"/staff/declarations/{row.id}", department_code=row.department_code,
            )  # fmt: skip


def why_not_review(row: Declaration, by: Person) -> list[Sentence]:
    """Why this person may not review a declaration."""
    reasons = list(roles.why_not(by, "review_declaration", department=row.department_code))
    if row.taken_by_id == by.id:
        reasons.append(say("这份声明由您登记，请由另一位同事审查。"))
    if row.reviewed_at is not None or row.ended_at is not None:
        reasons.append(say("这份声明已经审查或者撤回；请刷新页面查看。"))
    return reasons


def review(session: Session, row: Declaration, *, by: Person, accepted: bool, reasons: str) -> None:
    """Accept a declaration or say why not; it stands from the acceptance on."""
    session.execute(sa.select(Declaration.id).where(Declaration.id == row.id).with_for_update())
    session.expire(row)
    refuse_if(why_not_review(row, by))
    if not reasons.strip():
        raise Refused(say("请写明采纳或者不采纳的理由，声明人会看到。"))
    row.accepted, row.reasons = accepted, reasons.strip()[:LONGEST]
    row.reviewed_by_id, row.reviewed_at = by.id, clock.now()
    session.flush()
    look_again(session)
    _tell_entity(session, row)


def _tell_entity(session: Session, row: Declaration) -> None:
    if not row.contact:
        return
    channel: Channel = "email" if "@" in row.contact else "sms"
    post(
        session, key=f"declaration-{row.id}/reviewed", topic="secret_declaration_reviewed", channel=channel,
        to_address=row.contact, to_name=row.entity_name, subject=say("商业秘密事先声明有了审查结果"),
        body=say("您的第{n}号商业秘密事先声明已有审查结果。请凭代码和核验码在本站查看，或者打电话询问。", n=row.id),
        about=f"/staff/declarations/{row.id}", department_code=row.department_code,
    )  # fmt: skip


def take_back(session: Session, row: Declaration, *, by: Person) -> None:
    """The entity no longer wants it kept secret; written down by the office."""
    refuse_if(roles.why_not(by, "take_declaration", department=row.department_code))
    if row.ended_at is not None:
        raise Refused(say("这份声明已经撤回。"))
    row.ended_at = clock.now()
    session.flush()


def of_entity(session: Session, subject: str) -> Sequence[Declaration]:
    """What an entity declared, newest first."""
    query = sa.select(Declaration).where(Declaration.entity_code == subject)
    return session.scalars(query.order_by(Declaration.id.desc()).limit(50)).all()


def listed(session: Session, person: Person, *, page: int, size: int) -> tuple[Sequence[Declaration], int]:
    """The declarations before the departments a person reads, those to be reviewed first, and how many."""
    query = sa.select(Declaration)
    if not roles.may(person, "see_all_departments"):
        query = query.where(Declaration.department_code == person.department_code)
    total = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    order = query.order_by(Declaration.reviewed_at.is_not(None), Declaration.id.desc())
    return session.scalars(order.limit(size).offset((page - 1) * size)).all(), total
