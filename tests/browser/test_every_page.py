"""Every page of every room, found by the URL map in the demo: no violation, no complaint, valid, never too wide.

``.ci/run`` looks at one page of each rule in one way, and of the staff's room at every sixth; at a few in each other
way. ``make prove`` looks at all of them in all ways.
"""

from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest

from tests.walking.examples import FILE, NO_EXAMPLE
from tests.walking.looking import DISPLAYS, LANGUAGES, WIDTHS, Eyes, Way
from tests.walking.validating import messages
from tests.walking.walk import Page, Walk

pytestmark = pytest.mark.browser

ROOMS = ("public", "entity", "staff")
PLAINLY = Way()
OTHERWISE = [
    Way(display, lang, width) for display, lang, width in product(DISPLAYS, LANGUAGES, WIDTHS)
][1:] + [Way(dark=True)]  # fmt: skip
EACH = 160  # of so many pages one is looked at in each other way
LEAVING_OUT = {"public": 1, "entity": 1, "staff": 6}  # of so many rules one is looked at


def found(eyes: Eyes, pages: Iterable[Page], way: Way) -> list[str]:
    return [f"{page}, {way}: {what}" for page in pages for what in eyes.complaints(page, way)]


def none_of(complaints: list[str]) -> bool:
    """Whether there are none; else they are told whole."""
    assert not complaints, "\n".join([f"{len(complaints)} complaints", *complaints])
    return True


def test_every_rule_has_a_page_or_a_reason(walk: Walk) -> None:
    """A rule named here wants values for its parts in tests/walking/examples.py, or a reason in NO_EXAMPLE."""
    missing = {
        name: rule
        for name, rule in walk.without_example.items()
        if name not in NO_EXAMPLE and not FILE.search(rule)
    }
    assert not missing
    assert len(walk.pages) > 150


@pytest.mark.parametrize("room", ROOMS)
def test_no_page_has_a_violation(eyes: Eyes, room: str) -> None:
    of_each = {page.rule: page for page in eyes.walk.pages if eyes.walk.room(page) == room}
    pages = list(of_each.values())[:: LEAVING_OUT[room]]
    assert pages and none_of(found(eyes, pages, PLAINLY))


@pytest.mark.parametrize("way", OTHERWISE, ids=str)
def test_a_page_seen_otherwise_has_no_violation(eyes: Eyes, way: Way) -> None:
    assert none_of(found(eyes, eyes.walk.pages[OTHERWISE.index(way) :: EACH], way))


@pytest.mark.proof
@pytest.mark.parametrize("way", [PLAINLY, *OTHERWISE], ids=str)
def test_no_page_has_a_violation_in_any_way(eyes: Eyes, way: Way) -> None:
    complaints = found(eyes, eyes.walk.pages, way)
    print(f"proof: {len(eyes.walk.pages)} pages, {way}: {len(complaints)} complaints")  # noqa: T201
    assert none_of(complaints)


def test_the_html_of_every_page_is_valid(walk: Walk, tmp_path: Path) -> None:
    assert none_of(list(messages(walk.pages, tmp_path)))


@pytest.mark.proof
def test_the_html_of_every_page_is_valid_in_english(walk: Walk, tmp_path: Path) -> None:
    pages = [walk.in_english(page) for page in walk.pages]
    assert none_of(list(messages(pages, tmp_path)))
