"""统计: each number of a table is the total of the search behind it, and the files hold what the page shows."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.people.models import Grant
from portal.publications import pipeline
from portal.publications.models import Publication
from portal.statistics import snapshot
from portal.statistics.models import Figure
from portal.web.public.picturing import CHARTS, THEMES
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.office import carry_through, disclose, withdraw

PAGES = ("/statistics/", *(f"/statistics/{theme}/" for theme in THEMES))
PROFILE = load_profile("shili")


@contextmanager
def on(month: int, day: int) -> Iterator[None]:
    """10:00 in Beijing on a day of 2026."""
    with time_machine.travel(datetime(2026, month, day, 2, tzinfo=UTC), tick=False):
        yield


def found(session: Session, cast: Cast, name: str, **changes: object) -> Publication:
    return disclose(session, cast, "result", examples.result(entity_name=name, entity_code=None, **changes))


@pytest.fixture
def spring(session: Session, cast: Cast) -> Iterator[None]:
    """A plan, its task, an ad-hoc one, and four results of March and April, one of them late; seen on 20 May."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with on(3, 2):
        disclose(session, cast, "list", examples.item_list())
        disclose(session, cast, "plan", examples.plan())
        disclose(session, cast, "task", examples.task(plan_no="33990020260001"))
        found(session, cast, "示例北顺达商贸有限公司", publish_by="2026-03-20")
        found(
            session,
            cast,
            "示例南商店",
            publish_by="2026-02-20",
            region=examples.code("region", "330000", "示例市"),
        )
    with on(4, 7):
        adhoc = examples.code("task_source", "adhoc", "临时任务")
        disclose(session, cast, "task", examples.task(source_number="T2", task_source=adhoc))
        for name in ("示例西商店", "示例北商店"):
            found(session, cast, name, publish_by="2026-04-20", items=examples.result()["items"][1:])
    with on(5, 20):
        snapshot.take(session, PROFILE)
        session.commit()
        yield


def section(soup: BeautifulSoup, name: str) -> Tag:
    """A chart's section."""
    head = soup.select_one(f"h2#{name}")
    assert head and head.parent
    return head.parent


def rows(part: Tag) -> dict[str, list[str]]:
    """The rows of its table by their heads, the sum among them."""
    return {
        words(row.th): [words(cell) for cell in row.select("td")] for row in part.select("tbody tr, tfoot tr")
    }  # type: ignore[arg-type]


def total_of(visitor: FlaskClient, address: str) -> int:
    """How many records a list says it holds, in its JSON-free words: 共 4 条."""
    answer = visitor.get(address)
    assert answer.status_code == 200, address
    said = words(BeautifulSoup(answer.text, "html.parser").select_one("[role=status]"))  # type: ignore[arg-type]
    return int(next(word for word in said.replace(",", "").split() if word.isdigit()))


def test_every_number_with_a_link_is_the_total_of_its_list(
    visitor: FlaskClient, page: Page, spring: None
) -> None:
    followed = {
        str(link["href"]): int(words(link).replace(",", ""))
        for address in (*PAGES, "/statistics/outcomes/?department=scjg", "/statistics/plans/?year=2026")
        for link in page(address).select("main table td a")
    }
    assert (
        len(followed) > 20
        and any("item=" in link for link in followed)
        and any("plan=" in link for link in followed)
    )
    assert any("published_from=2026-03-01" in link for link in followed)
    assert {link: total_of(visitor, link) for link in followed} == followed


def test_the_months_the_outcomes_and_the_items_are_what_one_counts_by_hand(page: Page, spring: None) -> None:
    soup = page("/statistics/outcomes/")
    assert rows(section(soup, "results-by-month")) == {
        "1月": ["0"], "2月": ["0"], "3月": ["2"], "4月": ["2"], "5月": ["0"], "合计": ["4"],
    }  # fmt: skip
    assert rows(section(soup, "outcomes")) == {
        "未发现问题": ["4", "100.0%"], "发现问题已责令改正": ["2", "50.0%"], "记录数": ["4", "－"],
    }  # fmt: skip
    assert rows(section(soup, "outcomes-by-month"))["发现问题已责令改正"] == ["0", "0", "2", "0", "0", "2"]
    assert rows(section(soup, "results-by-item")) == {
        "公示信息抽查": ["4"],
        "获证食品经营单位监督检查": ["2"],
    }
    assert list(rows(section(soup, "results-by-region")))[-2:] == ["没有写明地区", "合计"]


def test_each_chart_names_itself_and_points_at_its_table(page: Page, spring: None) -> None:
    for address in PAGES:
        for part in page(address).select("section.pictured"):
            picture = part.select_one("svg[role=img]")
            if picture is not None:
                assert str(picture["aria-label"]).endswith("数值见表")
                assert (
                    part.select_one("table caption")
                    and picture.select("line.axis")
                    and picture.select("rect")
                )
                assert part.select("a[href*='.csv']") and part.select("a[href*='.json']")


def test_timeliness_is_told_by_month_and_leads_to_no_list(page: Page, spring: None) -> None:
    part = section(page("/statistics/timeliness/"), "timeliness-by-month")
    told = rows(part)
    assert (
        told["3月"] == ["1", "1", "50.0%"] and told["4月"] == ["2", "0", "100.0%"] and told["5月"][2] == "－"
    )
    assert told["合计"] == ["3", "1", "75.0%"]
    assert not part.select("td a") and "没有单独的清单" in words(part)


def test_plans_beside_what_was_drawn(page: Page, spring: None) -> None:
    soup = page("/statistics/plans/")
    told = rows(section(soup, "plans"))
    assert told["合计"] == ["2", "1", "1", "60—70", "2", "1"]
    months = rows(section(soup, "draws-by-month"))
    assert (
        months["3月"] == ["1", "1", "0"]
        and months["4月"] == ["1", "0", "1"]
        and months["合计"] == ["2", "1", "1"]
    )
    assert soup.select("#plans ~ .chartpair a[href*='/progress']")


@pytest.mark.parametrize("name", CHARTS)
def test_a_file_holds_what_the_table_shows(visitor: FlaskClient, page: Page, spring: None, name: str) -> None:
    theme = next((theme for theme, charts in THEMES.items() if name in charts), "")
    answer = visitor.get(f"/statistics/{name}.csv")
    assert answer.status_code == 200 and answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    head = page(f"/statistics/{theme}/" if theme else "/statistics/").select_one(f"h2#{name}")
    shown = (
        rows(head.parent) if head and head.parent else {}
    )  # one that the profile keeps inside is on no page
    taken = [[cell.replace("－", "") for cell in cells] for cells in shown.values()]
    assert [line[2:-1] for line in lines[1:]] == [
        [cell.replace("%", "") for cell in cells] for cells in taken
    ] or not shown
    body = visitor.get(f"/statistics/{name}.json").get_json()
    assert [row["label"] for row in body["rows"]] == [line[1] for line in lines[1 : len(body["rows"]) + 1]]
    assert len(body["columns"]) == len(lines[0]) - 3 and body["as_of"]


def test_the_data_carry_the_addresses_of_the_records(visitor: FlaskClient, spring: None) -> None:
    body = visitor.get("/statistics/results-by-month.json").get_json()
    march = body["rows"][2]
    assert march["key"] == "2026-03" and march["values"] == {"results": 2}
    assert march["records"]["results"].endswith(
        "/search?kind=result&published_from=2026-03-01&published_to=2026-03-31"
    )


@pytest.mark.parametrize(
    "address",
    [
        "/statistics/?year=x", "/statistics/?department=scjg", "/statistics/outcomes/?department=nobody", "/statistics/outcomes/?year=２０２６",
        "/statistics/objections/?department=scjg", "/statistics/timeliness/?department=scjg",
        "/statistics/timeliness-by-month.csv?department=scjg", "/statistics/outcomes.json?year=26",
        "/results/?item=" + "x" * 301, "/lists/?plan=1",
    ],
)  # fmt: skip
def test_an_unknown_condition_answers_400(visitor: FlaskClient, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 400 and "请" in answer.get_data(as_text=True)


def test_departments_clocks_have_a_chart_only_by_the_setting(
    page: Page, session: Session, spring: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "timeliness-by-department" not in str(page("/statistics/timeliness/"))
    open_one = replace(PROFILE, department_clocks_public=True)
    snapshot.take(session, open_one)
    session.commit()
    assert "timeliness-by-department" not in str(
        page("/statistics/timeliness/")
    )  # the figures alone do not show it
    for module in ("statistics", "picturing"):
        monkeypatch.setattr(f"portal.web.public.{module}.profile", lambda: open_one)
    soup = page("/statistics/timeliness/?department=scjg")
    assert rows(section(soup, "timeliness-by-department"))["示例市市场监督管理局"][:3] == ["3", "1", "75.0%"]
    assert rows(section(soup, "timeliness-by-month"))["合计"] == ["3", "1", "75.0%"]
    assert "objections-by-department" in str(page("/statistics/objections/"))


def test_an_office_that_has_published_nothing_is_told_what_will_come(page: Page, session: Session) -> None:
    for address in PAGES:
        assert "数据还没有统计" in words(page(address)) or "还没有" in words(page(address))
    snapshot.take(session, PROFILE)
    session.commit()
    for address in (*PAGES, *(f"{each}?lang=en" for each in PAGES), "/statistics/?year=1999"):
        soup = page(address)
        assert not soup.select("svg[role=img]") and not soup.select("section.pictured table")


def test_what_was_taken_down_is_in_no_count(page: Page, session: Session, cast: Cast, spring: None) -> None:
    gone = session.query(Publication).filter_by(kind="result").order_by(Publication.id).first()
    assert gone
    withdraw(session, cast, gone, "检查对象有误。")
    soup = page("/statistics/outcomes/")
    assert rows(section(soup, "results-by-month"))["合计"] == ["3"]
    assert rows(section(soup, "results-by-item"))["获证食品经营单位监督检查"] == ["1"]


def test_few_records_withheld_on_one_ground_are_told_without_it(
    page: Page, session: Session, cast: Cast, spring: None
) -> None:
    for name, ground in (("示例甲店", "trade_secret"), ("示例乙店", "privacy")):
        content = examples.result(entity_name=name, entity_code=None)
        draft = pipeline.draft(session, "result", content, by=cast.he)
        revision = pipeline.revise(
            session, draft, by=cast.he, withheld_ground=ground, withheld_basis="第十五条"
        )
        carry_through(session, cast, revision)
    snapshot.take(session, PROFILE)
    session.commit()
    told = session.scalars(sa.select(Figure).where(Figure.name == "withheld")).all()
    assert [(each.detail, each.value) for each in told] == [("", 2)]
    assert "条数少，不分理由" in words(page("/statistics/")) and "商业秘密" not in words(page("/statistics/"))


def test_pages_ask_as_many_questions_however_much_there_is(
    visitor: FlaskClient, session: Session, cast: Cast, spring: None
) -> None:
    def asked(address: str) -> int:
        statements: list[str] = []
        note = lambda *given: statements.append(given[2])  # noqa: E731
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        assert visitor.get(address).status_code == 200
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        return len(statements)

    before = {address: asked(address) for address in PAGES}
    for at in range(3):
        plan = examples.plan(source_number=f"P{at}", title=f"第{at}份计划")
        disclose(session, cast, "plan", plan)
        disclose(session, cast, "task", examples.task(source_number=f"T-{at}", plan_no=f"P{at}"))
        found(session, cast, f"示例第{at}商店")
    assert {address: asked(address) for address in PAGES} == before
