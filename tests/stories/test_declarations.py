"""商业秘密事先声明: declared by the entity, reviewed by another person, standing until its day."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused
from portal.outbox.models import Message
from portal.prior_notice import declaring
from portal.prior_notice.declaring import Declared
from portal.publications import deciding, pipeline
from portal.publications.declared import declared_spans, standing_declarations
from tests import examples
from tests.cast import Cast
from tests.office import disclose

FIRM = "9133990075TNM5LB3J"
TYPED = Declared(
    key="k" * 43, subject=FIRM, name="示例北顺达商贸有限公司", department="scjg", title="配方",
    words="鸢尾蓝配方\n\n 七号添加剂 \n鸢尾蓝配方", why="只有三人知道，签有保密协议。", contact="15400002222",
)  # fmt: skip


def test_an_accepted_declaration_stands_and_its_words_are_found(session: Session, cast: Cast) -> None:
    row = declaring.declare(session, TYPED)
    assert row.words == ["鸢尾蓝配方", "七号添加剂"]
    assert not standing_declarations(session, FIRM)
    with pytest.raises(Refused, match="请写明采纳或者不采纳的理由"):
        declaring.review(session, row, by=cast.song, accepted=True, reasons="")
    declaring.review(session, row, by=cast.song, accepted=True, reasons="有保密措施。")
    standing = standing_declarations(session, FIRM)
    assert [each.id for each in standing] == [row.id]
    assert [span[:2] for span in declared_spans("检出七号 添加剂。", standing)] == [(2, 8)]
    message = session.scalars(sa.select(Message).where(Message.topic == "secret_declaration_reviewed")).one()
    assert "配方" not in message.subject + message.body
    assert not standing_declarations(session, "") and not standing_declarations(session, "91339900QD7612PLT6")


def test_nothing_that_holds_declared_words_is_published_before_somebody_decided_about_them(
    session: Session, cast: Cast
) -> None:
    declaring.review(
        session, declaring.declare(session, TYPED), by=cast.song, accepted=True, reasons="有保密措施。"
    )
    disclose(session, cast, "list", examples.item_list())
    content = examples.result(entity_code=FIRM)
    problem = "检出七号 添加剂，已责令改正。"
    content["items"] = [content["items"][0] | {"problem": problem}]
    revision = pipeline.draft(session, "result", content, by=cast.he)
    pipeline.submit(session, revision, by=cast.he)
    with pytest.raises(Refused, match="企业事先声明的商业秘密"):
        pipeline.approve(session, revision, by=cast.song)
    marked = deciding.accept_sure(session, revision, by=cast.bai)
    assert [problem[each["start"] : each["end"]] for each in marked.marks] == ["七号 添加剂"]
    pipeline.approve(session, marked, by=cast.song)
    other = pipeline.draft(session, "result", content | {"entity_code": "91339900QD7612PLT6"}, by=cast.he)
    pipeline.submit(session, other, by=cast.he)
    pipeline.approve(session, other, by=cast.song)


def test_it_ends_on_its_day_or_when_it_is_taken_back(session: Session, cast: Cast) -> None:
    until = clock.today()
    first = declaring.declare(session, replace(TYPED, until=until.isoformat()))
    second = declaring.declare(session, replace(TYPED, key="n" * 43))
    for row in (first, second):
        declaring.review(session, row, by=cast.song, accepted=True, reasons="有保密措施。")
    assert len(standing_declarations(session, FIRM)) == 2
    declaring.take_back(session, second, by=cast.he)
    assert [each.id for each in standing_declarations(session, FIRM)] == [first.id]
    assert not first.stands(until + timedelta(days=1))
    with pytest.raises(Refused, match="已经撤回"):
        declaring.take_back(session, second, by=cast.he)


def test_whoever_took_it_down_does_not_review_it(session: Session, cast: Cast) -> None:
    row = declaring.declare(session, TYPED, by=cast.bai)
    assert row.channel == "counter"
    with pytest.raises(Refused, match="由您登记"):
        declaring.review(session, row, by=cast.bai, accepted=True, reasons="好。")
    with pytest.raises(Refused, match="其他部门"):
        declaring.review(session, row, by=cast.qi, accepted=True, reasons="好。")
    declaring.review(session, row, by=cast.song, accepted=False, reasons="标签上已经公开。")
    with pytest.raises(Refused, match="已经审查"):
        declaring.review(session, row, by=cast.song, accepted=True, reasons="再看看。")
    assert not standing_declarations(session, FIRM)


def test_the_same_form_sent_twice_is_one_declaration(session: Session, cast: Cast) -> None:
    assert declaring.declare(session, TYPED).id == declaring.declare(session, TYPED).id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""), ("name", " "), ("department", "nobody"), ("title", ""), ("words", "\n"), ("words", "配"),
        ("words", "\n".join(f"配方{n}" for n in range(60))), ("why", ""), ("until", "明年"), ("until", "2020-01-01"),
        ("contact", "到店里找我"),
    ],
)  # fmt: skip
def test_what_can_not_be_reviewed_is_sent_back_with_a_sentence(
    session: Session, field: str, value: str
) -> None:
    wrong = declaring.problems(session, replace(TYPED, **{field: value}))
    assert {name for name, _sentence in wrong} == {field}
    with pytest.raises(Refused):
        declaring.declare(session, replace(TYPED, **{field: value}))
