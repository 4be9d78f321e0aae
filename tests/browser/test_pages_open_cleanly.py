"""Every page a reader starts from opens without a complaint, asks nobody else, and fits a phone."""

import pytest

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/lists/",
    "/plans/",
    "/tasks/",
    "/results/",
    "/search?q=示例",
    "/corrections/",
    "/withdrawals/",
    "/statistics/",
    "/statistics/tasks/",
    "/staff/sign-in",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_cleanly(visit: Visit, path: str) -> None:
    page = visit.open(path)
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert not visit.complaints
    assert not visit.strangers


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_an_old_phone(visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 640})
    visit.open(path)
    assert not visit.is_wider_than_the_window


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_sets_no_cookie(visit: Visit, path: str) -> None:
    if path.startswith("/staff"):
        return
    visit.open(path)
    assert visit.page.context.cookies() == []
