"""征求意见: whoever is concerned is asked about a part of a public record that reads 「征求意见中，暂不公开」.

By analogy with disclosure on application there are 15 working days to answer. **Silence is not consent**, and not
refusal either: the office decides, with reasons, and its decision drafts an adjustment of scope, to which a second
person must agree before anything changes in public.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.deadlines.terms import due_by
from portal.errors import Refused, refuse_if
from portal.outbox.addresses import phone_problems
from portal.outbox.posting import post
from portal.people import roles
from portal.people.finding import holders
from portal.people.models import Person
from portal.prior_notice.keys import Key, hash_of, subject_typed
from portal.prior_notice.models import ANSWERS, DECISIONS, Opinion
from portal.publications import pipeline, scope
from portal.publications.dating import Terms
from portal.publications.models import Publication, Revision
from portal.publications.prior import subject_of
from portal.publications.remarking import value_at
from portal.publications.requirements import face_of
from portal.redaction.masking import SEEKING_OPINION, markers, mask
from portal.words import Sentence, say

TERM = "opinion"
CHANNELS = ("sms", "paper", "counter")
OPEN_FOR = timedelta(days=60)  # after its last day, or the decision, a link leads nowhere
LONGEST = 5000
SECRECY = "《中华人民共和国政府信息公开条例》第十五条"

SAID: Mapping[str, Sentence] = {"agrees": say("同意公开"), "objects": say("不同意公开"), "": say("没有答复")}
DECIDED: Mapping[str, Sentence] = {"disclose": say("公开"), "withhold": say("按商业秘密隐去")}


@dataclass(frozen=True)
class Asked:
    """Who is asked about which part, and how they are told."""

    path: str
    name: str
    channel: str
    phone: str = ""


# ── what is sought ───────────────────────────────────────────


def sought(revision: Revision) -> list[str]:
    """The parts of a record that are withheld while an opinion is sought, each once."""
    return list(dict.fromkeys(mark["path"] for mark in revision.marks if mark["ground"] == SEEKING_OPINION))


def passages(revision: Revision, path: str) -> list[str]:
    """The very words that somebody is asked about, and no other withheld ones."""
    value = value_at(revision.content, path)
    marks = [each for each in revision.marks if each["path"] == path and each["ground"] == SEEKING_OPINION]
    if not isinstance(value, str):
        return [_listed(value)] if marks and value is not None else []
    return [value if each["start"] is None else value[each["start"] : each["end"]] for each in marks]


def asked_about(session: Session, row: Opinion) -> list[str]:
    """The words that stood there when somebody was asked and are still sought; of what was marked since, nothing."""
    now = scope.standing(session, row.publication)
    then = scope.standing(session, row.publication, at=row.asked_at)
    if now is None or then is None:
        return []
    known = passages(then, row.path)
    return [each for each in passages(now, row.path) if each in known]


def surroundings(revision: Revision, path: str) -> str:
    """The part as the public reads it now."""
    value, marks = value_at(revision.content, path), [each for each in revision.marks if each["path"] == path]
    return mask(value, marks) if isinstance(value, str) else markers(each["ground"] for each in marks)


def _listed(value: Any) -> str:
    rows = value if isinstance(value, list) else [value]
    return "；".join(
        str(each.get("label") or "") if isinstance(each, Mapping) else str(each) for each in rows
    )


def of_publication(session: Session, publication: Publication) -> Sequence[Opinion]:
    """Everything that was asked about a record, newest first."""
    query = sa.select(Opinion).where(Opinion.publication_id == publication.id).order_by(Opinion.id.desc())
    return session.scalars(query).all()


# ── asking ───────────────────────────────────────────────────


def why_not_ask(session: Session, publication: Publication, by: Person) -> list[Sentence]:
    """Why this person may not ask anybody about this record now."""
    reasons = list(roles.why_not(by, "tell_beforehand", department=publication.department_code))
    face, standing = face_of(session, publication), scope.standing(session, publication)
    if face is None or not face.live or standing is None:
        reasons.append(say("这条记录现在不在公示中，不能征求意见；还没有公示的，请用公示前告知。"))
    elif not sought(standing):
        reasons.append(
            say(
                "公示的内容里没有“征求意见中，暂不公开”的部分；请先调整公示范围，把要征求意见的部分标注出来。"
            )
        )
    return reasons


def ask(
    session: Session, publication: Publication, asked: Asked, *, by: Person, terms: Terms, key: Key,
    link: Callable[[str], str],
) -> Opinion:  # fmt: skip
    """Ask somebody about one part; the 15 working days begin."""
    session.execute(sa.select(Publication.id).where(Publication.id == publication.id).with_for_update())
    refuse_if(why_not_ask(session, publication, by) + _misfits(session, publication, asked))
    standing = scope.standing(session, publication)
    term = due_by(TERM, {"asked_on": clock.today()}, terms.profile, terms.calendar)
    if term is None or standing is None:
        raise Refused(say("规则配置没有征求意见的答复期限，请联系系统管理员。"))
    rule, name = terms.profile.terms[TERM], asked.name.strip()
    own = name == standing.content.get("entity_name")
    row = Opinion(
        publication_id=publication.id, department_code=publication.department_code, path=asked.path,
        subject=subject_of(standing.content) if own else subject_typed(name), asked_name=name[:200],
        phone=asked.phone.strip(), channel=asked.channel, asked_at=clock.now(), asked_by_id=by.id, due=term.due,
        days=rule.days, provisional=term.provisional, basis=rule.basis, token_hash=key.token_hash,
        code_hash=key.sealed,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if asked.channel == "sms":
        _message(session, row, standing, link(key.token))
    return row


def _misfits(session: Session, publication: Publication, asked: Asked) -> list[Sentence]:
    standing, reasons = scope.standing(session, publication), []
    if standing is not None and asked.path not in sought(standing):
        reasons.append(say("请选择要征求意见的部分。"))
    if any(each.path == asked.path and not is_settled(each) for each in of_publication(session, publication)):
        reasons.append(say("这一部分正在征求意见，还没有决定；请先决定，再另行征求。"))
    if not asked.name.strip():
        reasons.append(say("请填写被征求意见的单位或者个人。"))
    if asked.channel not in CHANNELS:
        reasons.append(say("请选择用什么方式征求意见。"))
    if asked.channel == "sms" and phone_problems(asked.phone.strip()):
        reasons.append(say("请填写可以发短信的手机；没有的，请改用书面，或者当面征求。"))
    return reasons


def _message(session: Session, row: Opinion, revision: Revision, address: str) -> None:
    office = revision.content["department"]["label"]
    post(
        session, key=f"opinion-{row.id}/asked", topic="opinion_asked", channel="sms", to_address=row.phone,
        to_name=row.asked_name, subject=say("征求意见"),
        body=say("{office}拟公开的信息涉及您单位，现征求意见。请打开{address}查看，最迟{due}答复是否同意公开。请勿转发。",
                 office=office, address=address, due=row.due.isoformat()),
        about=f"/staff/opinions/{row.id}", department_code=row.department_code,
    )  # fmt: skip


# ── answering ────────────────────────────────────────────────


def by_token(session: Session, token: str) -> Opinion | None:
    """What a link opens; none when it is wrong or too old."""
    found = session.scalar(sa.select(Opinion).where(Opinion.token_hash == hash_of(token)))
    return found if found is not None and is_readable(found) else None


def is_readable(row: Opinion) -> bool:
    """Whether who was asked may still open it."""
    last = max(row.due, clock.shanghai_date(row.decided_at)) if row.decided_at else None
    return last is None or clock.today() <= last + OPEN_FOR


def why_not_answer(row: Opinion) -> list[Sentence]:
    """Why no answer is taken any more. A late one is, until it is decided."""
    if row.decided_at is not None:
        return [say("这件征求意见已经决定，不能再答复；有异议的，请打电话，或者到窗口。")]
    if row.answered_at is not None:
        return [say("已经收到答复；要改的，请打电话，或者到窗口。")]
    return []


def answer(session: Session, row: Opinion, says: str, text: str, *, by: Person | None = None) -> None:
    """Keep what was answered; the same sent twice changes nothing.

    :param by: who of the office takes it down.
    """
    _lock(session, row)
    if row.answered_at is not None and (row.answer, row.text) == (says, text.strip()):
        return
    if by is not None:
        refuse_if(roles.why_not(by, "tell_beforehand", department=row.department_code))
    refuse_if(why_not_answer(row))
    if says not in ANSWERS:
        raise Refused(say("请选择同意公开，还是不同意公开。"))
    if says == "objects" and not text.strip():
        raise Refused(say("不同意公开的，请写明理由，例如为什么是商业秘密、公开有什么损害。"))
    if len(text) > LONGEST:
        raise Refused(say("写得太长，最多{n}字；其余的材料请送到窗口。", n=LONGEST))
    row.answer, row.text, row.answered_at = says, text.strip(), clock.now()
    row.taken_by_id = by.id if by else None
    session.flush()
    _tell_office(session, row)


def _tell_office(session: Session, row: Opinion) -> None:
    for person in holders(session, "drafter", row.department_code):
        if person.email:
            post(
                session, key=f"opinion-{row.id}/answered/{person.id}", topic="opinion_answered", channel="email",
                to_address=person.email, to_name=person.name, subject=say("征求意见有了答复，请决定"),
                body=say("第{n}号征求意见已经有了答复，请决定是否公开，并写明理由。", n=row.id),
                about=f"/staff/opinions/{row.id}", department_code=row.department_code,
            )  # fmt: skip


def _lock(session: Session, row: Opinion) -> None:
    """Of an answer and a decision at once the second waits, and then sees what the first did."""
    session.execute(sa.select(Opinion.id).where(Opinion.id == row.id).with_for_update())
    session.expire(row)


# ── deciding ─────────────────────────────────────────────────


def is_settled(row: Opinion) -> bool:
    """Whether it was decided, and what the decision drafted was not given up."""
    return row.decided_at is not None and (row.revision is None or row.revision.state != "abandoned")


def why_not_decide(session: Session, row: Opinion, by: Person) -> list[Sentence]:
    """Why this person may not decide now: before the last day only what was answered can be decided."""
    reasons = list(roles.why_not(by, "decide_opinion", department=row.department_code))
    if is_settled(row):
        return [*reasons, say("这件征求意见已经决定；要改的，请先作废它拟出的稿件。")]
    if row.answered_at is None and clock.today() <= row.due:
        reasons.append(
            say("答复期到{due}为止，还没有收到答复；请等收到答复或者期满后再决定。", due=row.due.isoformat())
        )
    standing = scope.standing(session, row.publication)
    if standing is None or row.path not in sought(standing):
        reasons.append(say("公示的内容里这一部分已经不在征求意见，不需要再决定。"))
    return reasons


def decide(session: Session, row: Opinion, *, by: Person, decision: str, reasons: str) -> Revision:
    """Decide what becomes of the part, and draft the adjustment of scope that carries it out."""
    _lock(session, row)
    refuse_if(why_not_decide(session, row, by))
    if decision not in DECISIONS:
        raise Refused(say("请选择公开，还是按商业秘密隐去。"))
    if not reasons.strip():
        raise Refused(say("请写明决定的理由；没有答复不等于同意，也不等于不同意，更要写明。"))
    standing = scope.standing(session, row.publication)
    if standing is None:
        raise AssertionError("why_not_decide asked")
    asked = asked_about(session, row)
    marks = [
        each
        for mark in standing.marks
        for each in (_decided(mark, row, decision, by) if _is_about(standing, mark, asked) else [dict(mark)])
    ]
    draft = pipeline.draft(
        session, standing.kind, {}, by=by, act=scope.RESCOPE, publication=row.publication, marks=marks
    )
    row.decision, row.reasons, row.revision_id = decision, reasons.strip()[:LONGEST], draft.id
    row.decided_at, row.decided_by_id = clock.now(), by.id
    session.flush()
    session.expire(row, ["revision"])
    return draft


def _is_about(standing: Revision, mark: Mapping[str, Any], asked: Sequence[str]) -> bool:
    """Whether a mark hides words that somebody was asked about."""
    value = value_at(standing.content, mark["path"])
    if not isinstance(value, str):
        return bool(asked)
    return value[mark["start"] : mark["end"]] in asked


def _decided(mark: Mapping[str, Any], row: Opinion, decision: str, by: Person) -> list[dict[str, Any]]:
    if mark["path"] != row.path or mark["ground"] != SEEKING_OPINION:
        return [dict(mark)]
    if decision == "disclose":
        return []
    changed = {"ground": "trade_secret", "basis": SECRECY, "by": by.id, "at": clock.stamp(clock.now())}
    return [dict(mark) | changed]
