"""The provincial platform pushes what it has: drafts for 何知远's office, or the reason why not."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused
from portal.intake import clients, pushed_before, pushing
from portal.intake.models import Import, PushClient
from portal.intake.pushing import Answer, Conflict, Push
from portal.intake.refusals import refusals_of, unfinished_batches
from portal.publications.models import Revision
from tests import examples
from tests.cast import Cast
from tests.office import disclose

SHEET = {
    "task_no": "33990020261012003",
    "entity_name": "示例北顺达商贸有限公司",
    "entity_code": "9133990075TNM5LB3J",
    "inspected_on": "2026-10-22",
    "items": [{"item": "公示信息抽查", "outcomes": ["未发现问题"]}, {"item_code": "B05", "outcomes": "5"}],
}


def sheet(nth: int = 0, **changes: Any) -> dict[str, Any]:
    """A sheet; the ``nth`` is of another day, and so another one."""
    return SHEET | {"inspected_on": f"2026-10-{22 - nth}"} | changes


@pytest.fixture
def client(session: Session, cast: Cast) -> PushClient:
    """A client that drafts in 何知远's name; his office's list is in force."""
    disclose(session, cast, "list", examples.item_list())
    client = clients.add(session, "示例省平台", cast.he, by=cast.jiang)[0]
    session.commit()
    return client


def pushed(session: Session, client: PushClient, *records: Any, kind: str = "result", **more: Any) -> Answer:
    answer = pushing.take(session, client, Push(kind, records, **more), profile="shili")
    session.commit()
    return answer


def statuses(answer: Answer) -> list[str]:
    return [each.status for each in answer.outcomes]


def test_records_become_drafts_of_the_person_who_answers_for_them(
    session: Session, client: PushClient
) -> None:
    answer = pushed(session, client, sheet(), sheet(1))
    assert statuses(answer) == ["drafted", "drafted"], answer.outcomes
    drafts = session.scalars(sa.select(Revision).where(Revision.kind == "result")).all()
    assert {each.author.name for each in drafts} == {"何知远"}
    assert drafts[0].content["items"][1]["outcomes"][0]["label"] == "发现问题已责令改正"
    assert drafts[0].content["department"]["label"] == "示例市市场监督管理局"
    assert drafts[0].batch is not None and drafts[0].batch.task_no == "33990020261012003"
    assert drafts[0].source.endswith("#第1条!1")
    assert not unfinished_batches(session)


def test_a_record_that_came_before_is_known_and_not_doubled(session: Session, client: PushClient) -> None:
    first = pushed(session, client, sheet())
    again = pushed(session, client, sheet(), sheet(1), sheet(1))
    assert statuses(again) == ["known", "drafted", "known"]
    assert again.outcomes[0].record == first.outcomes[0].record
    one = session.get_one(Import, again.import_id)
    assert (one.rows, one.accepted, one.unchanged, one.refused) == (3, 1, 2, 0)


def test_what_is_wrong_is_told_by_its_place_in_the_words_of_an_import(
    session: Session, client: PushClient
) -> None:
    wrong = sheet(items=[{"item": "公示信息抽查", "outcomes": "很好"}], entity_code="9133990075TNM5LB3X")
    answer = pushed(session, client, sheet(1), wrong, sheet(2, risk="A"), "不是对象", sheet(3, items=[7]))
    assert statuses(answer) == ["drafted", "refused", "refused", "refused", "refused"]
    told = {each.pointer: str(each.sentence) for one in answer.outcomes for each in one.faults}
    assert set(told) == {
        "/records/1/items/0/outcomes", "/records/1/entity_code", "/records/2/risk", "/records/3", "/records/4/items/0",
    }  # fmt: skip
    assert "“检查结果”没有“很好”这一项" in told["/records/1/items/0/outcomes"]
    assert "没有名为“risk”的字段" in told["/records/2/risk"]
    kept = list(refusals_of(session, answer.import_id or 0))
    assert [(each.sheet, each.column) for each in kept][:1] == [("第2条", "entity_code")]
    assert len({each.sheet for each in kept}) == 4


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"items": []}, "/records/0/items"),
        ({"items": [{"outcomes": "1"}]}, "/records/0/items/0/item"),
        ({"task_no": None}, "/records/0/task_no"),
        ({"inspected_on": "昨天"}, "/records/0/inspected_on"),
        ({"department": "示例市应急管理局"}, "/records/0"),
        ({"a/b": 1}, "/records/0/a~1b"),
    ],
)
def test_each_fault_has_its_pointer(
    session: Session, client: PushClient, changes: dict[str, Any], pointer: str
) -> None:
    answer = pushed(session, client, sheet(**changes))
    assert [each.pointer for each in answer.outcomes[0].faults] == [pointer]


def test_a_task_comes_with_its_items_and_those_it_drew(session: Session, client: PushClient) -> None:
    task = {
        "title": "2026年第四批定向抽查",
        "source_number": "33990020261012004",
        "items": [{"item": "公示信息抽查"}],
        "drawn": [{"entity_name": "示例西丰盛机械厂", "entity_code": "91339900QD7612PLT6"}],
    }
    bare = task | {"source_number": "33990020261012005", "drawn": []}
    assert statuses(pushed(session, client, task, bare, kind="task")) == ["drafted", "drafted"]
    content = session.scalars(
        sa.select(Revision.content).where(Revision.kind == "task").order_by(Revision.id)
    ).first()
    assert content and content["items"][0]["item"] == "公示信息抽查"
    assert content["drawn"][0]["entity_name"] == "示例西丰盛机械厂"


def test_an_item_on_no_list_is_held_with_its_reason(session: Session, client: PushClient) -> None:
    answer = pushed(session, client, sheet(items=[{"item": "清单外的事项", "outcomes": "1"}]))
    assert statuses(answer) == ["held"] and answer.outcomes[0].held


def test_a_trial_writes_nothing_and_says_the_same(session: Session, client: PushClient) -> None:
    push = Push("result", [sheet(), sheet(), {"entity_name": "示例北顺达商贸有限公司"}])
    tried = pushing.try_out(session, client, push, profile="shili")
    session.rollback()
    assert not session.scalars(sa.select(Revision).where(Revision.kind == "result")).all()
    assert statuses(tried) == statuses(pushing.take(session, client, push, profile="shili"))


def test_records_under_one_name_may_be_acted_on_once_it_is_completed(
    session: Session, client: PushClient
) -> None:
    pushed(session, client, sheet(), batch="2026-10")
    answer = pushed(session, client, sheet(1), {"x": 1}, batch="2026-10")
    batch = pushing.batch_of(session, client, "2026-10")
    assert batch and len(unfinished_batches(session)) == 1
    assert [each.sheet for each in refusals_of(session, answer.import_id or 0)] == ["第3条"]
    pushing.complete(session, batch)
    pushing.complete(session, batch)
    session.commit()
    assert not unfinished_batches(session)
    with pytest.raises(Conflict, match="已经结束"):
        pushed(session, client, sheet(2), batch="2026-10")


def test_a_batch_holds_one_kind(session: Session, client: PushClient) -> None:
    pushed(session, client, sheet(), batch="一")
    with pytest.raises(Conflict, match="另一类记录"):
        pushed(session, client, {"title": "x"}, kind="plan", batch="一")


def test_too_many_at_once_and_none_at_all_are_refused_whole(session: Session, client: PushClient) -> None:
    for records, sentence in ([sheet()] * 301, "最多300条"), ([], "没有记录"):
        with pytest.raises(Refused, match=sentence):
            pushed(session, client, *records)
    with pytest.raises(Refused, match="不认识的类别"):
        pushed(session, client, sheet(), kind="person")


def test_the_same_key_is_answered_the_same_and_never_for_something_else(
    session: Session, client: PushClient
) -> None:
    push = Push("result", [sheet()], key="7f")
    assert pushed_before.answered(session, client, push) is None
    pushing.take(session, client, push, profile="shili")
    pushed_before.remember(session, client, push, {"drafted": 1})
    session.commit()
    assert pushed_before.answered(session, client, push) == {"drafted": 1}
    with pytest.raises(Conflict, match="Idempotency-Key"):
        pushed_before.answered(session, client, Push("result", [sheet(1)], key="7f"))


def test_answers_are_forgotten_after_a_month(
    session: Session, client: PushClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    push = Push("result", [sheet()], key="7f")
    pushed_before.remember(session, client, push, {})
    assert pushed_before.forget_old_requests(session) == 0
    later = clock.now() + pushed_before.KEPT * 2
    monkeypatch.setattr(clock, "now", lambda: later)
    assert pushed_before.forget_old_requests(session) == 1


def test_nothing_comes_in_for_a_person_who_left(session: Session, cast: Cast, client: PushClient) -> None:
    cast.he.active = False
    session.flush()
    with pytest.raises(Refused, match="何知远现在不能导入数据"):
        pushed(session, client, sheet())


# ── keys ─────────────────────────────────────────────────────


def test_a_key_opens_its_client_and_is_not_kept(session: Session, cast: Cast) -> None:
    client, key = clients.add(session, "示例省平台", cast.he, by=cast.jiang)
    assert clients.client_of(session, key) == client
    assert clients.client_of(session, key + "x") is None and clients.client_of(session, "") is None
    assert key not in repr(vars(client))


def test_a_replaced_key_goes_on_for_seven_days(session: Session, cast: Cast) -> None:
    client, old = clients.add(session, "示例省平台", cast.he, by=cast.jiang)
    new = clients.renew(session, client, by=cast.jiang)
    assert clients.client_of(session, old) == clients.client_of(session, new) == client
    late = clock.now() + clients.PREVIOUS_KEY
    assert clients.client_of(session, old, late) is None and clients.client_of(session, new, late) == client


def test_an_ended_client_is_let_in_no_more(session: Session, cast: Cast) -> None:
    client, old = clients.add(session, "示例省平台", cast.he, by=cast.jiang)
    new = clients.renew(session, client, by=cast.jiang)
    clients.end(session, client, by=cast.jiang)
    assert clients.client_of(session, old) is None and clients.client_of(session, new) is None
    with pytest.raises(Refused, match="已经停用"):
        clients.renew(session, client, by=cast.jiang)


def test_only_the_system_administrator_and_only_for_a_drafter(session: Session, cast: Cast) -> None:
    for by, acts_as, name, sentence in (
        (cast.he, cast.he, "平台", "没有“管理推送数据的系统”的权限"),
        (cast.jiang, cast.song, "平台", "在岗的拟稿人"),
        (cast.jiang, None, "平台", "由谁经办"),
        (cast.jiang, cast.he, " ", "请填写这个系统的名称"),
    ):
        with pytest.raises(Refused, match=sentence):
            clients.add(session, name, acts_as, by=by)
    clients.add(session, "平台", cast.he, by=cast.jiang)
    with pytest.raises(Refused, match="已经有名为“平台”"):
        clients.add(session, "平台", cast.he, by=None)
