"""Objections at every stage and a request of a firm, with a secret in everything that anybody wrote."""

from datetime import date

from sqlalchemy.orm import Session

from portal import clock
from portal.concerns import handling as requests
from portal.concerns.models import Told
from portal.objections import deciding, following, handling
from portal.objections.models import Objection, ObjectionFile
from portal.publications import pipeline
from portal.publications.models import Publication
from tests import objecting
from tests.cast import Cast
from tests.secrets.secret import Secrets
from tests.voicing import TERMS

CASES = 6


def key_of(secrets: Secrets, at: int) -> str:
    """The key of a case's form."""
    return f"{secrets['objections.key_hash']}{at}"


def voice_and_object(session: Session, cast: Cast, secrets: Secrets, live: Publication) -> None:
    """Six objections to one result, and a request."""
    typed = {
        "text": secrets["objections.text"],
        "objector_name": secrets["objections.objector_name"],
        "phone": f"{secrets['objections.phone']}15400000000",
        "email": f"{secrets['objections.email']}@example.org",
        "postal_address": secrets["objections.postal_address"],
        "entity_name": secrets["objections.entity_name"],
        "entity_code": secrets["objections.entity_code"],
        "party": "agent" if secrets.is_b else "entity",
    }
    cases = [
        objecting.object_to(session, live, key=key_of(secrets, at), shows_mark=at != 1, **typed)
        for at in range(CASES)
    ]
    asked, _unmarked, maintained, corrected, withdrawn, refused = cases
    session.add(_file(secrets, asked))
    terms = objecting.terms(session)
    handling.ask_supplement(session, asked, [secrets["supplements.wanted"]], by=cast.shen, terms=terms)
    following.add(session, asked, secrets["supplements.text"], [], terms=terms)
    following.withdraw(session, withdrawn, secrets["objection_steps.note"])
    note = secrets["objection_steps.note"]
    handling.not_accept(session, refused, "other_body", note, by=cast.lin, passed_to=note)
    for case in (maintained, corrected):
        _answer(session, cast, secrets, case, case is corrected)
    _request(session, cast, secrets)
    session.commit()


def _file(secrets: Secrets, case: Objection) -> ObjectionFile:
    name = secrets["objection_files.name"]
    return ObjectionFile(
        objection_id=case.id, purpose="evidence", name=f"{name}.jpg", kind="photo", media_type="image/jpeg",
        size=7 if secrets.is_b else 1, sha256="0" * 64, stored=secrets["objection_files.stored"],
        viewable=secrets["objection_files.viewable"], at=case.filed_at,
    )  # fmt: skip


def _answer(session: Session, cast: Cast, secrets: Secrets, case: Objection, is_wrong: bool) -> None:
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    handling.record(session, case, secrets["rechecks.findings"], by=cast.shen, done_on=clock.today())
    marks, revision = case.publication.revisions[-1].marks, None
    if is_wrong:
        content = case.publication.revisions[-1].content
        content |= {"phone": secrets["result.phone"], "follow_up_note": "复查核实。"}
        revision = pipeline.draft(
            session, "result", content, by=cast.shen, act="correct", publication=case.publication,
            reason="经复查更正。", marks=marks,
        )  # fmt: skip
        pipeline.submit(session, revision, by=cast.shen)
    outcome = "corrected" if is_wrong else "maintained"
    reasons = secrets["decisions.reasons"]
    deciding.draft_decision(session, case, outcome, reasons, by=cast.shen, revision=revision)
    deciding.opine(session, case, secrets["decisions.legal_opinion"], by=cast.song)
    terms = objecting.terms(session)
    deciding.sign(session, case, by=cast.lin, signed_in_at=clock.now(), terms=terms)
    deciding.send(session, case, "post", by=cast.shen, evidence=secrets["deliveries.evidence"])
    deciding.deliver(session, case, by=cast.shen, evidence=secrets["deliveries.evidence"])


def _request(session: Session, cast: Cast, secrets: Secrets) -> None:
    told = Told(
        entity_name=secrets["concerns.entity_name"],
        asked=secrets["concerns.asked"],
        contact=secrets["concerns.contact"],
        category="site",
        inspected_on=date(2026, 11, 18),
        brought_back_on=date(2026, 11, 19),
    )
    requests.record(session, told, by=cast.he, terms=TERMS)
