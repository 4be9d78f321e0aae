"""Filing: receiving comes before verifying, and what was received is never lost and never received twice.

One receipt per key, however often the form is sent. Objection, files' rows, receipt, ledger entry and messages
are one transaction of the caller; the files themselves are on disk before it.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import refuse_if
from portal.ledger import book, numbers
from portal.ledger.commitments import digest, field_disclosure
from portal.ledger.entry import EntryDraft
from portal.ledger.models import Entry
from portal.objections import clockwork, documents, telling
from portal.objections.grounds import GROUNDS
from portal.objections.models import CHANNELS, Contest, Objection, ObjectionFile, ObjectionStep, ObjectionTerm
from portal.people import roles
from portal.people.models import Person
from portal.publications.dating import Terms
from portal.publications.models import Face, Publication
from portal.publications.values import plain
from portal.words import Sentence, say

SERIES, DIGITS = "YY", 4
LONGEST_TEXT = 20_000  # characters
_DIGITS = re.compile(r"\d")
_LONGEST = {
    "entity_name": 200, "entity_code": 40, "objector_name": 80, "phone": 40, "email": 200,
    "postal_address": 300, "text": LONGEST_TEXT,
}  # fmt: skip


@dataclass(frozen=True)
class Filing:
    """What somebody says when they object.

    :param items: which rows of the result, counted from 0; empty means all of it.
    :param received_on: for what came over the counter or by post; online it is the Beijing date of the filing.
    :param read_back: an oral filing was written down, read back and signed.
    """

    result_number: str
    grounds: tuple[str, ...]
    text: str = ""
    party: str = "entity"
    entity_name: str = ""
    entity_code: str = ""
    objector_name: str = ""
    phone: str = ""
    email: str = ""
    postal_address: str = ""
    items: tuple[int, ...] = ()
    channel: str = "online"
    received_on: date | None = None
    read_back: bool = False
    shows_mark: bool = True
    electronic: bool = False
    language: str = "zh"


@dataclass(frozen=True)
class Problem:
    """One thing to mend, and the name of the field it is about."""

    field: str
    sentence: Sentence


def publication_objected(session: Session, number: str) -> Publication | None:
    """The result that a number names, if an objection to it can be filed: it was published once."""
    found = session.scalar(sa.select(Publication).where(Publication.number == number))
    return found if found is not None and found.kind == "result" else None


def problems(
    session: Session, filing: Filing, files: Sequence[ObjectionFile] = (), *, by: Person | None = None
) -> list[Problem]:
    """What stands in the way of receiving a filing; empty means nothing. Missing papers never do."""
    found = [*_problems_of_words(filing, files)]
    publication = publication_objected(session, filing.result_number)
    if publication is None:
        found.append(Problem("result_number", say("没有找到公示编号“{number}”的检查结果，请核对编号。", number=filing.result_number)))  # fmt: skip
    if filing.channel != "online":
        found += _problems_of_counter(session, filing, publication, by)
    return found


def why_not_address(email: str) -> list[Sentence]:
    """Why no letter could go to an address; none at all is no problem."""
    given = email.strip()
    if not given or (len(given) <= _LONGEST["email"] and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", given)):
        return []
    return [say("这个邮箱地址不完整，请检查后重新填写；没有的可以空着。")]


def _problems_of_words(filing: Filing, files: Sequence[ObjectionFile]) -> list[Problem]:
    found = []
    if not filing.grounds or not set(filing.grounds) <= set(GROUNDS):
        found.append(Problem("grounds", say("请至少选一项哪里不对。")))
    if not filing.text.strip() and not files:
        found.append(Problem("text", say("请写几句话，或者交一张照片：复查人员需要知道查哪里。")))
    if not filing.phone.strip() and not filing.email.strip():
        found.append(Problem("phone", say("请留一个手机号码或者电子邮箱，不然无法把结果告诉您。")))
    elif filing.phone.strip() and len(_DIGITS.findall(filing.phone)) < 7:
        found.append(Problem("phone", say("这个电话号码不完整，请检查后重新填写。")))
    found += [Problem("email", reason) for reason in why_not_address(filing.email)]
    for name, most in _LONGEST.items():
        if len(getattr(filing, name)) > most:
            found.append(Problem(name, say("这里最多{most}个字，请缩短，或者作为文件交上来。", most=most)))
    if any(not 0 <= each < 1000 for each in filing.items):
        found.append(Problem("items", say("所选的检查事项不在这条结果里，请重新选择。")))
    return found


def _problems_of_counter(
    session: Session, filing: Filing, publication: Publication | None, by: Person | None
) -> list[Problem]:
    found = []
    department = publication.department_code if publication else None
    if by is None or filing.channel not in CHANNELS:
        return [Problem("channel", say("窗口、邮寄和口头申请由工作人员登记。"))]
    found += [Problem("", reason) for reason in roles.why_not(by, "take_objection", department=department)]
    face = session.get(Face, filing.result_number)
    if filing.received_on is None or filing.received_on > clock.today():
        found.append(Problem("received_on", say("请填写收到申请材料的日期，不能晚于今天。")))
    elif face is not None and filing.received_on < face.published_on:
        found.append(Problem("received_on", say("收到日期早于结果公示的日期，请核对。")))
    if filing.channel == "oral" and not filing.read_back:
        found.append(Problem("read_back", say("口头申请要记录、读给申请人听并由其签名，请确认后再登记。")))
    return found


def file(
    session: Session,
    filing: Filing,
    files: Sequence[ObjectionFile] = (),
    *,
    key: str,
    code_hash: str,
    terms: Terms,
    by: Person | None = None,
) -> Objection:
    """Receive an objection. The same key gives the same receipt, whatever it is sent with.

    :param key: the form's own key, unguessable; kept as its SHA-256.
    :param code_hash: of the following code, made before the write door was opened: hashing it is slow.
    :param by: who took it at the counter; None when the objector filed it.
    """
    refuse_if([each.sentence for each in problems(session, filing, files, by=by)])
    publication = publication_objected(session, filing.result_number)
    assert publication is not None  # why: problems() found it
    book.lock(session)  # from here on nobody files beside us: the same key can not be received twice
    already = received(session, key)
    if already is not None:
        return already
    objection = _objection(session, filing, publication, by)
    objection.key_hash, objection.code_hash = hashed(key), code_hash
    entry = _enter(session, objection, files, terms)
    objection.entry_index = entry.index
    session.add(objection)
    session.flush()
    for each in files:
        each.objection_id, each.draft_id = objection.id, None
    session.add_all(files)  # just kept, they are in no session yet
    _begin(session, objection, by)
    term = clockwork.set_term(session, objection, "recheck", {"received_on": objection.received_on}, terms, entry_index=entry.index)  # fmt: skip
    _show(session, objection, term)
    documents.issue(session, objection, "receipt", receipt_facts(objection, term, files), by=by)
    telling.received(session, objection, term)
    return objection


def received(session: Session, key: str) -> Objection | None:
    """What was received with a form's key; None when nothing was."""
    query = sa.select(Objection).where(Objection.key_hash == hashed(key))
    return session.scalar(query.execution_options(populate_existing=True))


def hashed(key: str) -> str:
    """A form's key as it is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def filed_facts(objection: Objection, files: Sequence[ObjectionFile]) -> dict[str, Any]:
    """What the ledger's commitment covers: whoever has the receipt can show that exactly this was filed."""
    return {
        "files": sorted(each.sha256 for each in files),
        "received_on": objection.received_on.isoformat(),
        "receipt": objection.receipt,
        "result": objection.result_number,
        "text": hashlib.sha256(objection.text.encode()).hexdigest(),
    }


def commitment(objection: Objection, files: Sequence[ObjectionFile]) -> str:
    """The digest in the ``objection_received`` entry: an RFC 9901 disclosure with the receipt's salt."""
    return digest(field_disclosure(objection.salt, "filing", filed_facts(objection, files)))


def receipt_facts(
    objection: Objection, term: ObjectionTerm, files: Sequence[ObjectionFile]
) -> dict[str, Any]:
    """What the 异议申请收件回执 says, frozen."""
    return {
        "entity_name": objection.entity_name,
        "result_number": objection.result_number,
        "received_on": objection.received_on.isoformat(),
        "grounds": list(objection.grounds),
        "items": list(objection.items),
        "files": [each.name for each in files],
        "due": term.due.isoformat(),
        "provisional": term.provisional,
        "days": term.days,
        "basis": term.basis,
    }


def _objection(session: Session, filing: Filing, publication: Publication, by: Person | None) -> Objection:
    face = session.get(Face, filing.result_number)
    on = clock.today() if filing.channel == "online" or filing.received_on is None else filing.received_on
    return Objection(
        receipt=numbers.next_number(session, SERIES, clock.today().year, DIGITS),
        publication_id=publication.id,
        result_number=filing.result_number,
        result_version=publication.version,
        department_code=publication.department_code,
        channel=filing.channel,
        party=filing.party,
        entity_name=plain(filing.entity_name) or (face.entity_name if face else ""),
        entity_code=plain(filing.entity_code).upper(),
        objector_name=plain(filing.objector_name),
        phone=plain(filing.phone),
        email=plain(filing.email),
        postal_address=plain(filing.postal_address),
        grounds=list(filing.grounds),
        items=sorted(set(filing.items)),
        text=filing.text.strip(),
        language=filing.language,
        received_on=on,
        filed_at=clock.now(),
        taken_by_id=by.id if by else None,
        read_back=filing.read_back,
        shows_mark=filing.shows_mark,
        electronic=filing.electronic,
        salt=secrets.token_urlsafe(16),
        state="received",
        outcome="",
        identity="",
    )


def _enter(session: Session, objection: Objection, files: Sequence[ObjectionFile], terms: Terms) -> Entry:
    due = clockwork.first_due(objection.received_on, terms)
    return book.write(
        session,
        EntryDraft(
            type="objection_received",
            number=objection.result_number if objection.shows_mark else None,
            commitments=(commitment(objection, files),),
            basis="O3",
            department_code=objection.department_code,
            extra={"due": due.due.isoformat(), "provisional": due.provisional},
        ),
    )


def _begin(session: Session, objection: Objection, by: Person | None) -> None:
    by_id = by.id if by else None
    step = ObjectionStep(objection_id=objection.id, act="file", state="received", by_id=by_id, at=clock.now())
    session.add(step)
    session.flush()
    objection.step_id = step.id


def _show(session: Session, objection: Objection, term: ObjectionTerm) -> None:
    """异议处理中 on the result's page, unless the objector would rather not."""
    if objection.shows_mark:
        session.add(
            Contest(
                entry_index=objection.entry_index,
                number=objection.result_number,
                department_code=objection.department_code,
                received_on=objection.received_on,
                days=term.days,
                due=term.due,
                provisional=term.provisional,
                basis=term.basis,
            )
        )
        session.flush()
