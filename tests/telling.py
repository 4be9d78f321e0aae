"""Telling entities before disclosure, for tests: by the profile of the place, with a link that is known."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.prior_notice import answering, telling
from portal.prior_notice.answering import Typed
from portal.prior_notice.keys import Key, new_keys
from portal.publications import pipeline
from portal.publications.dating import Terms
from portal.publications.models import ListedItem, Revision
from portal.publications.prior import PriorAnswer, PriorNotice, notice_of
from tests import examples
from tests.cast import Cast
from tests.office import disclose

PHONE = "15400002222"


def terms(session: Session) -> Terms:
    return Terms(load_profile("shili"), load_calendar(session))


def listed(session: Session, cast: Cast) -> None:
    """The list that the example's items are on (D6)."""
    if not session.scalar(sa.select(sa.func.count()).select_from(ListedItem)):
        disclose(session, cast, "list", examples.item_list())


def agreed(session: Session, cast: Cast, **content: Any) -> Revision:
    """A result that found a problem, agreed to by the rules of the place; not public."""
    listed(session, cast)
    content = examples.result(phone=PHONE, **content)
    return agree(session, cast, pipeline.draft(session, "result", content, by=cast.he))


def agree(session: Session, cast: Cast, draft: Revision) -> Revision:
    """A draft agreed to by the rules of the place."""
    pipeline.submit(session, draft, by=cast.he)
    pipeline.approve(session, draft, by=cast.song, rules=load_profile("shili"))
    return draft


def notice_for(session: Session, revision: Revision) -> PriorNotice:
    found = notice_of(session, revision.publication_id)
    assert found is not None, "no notice is owed"
    return found


def tell(session: Session, cast: Cast, notice: PriorNotice, channel: str = "sms") -> Key:
    """Told by 何知远; gives what opens the page."""
    (key,) = new_keys(1, with_code=channel != "sms")
    telling.tell(
        session, notice, by=cast.he, channel=channel, terms=terms(session), key=key,
        link=lambda token: f"https://example.test/objections/prior/{token}",
    )  # fmt: skip
    return key


def says(
    session: Session, notice: PriorNotice, what: str, text: str = "", key: str = "k" * 43, **more: Any
) -> PriorAnswer:
    return answering.answer(session, notice, Typed(key, what, text=text, **more), parts=["items/0/problem"])


def nobody_minds(session: Session, cast: Cast) -> None:
    """Everybody who must be told is told, and has nothing to say."""
    session.expire_all()
    for notice in session.scalars(sa.select(PriorNotice).where(PriorNotice.told_at.is_(None))).all():
        tell(session, cast, notice, "counter")
        says(session, notice, "none")
    session.commit()
