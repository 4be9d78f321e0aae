"""公示对账: the pages and the data of a task, a plan and a year say the same numbers, and name what does not meet."""

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.publications import duty
from portal.publications.models import Publication
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.office import disclose, withdraw

ENDED = {"ends_on": "2026-09-10"}


def table(soup: BeautifulSoup | Tag, nth: int = 0) -> dict[str, list[str]]:
    """Rows of a table by their head."""
    rows = soup.select("main table")[nth].select("tbody tr, tfoot tr")
    return {words(row.select("th")[0]): [words(cell) for cell in row.select("td")] for row in rows}


def gaps(soup: BeautifulSoup) -> list[str]:
    return [words(each) for each in soup.select("ol.gaps > li > p")]


@pytest.fixture
def numbers(session: Session, cast: Cast) -> dict[str, str]:
    """A list, a plan, a task that drew two firms and ended, and the result of one of them."""
    disclose(session, cast, "list", examples.item_list())
    plan = disclose(session, cast, "plan", examples.plan())
    task = disclose(session, cast, "task", examples.task(plan_no="33990020260001", **ENDED))
    result = disclose(session, cast, "result", examples.result(plan_no="33990020260001"))
    return {"plan": plan.number or "", "task": task.number or "", "result": result.number or ""}


def test_a_task_shows_what_was_drawn_and_where_each_of_it_is(page: Page, numbers: dict[str, str]) -> None:
    assert page(f"/tasks/{numbers['task']}").find("a", href=f"/tasks/{numbers['task']}/progress")
    soup = page(f"/tasks/{numbers['task']}/progress")
    assert "抽取2户，已公示1户的结果。" in words(soup)
    sums = table(soup)
    assert (sums["已公示结果"], sums["已实施检查"], sums["合计＝应公示"]) == (["1"], ["1"], ["2"])
    assert sums["期限已过，没有可以查看的结果"] == ["1"]
    assert table(soup, 1)["没有写明后续处置"] == ["1"] and table(soup, 1)["合计＝发现问题"] == ["1"]
    assert gaps(soup) == ["公示期限已过，示例市市场监督管理局有1户没有可以查看的结果。"]
    wide = sum(float(str(each["width"])) + 2 for each in soup.select("svg.chart:not(.d-inline) rect"))
    assert 598 < wide < 602, "the bar is as long as its parts"


def test_the_data_say_what_the_page_says(visitor: FlaskClient, numbers: dict[str, str]) -> None:
    answer = visitor.get(f"/tasks/{numbers['task']}/progress.json")
    assert answer.content_type == "application/json"
    data = answer.get_json()
    assert (data["drawn"], data["owed"], data["disclosed"], data["past"]) == (2, 2, 1, 1)
    [part] = data["parts"]
    assert part["owed"] == part["disclosed"] + part["expired"] + part["within"] + part["past"]
    assert part["departments"] == ["scjg"] and part["withheld_or_taken_down"] is None
    assert [each["name"] for each in data["gaps"]] == ["past"]
    assert data["follow_up"]["problems"] == data["follow_up"]["unsaid"] == 1
    assert visitor.get(f"/tasks/{numbers['task']}/progress?lang=en").status_code == 200


def test_a_plan_shows_its_items_its_tasks_and_what_nobody_did(page: Page, numbers: dict[str, str]) -> None:
    assert page(f"/plans/{numbers['plan']}").find("a", href=f"/plans/{numbers['plan']}/progress")
    soup = page(f"/plans/{numbers['plan']}/progress")
    items = table(soup)
    untouched, done = items["公示信息抽查"], items["获证食品经营单位监督检查"]
    assert untouched[0].startswith("60-70家 读作60—70") and untouched[1] == "还没有开展"
    assert done[1:] == [numbers["task"], "2", "1", "0", "1"]
    assert items["合计，每次任务只计一次"][1:] == ["1", "2", "1", "0", "1"]
    assert gaps(soup) == [
        "有1个事项还没有开展任务。",
        "公示期限已过，按计划抽到的有1户没有可以查看的结果。",
        f"事项清单QD-{clock.today().year}-0001上有1个事项，该部门2026年公示的计划都没有列入。",
    ]
    assert "定量包装商品销售监督检查" in words(soup)


def test_the_data_of_a_plan(visitor: FlaskClient, numbers: dict[str, str]) -> None:
    data = visitor.get(f"/plans/{numbers['plan']}/progress.json").get_json()
    assert [each["tasks"] for each in data["items"]] == [[], [numbers["task"]]]
    assert data["items"][0]["planned"] == {"low": 60, "high": 70, "about": False}
    assert (data["drawn"], data["disclosed"], data["tasks"][0]["number"]) == (2, 1, numbers["task"])


def test_an_ad_hoc_task_stands_beside_the_plan(page: Page, session: Session, cast: Cast) -> None:
    plan = disclose(session, cast, "plan", examples.plan())
    source = examples.code("task_source", "adhoc", "临时任务")
    task = disclose(session, cast, "task", examples.task(task_source=source))
    soup = page(f"/plans/{plan.number}/progress")
    assert f"{task.number} · 临时任务（计划外）" in words(soup) and "另有1次临时任务" in words(soup)
    assert "共0次任务" in words(soup)


def test_a_year_adds_its_tasks_up_and_names_results_without_one(
    page: Page, session: Session, cast: Cast, numbers: dict[str, str]
) -> None:
    loose = examples.result(task_no="33990020269999999", entity_code=None, entity_name="示例南商店")
    disclose(session, cast, "result", loose)
    soup = page("/statistics/tasks/")
    assert table(soup)["合计"] == ["", "2", "2", "1", "0", "1"]
    assert table(soup, 1)["33990020269999999"] == ["示例市市场监督管理局", "1"]
    assert page("/statistics/").find("a", href="/statistics/tasks/")
    assert "没有公示抽查任务" in words(page("/statistics/tasks/?year=1999"))
    assert table(page("/statistics/tasks/?department=scjg"))["合计"][1] == "2"
    assert "该部门这一年没有抽查任务" in words(page("/statistics/tasks/?department=yjgl"))


def test_the_year_as_data(visitor: FlaskClient, numbers: dict[str, str]) -> None:
    data = visitor.get("/statistics/tasks.json").get_json()
    assert [each["number"] for each in data["tasks"]] == [numbers["task"]]
    assert data["without_announcement"] == []


@pytest.mark.parametrize("query", ["year=x", "year=2026x", "year=１９９９", "department=nobody"])
def test_an_unknown_condition_answers_400(visitor: FlaskClient, query: str) -> None:
    assert visitor.get(f"/statistics/tasks/?{query}").status_code == 400
    assert visitor.get(f"/statistics/tasks.json?{query}").status_code == 400


def test_what_is_not_there_answers_404_and_what_was_taken_down_410(
    visitor: FlaskClient, session: Session, cast: Cast, numbers: dict[str, str]
) -> None:
    for address in ("/tasks/RW-2026-9999/progress", f"/tasks/{numbers['plan']}/progress", f"/plans/{numbers['task']}/progress.json"):  # fmt: skip
        assert visitor.get(address).status_code == 404
    for kind, words_of_it in (("task", "食品经营单位"), ("plan", "抽查工作计划")):
        publication = session.query(Publication).filter_by(number=numbers[kind]).one()
        title = publication.revisions[-1].title
        assert words_of_it in title
        withdraw(session, cast, publication, "公告有误。")
        for tail in ("progress", "progress.json"):
            gone = visitor.get(f"/{kind}s/{numbers[kind]}/{tail}")
            assert gone.status_code == 410 and title not in gone.text


def test_a_result_on_hold_is_counted_and_not_named(
    page: Page, session: Session, cast: Cast, numbers: dict[str, str]
) -> None:
    result = session.query(Publication).filter_by(number=numbers["result"]).one()
    duty.hold(session, result, by=cast.zhou, reason="有人来电称涉及商业秘密")
    session.commit()
    soup = page(f"/tasks/{numbers['task']}/progress")
    assert table(soup)["期限已过，没有可以查看的结果"] == ["2"]
    assert "北顺达" not in words(soup) and "来电" not in words(soup)


def test_a_running_task_says_until_when(page: Page, session: Session, cast: Cast) -> None:
    year = clock.today().year
    task = disclose(session, cast, "task", examples.task(ends_on=f"{year + 1}-12-31"))
    soup = page(f"/tasks/{task.number}/progress")
    assert table(soup)["还没有公示，在期限内"] == ["2"]
    assert "最迟" in words(soup) and "暂定" in words(soup)
    assert gaps(soup) == ["公告没有写属于哪份计划，也没有标明是临时任务。"]


def test_a_joint_task_has_a_column_for_each_department(page: Page, session: Session, cast: Cast) -> None:
    joint = {
        "scope": examples.code("scope", "joint", "跨部门"),
        "implementing_departments": [examples.MARKET, examples.EMERGENCY],
    }
    disclose(session, cast, "list", examples.item_list())
    task = disclose(session, cast, "task", examples.task(**joint, **ENDED))
    disclose(session, cast, "result", examples.result())
    soup = page(f"/tasks/{task.number}/progress")
    assert "应公示4份，已公示1份" in words(soup)
    assert table(soup)["合计＝应公示"] == ["2", "2", "4"]
    assert table(soup)["期限已过，没有可以查看的结果"] == ["1", "2", "3"]
    assert "公示期限已过，示例市应急管理局还没有公示一户的结果。" in gaps(soup)


def test_names_that_are_not_shown_take_nothing_from_the_sum(page: Page, session: Session, cast: Cast) -> None:
    hidden = examples.task(names_shown=False, names_withheld_ground="不宜告知", **ENDED)
    task = disclose(session, cast, "task", hidden)
    soup = page(f"/tasks/{task.number}/progress")
    assert table(soup)["合计＝应公示"] == ["2"] and "北顺达" not in words(soup)
