"""Help says no term and no clause that the profile of the place does not say."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.codes.profiles import PROMISE, load_profile, profile_names
from portal.settings import Settings
from portal.web.public import help as helping

Page = Callable[..., BeautifulSoup]
PLACES = [each for each in profile_names() if each != "common"]
PAGES = ("/help/", "/help/objections/")


def at(app: Flask, settings: Settings, place: str) -> None:
    there = replace(settings, profile=place)
    app.extensions["portal_settings"] = app.jinja_env.globals["settings"] = there


@pytest.mark.parametrize("place", PLACES)
def test_each_term_shown_is_one_of_this_place(app: Flask, page: Page, settings: Settings, place: str) -> None:
    at(app, settings, place)
    rules = load_profile(place)
    known = {(each.label, f"{each.days}个工作日", each.basis) for each in rules.terms.values()}
    for address in PAGES:
        rows = page(address).select("table:has(th:-soup-contains('期限')) tbody tr")
        shown = {(row.th.text, row.select("td")[0].text, row.select("td")[2].text) for row in rows}  # type: ignore[union-attr]
        assert shown and shown <= known, address


@pytest.mark.parametrize("place", PLACES)
def test_no_place_is_shown_the_clause_of_another(app: Flask, page: Page, settings: Settings, place: str) -> None:  # fmt: skip
    at(app, settings, place)
    documents = {load_profile(each).document for each in PLACES} - {load_profile(place).document, ""}
    for address in PAGES:
        text = page(address).get_text()
        assert not [each for each in documents if each in text], address
        assert load_profile(place).document in text or PROMISE in text


@pytest.mark.parametrize("place", PLACES)
def test_every_number_of_working_days_in_the_text_is_a_term(
    app: Flask, page: Page, settings: Settings, place: str
) -> None:
    at(app, settings, place)
    days = {each.days for each in load_profile(place).terms.values() if each.unit == "working"}
    for address in PAGES:
        said = {int(each) for each in re.findall(r"(\d+)个工作日", page(address).get_text())}
        assert said and said <= days, address


def test_every_first_day_of_a_term_on_help_pages_has_words() -> None:
    names = (*helping.OF_DISCLOSURE, *helping.OF_OBJECTION)
    for place in profile_names():
        rules = load_profile(place)
        assert [each.name for each in helping.limits(rules, *names)] == [*names]


def test_a_notice_before_disclosure_is_promised_only_where_it_is_given(
    app: Flask, page: Page, settings: Settings
) -> None:
    label = load_profile("shili").terms["prior_notice"].label
    assert label in page("/help/").get_text()
    at(app, settings, "gaoqing")
    assert label not in page("/help/").get_text()
