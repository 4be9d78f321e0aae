"""Who does what in a real Chromium: a shopkeeper on a phone, members of staff at their desks, and the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import time_machine
from playwright.sync_api import Browser, Page

from portal.clock import SHANGHAI
from tests.cast import MEMBERS, PASSWORD

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "user_agent": "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/86.0 Mobile Safari/537.36 MicroMessenger/8.0",
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}


@dataclass
class Someone:
    """One person with one browser window."""

    page: Page
    site: str

    def open(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def says(self, *words: str) -> None:
        """The page in front of them holds these words."""
        text = self.page.inner_text("main")
        for each in words:
            assert each in text, f"{each!r} is not on the page: {text[:1500]}"

    def does(self, noun: str, **fields: str | list[str]) -> None:
        """Fill in one of a case's forms, as a person would, and send it."""
        form = self.page.locator(f"form[action$='/{noun}']").first
        if not form.is_visible():
            self.page.locator("details", has=form).locator("summary").first.click()
        for name, value in fields.items():
            fill_in(form, name, value)
        form.locator("button.btn").last.click()
        self.page.wait_for_load_state()


def fill_in(form: Any, name: str, value: str | list[str]) -> None:
    """One field, whatever kind it is."""
    form.locator(f"[name={name}]").first.wait_for(state="attached")  # counting does not wait for a page
    for each in value if isinstance(value, list) else [value]:
        ticks = form.locator(f"input.tick[name={name}][value='{each}']")
        if ticks.count():
            ticks.check()
        elif form.locator(f"select[name={name}]").count():
            form.locator(f"select[name={name}]").select_option(each)
        else:
            form.locator(f"[name={name}]").fill(each)


@contextmanager
def with_a_phone(browser: Browser, site: str) -> Iterator[Someone]:
    """The shopkeeper, without an account."""
    context = browser.new_context(**PHONE)
    yield Someone(context.new_page(), site)
    context.close()


@contextmanager
def at_work(browser: Browser, site: str, name: str, *, on_a_phone: bool = False) -> Iterator[Someone]:
    """Somebody of the cast, signed in."""
    context = browser.new_context(**(PHONE if on_a_phone else DESK))
    someone = Someone(context.new_page(), site)
    page = someone.open("/staff/sign-in")
    page.fill("input[name=username]", MEMBERS[name].username)
    page.fill("input[name=password]", PASSWORD)
    page.click("form[action*='sign-in'] button.btn-primary")
    page.wait_for_load_state()
    assert "/sign-in" not in page.url, page.inner_text("main")
    yield someone
    context.close()


@contextmanager
def on(day: str, hour: int = 10) -> Iterator[None]:
    """The whole house, server and worker included, lives on this day, by Beijing's clock."""
    moment = datetime.fromisoformat(f"{day}T{hour:02d}:00:00").replace(tzinfo=SHANGHAI)
    with time_machine.travel(moment, tick=True):
        yield
