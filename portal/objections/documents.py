"""Papers with a 文号: the office's 代字, the year, a serial without gaps, and the facts frozen at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.codes.models import Department
from portal.ledger.numbers import next_serial
from portal.objections.models import Objection
from portal.objections.proceedings import Document
from portal.people.models import Person
from portal.words import Sentence, say


@dataclass(frozen=True)
class Paper:
    """One kind of document.

    :param word: what follows the office's 代字 in the number.
    :param public: whether its facts may be read by anyone; the others belong to the objector and the office.
    """

    kind: str
    word: str
    title: Sentence


def _by_kind(*papers: Paper) -> Mapping[str, Paper]:
    return {each.kind: each for each in papers}


PAPERS = _by_kind(
    Paper("receipt", "异收", say("异议申请收件回执")),
    Paper("supplement", "异补", say("补正材料告知书")),
    Paper("not_accepted", "异不受", say("不予受理告知书")),
    Paper("passed_on", "异转", say("异议申请转送告知书")),
    Paper("decision", "异复", say("异议复查结果告知书")),
    Paper("approval", "更审", say("更正审批表")),
    Paper("correction", "更告", say("更正公告")),
)


def issue(
    session: Session, objection: Objection, kind: str, facts: Mapping[str, Any], *, by: Person | None
) -> Document:
    """Give a paper its number. The ledger's head is locked from here on, so that a series has no gaps."""
    department = session.get_one(Department, objection.department_code)
    on = clock.today()
    prefix = department.document_prefix + PAPERS[kind].word
    serial = next_serial(session, prefix, on.year)
    paper = Document(
        objection_id=objection.id,
        kind=kind,
        number=f"{prefix}〔{on.year}〕{serial}号",
        made_on=on,
        made_by_id=by.id if by else None,
        facts=dict(facts),
    )
    session.add(paper)
    session.flush()
    session.expire(objection, ["documents"])
    return paper
