"""征求意见: somebody is asked about one withheld part; silence is no consent; the decision adjusts the scope."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.notices.reminders import send_reminders
from portal.outbox.models import Message
from portal.people.models import Grant
from portal.prior_notice import opening, opinions, redating
from portal.prior_notice.keys import Key, new_keys
from portal.prior_notice.models import Opinion
from portal.prior_notice.opinions import Asked
from portal.publications import pipeline, scope
from portal.publications.models import Publication, Release
from tests import examples
from tests.cast import Cast
from tests.office import disclose
from tests.telling import agreed, notice_for, tell, terms

PATH = "items/0/problem"
BOTH = "鸢尾蓝配方含量不符，来电人李某某反映。"
FIRM = "示例北顺达商贸有限公司"
CODE = "9133990075TNM5LB3J"
Time = time_machine.Traveller


@pytest.fixture(autouse=True)
def time(session: Session) -> Iterator[Time]:
    """10:00 in Beijing on Monday, 9 November 2026; the cast has long held its roles."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(datetime(2026, 11, 9, 2, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def mark(start: int, end: int, ground: str) -> dict[str, object]:
    return {"path": PATH, "start": start, "end": end, "ground": ground, "basis": "条例第三十二条", "by": 0}


@pytest.fixture
def public(session: Session, cast: Cast) -> Publication:
    """A result in which an opinion is sought about a recipe; a name beside it is withheld for good."""
    disclose(session, cast, "list", examples.item_list())
    content = examples.result()
    items = [dict(content["items"][0], problem=BOTH), content["items"][1]]
    marks = [mark(0, 5, "seeking_opinion"), mark(13, 16, "personal_info")]
    return disclose(session, cast, "result", content | {"items": items}, marks=marks)


def ask(session: Session, cast: Cast, public: Publication, channel: str = "sms", name: str = FIRM) -> tuple[Opinion, Key]:  # fmt: skip
    (key,) = new_keys(1, with_code=channel != "sms")
    asked = Asked(PATH, name, channel, "15400002222")
    row = opinions.ask(
        session, public, asked, by=cast.he, terms=terms(session), key=key, link=lambda token: token
    )
    session.commit()
    return row, key


def words(session: Session, public: Publication) -> str:
    newest = (
        sa.select(Release).where(Release.number == public.number).order_by(Release.version.desc()).limit(1)
    )
    return str(json.loads(session.scalars(newest).one().body or "")["fields"]["items"][0]["problem"])


def carried_out(session: Session, cast: Cast, row: Opinion) -> None:
    """The draft of a decision through review, by another person."""
    assert row.revision is not None
    pipeline.submit(session, row.revision, by=cast.he)
    pipeline.approve(session, row.revision, by=cast.song)
    pipeline.carry_out(session, row.revision, by=cast.song)
    session.commit()


def test_the_rest_is_public_meanwhile_and_the_clock_has_fifteen_working_days(
    session: Session, cast: Cast, public: Publication
) -> None:
    assert words(session, public).startswith("〔征求意见中，暂不公开〕含量不符")
    row, key = ask(session, cast, public)
    assert row.due == date(2026, 11, 30)
    message = session.scalars(sa.select(Message).where(Message.topic == "opinion_asked")).one()
    assert key.token in message.body and "配方" not in message.body
    found = opinions.by_token(session, key.token)
    assert found is not None and found.id == row.id
    with pytest.raises(Refused, match="还没有决定"):
        ask(session, cast, public)


def test_who_is_asked_sees_the_words_in_question_and_nothing_else_withheld(
    session: Session, cast: Cast, public: Publication
) -> None:
    ask(session, cast, public)
    standing = scope.standing(session, public)
    assert standing is not None
    assert opinions.passages(standing, PATH) == ["鸢尾蓝配方"]
    assert "李某某" not in opinions.surroundings(standing, PATH)


def test_an_objection_is_weighed_and_the_words_are_withheld_for_good(
    session: Session, cast: Cast, public: Publication
) -> None:
    row, _key = ask(session, cast, public)
    with pytest.raises(Refused, match="还没有收到答复"):
        opinions.decide(session, row, by=cast.he, decision="withhold", reasons="先隐去。")
    with pytest.raises(Refused, match="请写明理由"):
        opinions.answer(session, row, "objects", " ")
    opinions.answer(session, row, "objects", "配方是商业秘密，有保密协议。")
    opinions.answer(session, row, "objects", "配方是商业秘密，有保密协议。")  # sent twice
    with pytest.raises(Refused, match="已经收到答复"):
        opinions.answer(session, row, "agrees", "")
    opinions.decide(session, row, by=cast.he, decision="withhold", reasons="有保密措施，理由成立。")
    with pytest.raises(Refused, match="已经决定"):
        opinions.decide(session, row, by=cast.he, decision="disclose", reasons="改主意。")
    assert "征求意见中" in words(session, public)  # nothing changes before a second person agrees
    carried_out(session, cast, row)
    assert words(session, public) == "〔依法隐去：商业秘密〕含量不符，来电人〔依法隐去：个人信息〕反映。"


def test_silence_is_no_consent_but_the_office_may_decide_when_the_days_are_over(
    session: Session, cast: Cast, public: Publication, time: Time
) -> None:
    row, _key = ask(session, cast, public)
    time.move_to(datetime(2026, 12, 1, 2, tzinfo=UTC))
    with pytest.raises(Refused, match="没有答复不等于同意"):
        opinions.decide(session, row, by=cast.he, decision="disclose", reasons="")
    opinions.decide(session, row, by=cast.he, decision="disclose", reasons="该配方已在产品标签上公开。")
    carried_out(session, cast, row)
    assert words(session, public) == "鸢尾蓝配方含量不符，来电人〔依法隐去：个人信息〕反映。"
    assert row.answer == ""


def test_a_decision_whose_draft_was_given_up_can_be_made_again(
    session: Session, cast: Cast, public: Publication
) -> None:
    row, _key = ask(session, cast, public)
    opinions.answer(session, row, "agrees", "")
    draft = opinions.decide(session, row, by=cast.he, decision="withhold", reasons="稳妥起见。")
    pipeline.abandon(session, draft, by=cast.he)
    opinions.decide(session, row, by=cast.he, decision="disclose", reasons="对方同意公开。")
    assert row.decision == "disclose"


def test_a_letters_code_or_the_entitys_own_opens_it(
    session: Session, cast: Cast, public: Publication
) -> None:
    row, key = ask(session, cast, public, "paper")
    assert opening.by_code(session, CODE, key.code).opinions == [row.id]
    assert not opening.by_code(session, CODE, "AAAAA-AAAAA")
    assert not opening.by_code(session, "91339900QD7612PLT6", key.code)


def test_somebody_else_concerned_is_asked_by_name(session: Session, cast: Cast, public: Publication) -> None:
    row, key = ask(session, cast, public, "paper", "示例西 丰盛机械厂")
    assert row.subject == "示例西丰盛机械厂"
    assert opening.by_code(session, row.subject, key.code).opinions == [row.id]
    assert not opening.by_code(session, CODE, key.code)


def test_nobody_is_asked_where_nothing_is_sought(session: Session, cast: Cast, result: Publication) -> None:
    with pytest.raises(Refused, match="没有“征求意见中，暂不公开”的部分"):
        ask(session, cast, result)


def test_the_office_is_reminded_when_the_days_are_over_and_nothing_is_decided(
    session: Session, cast: Cast, public: Publication, time: Time
) -> None:
    for name in ("he", "song", "lin", "gu"):
        getattr(cast, name).email = f"{name}@example.org"
    row, _key = ask(session, cast, public)

    def reminded(day: int, month: int = 12) -> set[tuple[str, str]]:
        time.move_to(datetime(2026, month, day, 2, tzinfo=UTC))
        newest = session.scalar(sa.select(sa.func.max(Message.id))) or 0
        send_reminders(session, terms(session))
        found = session.scalars(
            sa.select(Message).where(Message.id > newest, Message.topic.startswith("opinion_"))
        )
        return {(each.topic, each.to_address.partition("@")[0]) for each in found}

    assert reminded(30, 11) == set()
    assert reminded(1) == {("opinion_overdue", "he"), ("opinion_overdue", "song")}
    assert reminded(2) == set()
    assert reminded(3) == {("opinion_escalated", "lin"), ("opinion_escalated", "gu")}
    opinions.decide(session, row, by=cast.he, decision="withhold", reasons="依法隐去。")
    assert reminded(4) == set()


def test_a_new_calendar_counts_what_runs_again(
    session: Session, cast: Cast, public: Publication, time: Time
) -> None:
    row, _key = ask(session, cast, public)
    row.due, row.provisional = date(2026, 11, 27), True
    revision = agreed(session, cast, publish_by="2026-12-20")
    notice = notice_for(session, revision)
    tell(session, cast, notice)
    notice.due, notice.provisional = date(2026, 11, 11), True
    session.flush()
    assert len(redating.stale(session, terms(session))) == 2
    assert redating.redate(session, terms(session)) == 2
    assert (row.due, row.provisional) == (date(2026, 11, 30), False)
    assert (notice.due, notice.provisional) == (date(2026, 11, 12), False)
    time.move_to(datetime(2026, 11, 16, 2, tzinfo=UTC))
    notice.due = date(2026, 11, 11)  # it is over: nothing moves any more
    session.flush()
    assert redating.redate(session, terms(session)) == 0


def test_who_was_asked_about_one_passage_does_not_read_another_that_is_sought_since(
    session: Session, cast: Cast, public: Publication, time: Time
) -> None:
    row, _ = ask(session, cast, public)
    time.shift(3600)
    more = [mark(0, 5, "seeking_opinion"), mark(9, 13, "seeking_opinion"), mark(13, 16, "personal_info")]
    wider = pipeline.draft(session, "result", {}, by=cast.he, act="rescope", publication=public, marks=more)
    pipeline.submit(session, wider, by=cast.he)
    pipeline.approve(session, wider, by=cast.song)
    pipeline.carry_out(session, wider, by=cast.song)
    session.commit()
    assert opinions.asked_about(session, row) == ["鸢尾蓝配方"]
    opinions.answer(session, row, "agrees", "")
    draft = opinions.decide(session, row, by=cast.he, decision="disclose", reasons="同意公开。")
    assert [each["start"] for each in draft.marks] == [9, 13]
