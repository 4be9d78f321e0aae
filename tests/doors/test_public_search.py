"""The search page: what its address says is what it finds, shows and offers to take away."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
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
