"""The search page: what its address says is what it finds, shows and offers to take away."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.publications import duty
from portal.publications.models import Publication
from tests import examples
from tests.cast import Cast
from tests.office import disclose

Page = Callable[..., BeautifulSoup]


@pytest.fixture
def three(app: Flask, session: Session, cast: Cast, result: Publication) -> None:
    """Three results of invented firms and what comes before them, indexed."""
    for name, code in (("示例恒昌餐饮店", "91339900MA2TEST11X"), ("示例恒昌超市", "91339900MA2TEST22X")):
        disclose(session, cast, "result", examples.result(entity_name=name, entity_code=code, task_no=code))
    work.index_step(app)


def titles(soup: BeautifulSoup) -> list[str]:
    return [each.get_text() for each in soup.select(".hit-title")]


def test_exclusions_stand_as_chips_that_take_them_away(page: Page, three: None) -> None:
    soup = page("/search?q=恒昌+-超市&not_outcome=6&published_from=2020-01-01&from=2020-01-02")
    assert titles(soup) == ["示例恒昌餐饮店"]
    chips = {each.get_text()[5:]: str(each["href"]) for each in soup.select(".chips li a:not(.clear)")}
    assert len(chips) == 4
    without = [page(address) for address in chips.values()]
    assert [len(each.select(".chips li a:not(.clear)")) for each in without] == [3] * 4
    assert titles(page(chips["不含“超市”"])) == ["示例恒昌超市", "示例恒昌餐饮店"]


def test_a_choice_can_be_left_out_and_let_in_again(page: Page, three: None) -> None:
    soup = page("/search?kind=result")
    total = len(titles(soup))
    outcome = soup.select_one("a.exclude[href*=not_outcome]")
    assert outcome
    left = page(str(outcome["href"]))
    assert len(titles(left)) < total
    back = left.select_one("li.is-excluded a.exclude")
    assert back and "恢复" in back.get_text()
    assert len(titles(page(str(back["href"])))) == total


@pytest.mark.parametrize(
    "asked", ["not_kind=x", "not_department=nobody", "not_year=x", "published_from=x", "not_outcome=99"]
)
def test_an_exclusion_or_a_day_that_does_not_exist_is_refused(page: Page, asked: str) -> None:
    page(f"/search?{asked}", 400)


def test_a_search_feed_takes_the_same_exclusions(visitor: FlaskClient, three: None) -> None:
    feed = visitor.get("/search.atom?q=恒昌+-超市").text
    assert "示例恒昌餐饮店" in feed and "示例恒昌超市" not in feed


# ── when little is found ─────────────────────────────────────


def offered(soup: BeautifulSoup) -> list[str]:
    return [each.get_text() for each in soup.select(".meant a")]


def test_a_near_spelling_is_offered_and_never_searched_for_by_itself(page: Page, three: None) -> None:
    soup = page("/search?q=示例恒唱餐饮店")
    assert titles(soup) == [] and "没有找到“示例恒唱餐饮店”。是不是要找：" in soup.get_text()
    assert offered(soup)[0] == "示例恒昌餐饮店"
    link = soup.select_one(".meant a")
    assert link and titles(page(str(link["href"]))) == ["示例恒昌餐饮店"]


def test_a_near_spelling_keeps_the_conditions_under_which_it_finds(page: Page, three: None) -> None:
    kept = page("/search?q=恒唱餐饮&kind=result&lang=en").select_one(".meant a")
    assert kept and "kind=result" in str(kept["href"]) and "lang=en" in str(kept["href"])
    left = page("/search?q=恒唱餐饮&kind=plan").select_one(".meant a")
    assert left and "kind=" not in str(left["href"])


def test_of_several_words_the_one_that_has_nothing_is_named(page: Page, three: None) -> None:
    soup = page("/search?q=恒昌+魑魅魍魉")
    assert "任何公示里都没有“魑魅魍魉”" in soup.get_text()
    assert [each.get_text() for each in soup.select(".prose li a")][0] == "恒昌"
    both = page("/search?q=餐饮店+恒昌超市").get_text()
    assert "没有一条公示同时有这些词" in both


def test_what_the_words_find_without_the_conditions_is_said(page: Page, three: None) -> None:
    assert "去掉其他条件，有2条" in page("/search?q=恒昌&kind=plan").get_text()


def test_a_name_that_is_no_longer_released_is_offered_nowhere_even_before_the_index_knows(
    page: Page, visitor: FlaskClient, session: Session, cast: Cast, three: None
) -> None:
    firm = session.scalars(sa.select(Publication).where(Publication.number == number_of(page))).one()
    duty.hold(session, firm, by=cast.zhou, reason="可能涉及应隐去的内容。")
    session.commit()
    assert offered(page("/search?q=示例恒唱餐饮店")) == []
    for typed in ("恒昌餐", "hengchangcan", "slhccy", "91339900MA2TEST11X"):
        told = visitor.get("/search/suggestions", query_string={"q": typed}).json
        assert told == {"suggestions": []}, typed
    assert titles(page(f"/search?q={firm.number}")) == []


def number_of(page: Page) -> str:
    link = page("/search?q=示例恒昌餐饮店").select_one(".hit-title a")
    assert link
    return str(link["href"]).rpartition("/")[2]


def test_a_page_beyond_the_end_says_so_with_a_way_back(page: Page, three: None) -> None:
    soup = page("/search?q=恒昌&page=9", 404)
    assert "一共只有1页，没有第9页" in soup.get_text() and titles(soup) == []
    back = [str(each["href"]) for each in soup.select(".prose a")]
    assert len(titles(page(back[0]))) == 2


def test_a_code_with_a_letter_that_no_code_has_is_read_as_digits_and_the_page_says_so(
    page: Page, three: None
) -> None:
    soup = page("/search?q=9l3399OO+MA2T+EST1IX")
    assert titles(soup) == ["示例恒昌餐饮店"] and "已按“91339900MA2TEST11X”查找" in soup.get_text()
    assert "已按" not in page("/search?q=9133+9900+ma2t+est1+1x").get_text()
    assert titles(page("/search?q=jg20263")) == titles(page("/search?q=JG-2026-000003")) != []


# ── while typing ─────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("恒昌餐", "示例恒昌餐饮店"), ("hengchangcha", "示例恒昌超市"), ("hcc", "示例恒昌超市"), ("慧恒昌", None),
        ("hengchangc", "示例恒昌超市"), ("91339900MA2TEST22", "示例恒昌超市"), ("shilish", "示例市市场监督管理局"),
    ],
)  # fmt: skip
def test_released_names_are_suggested_by_letters_sound_and_code(
    visitor: FlaskClient, three: None, typed: str, name: str | None
) -> None:
    answer = visitor.get("/search/suggestions", query_string={"q": typed})
    names = [each["name"] for each in answer.json["suggestions"]]
    assert (name in names) if name else names == []
    assert answer.headers["Cache-Control"] == "no-cache"
    again = visitor.get(
        "/search/suggestions", query_string={"q": typed}, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("typed", ["", "恒", " 恒 ", "x" * 500, "。。", "-", "%_", "\ud800"])
def test_too_little_too_much_or_nonsense_suggests_nothing(
    visitor: FlaskClient, three: None, typed: str
) -> None:
    answer = visitor.get(f"/search/suggestions?q={quote(typed, errors='surrogatepass')}")
    assert answer.json == {"suggestions": []}


def test_at_most_eight_are_suggested(
    app: Flask, visitor: FlaskClient, session: Session, cast: Cast, result: Publication
) -> None:
    for n in range(10):
        disclose(
            session,
            cast,
            "result",
            examples.result(entity_name=f"示例瑞丰{'甲乙丙丁戊己庚辛壬癸'[n]}店", task_no=f"T{n}"),
        )
    work.index_step(app)
    found = visitor.get("/search/suggestions?q=瑞丰").json["suggestions"]
    assert len(found) == 8 and {each["label"] for each in found} == {"检查对象"}


def test_the_printed_page_says_what_was_asked_and_when(page: Page, three: None) -> None:
    asked = page("/search?q=恒昌+-超市&not_outcome=6").select_one(".print-only")
    assert asked
    for word in ("查找条件", "恒昌 -超市", "排除：", "共1条", "截至", "最相关"):
        assert word in asked.get_text(), word
