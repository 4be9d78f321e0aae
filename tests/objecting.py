"""What a firm and an office do about a result, for tests."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.objections import deciding, filing, following, handling
from portal.objections.filing import Filing
from portal.objections.models import Objection
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.dating import Terms
from portal.publications.models import Publication, Revision
from tests.cast import Cast

KEY = "a form's own key, unguessable"
SECRET = "the site's secret"
WRONG = "10月22日检查时进货查验记录都在，缺的2个批次当天就拿给检查人员看了。"


def terms(session: Session, profile: str = "shili") -> Terms:
    return Terms(load_profile(profile), load_calendar(session))


def filed(result: Publication, **changes: Any) -> Filing:
    """What the shopkeeper of 示例北顺达商贸有限公司 writes."""
    given: dict[str, Any] = {
        "result_number": result.number,
        "grounds": ("not_so",),
        "text": WRONG,
        "objector_name": "示例经营者",
        "phone": "15400000000",
    }
    return Filing(**given | changes)


def object_to(session: Session, result: Publication, *, key: str = KEY, by: Person | None = None, **changes: Any) -> Objection:  # fmt: skip
    """File it, and commit as the door does."""
    sealed = following.seal(following.code_for(SECRET, key))
    found = filing.file(
        session, filed(result, **changes), key=key, code_hash=sealed, terms=terms(session), by=by
    )
    session.commit()
    return found


def recheck(session: Session, cast: Cast, objection: Objection) -> None:
    """沈亦衡 and 陆行舟 are assigned by the head and record what they found."""
    handling.assign(session, objection, [cast.shen, cast.lu], by=cast.lin)
    handling.record(
        session, objection, "调取进货查验记录，缺的2个批次有记录。", by=cast.shen, done_on=clock.today(),
        present=[cast.shen, cast.lu], on_the_spot=True,
    )  # fmt: skip
    session.commit()


def correction(session: Session, cast: Cast, objection: Objection, **changes: Any) -> Revision:
    """A correction that 沈亦衡 drafts and hands over for the head."""
    publication = objection.publication
    content = publication.revisions[-1].content
    rows = [
        row | {"problem": "进货查验记录齐全。"} if at == 0 else row for at, row in enumerate(content["items"])
    ]
    revision = pipeline.draft(
        session, "result", content | {"items": rows} | changes, by=cast.shen, act="correct",
        publication=publication, reason="经异议复查，进货查验记录齐全，原记录有误。",
    )  # fmt: skip
    pipeline.submit(session, revision, by=cast.shen)
    session.commit()
    return revision


def answer(session: Session, cast: Cast, objection: Objection, outcome: str = "maintained", revision: Revision | None = None) -> None:  # fmt: skip
    """The re-checker drafts, the head signs with the password just given."""
    deciding.draft_decision(
        session, objection, outcome, "经复查，情况如告知书所述。", by=cast.shen, revision=revision
    )
    deciding.sign(session, objection, by=cast.lin, signed_in_at=clock.now(), terms=terms(session))
    session.commit()


def handed_over(session: Session, cast: Cast, objection: Objection, on: date | None = None) -> None:
    """Delivered by hand, and closed."""
    deciding.send(session, objection, "hand", by=cast.shen)
    deciding.deliver(session, objection, by=cast.shen, on=on, evidence="申请人当场签收。")
    deciding.close(session, objection, by=cast.shen)
    session.commit()
