"""The site as a real Chromium sees it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from portal import work
from tests.serving import answering
from tests.walking.looking import Eyes
from tests.walking.site import walked
from tests.walking.walk import Walk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Visit:
    """A page that remembers what went wrong in it, and whom it asked beside the site."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._look)

    def open(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _look(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.strangers.append(request.url)

    @property
    def is_wider_than_the_window(self) -> bool:
        """Whether a reader has to scroll sideways."""
        self.page.wait_for_load_state()  # what was clicked may just have begun to come
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("no chromium on this machine; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address at which the test's portal answers, its index caught up."""
    work.once(app)
    with answering(app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """A reader with a window of 1280 points; ``visit.page.set_viewport_size`` for a phone."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield Visit(context.new_page(), site)
    context.close()


@pytest.fixture(scope="session")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Every page of the demo."""
    with walked(tmp_path_factory.mktemp("walk")) as found:
        yield found


@pytest.fixture(scope="session")
def eyes(walk: Walk, browser: Browser) -> Iterator[Eyes]:
    """A browser that looks at those pages."""
    with answering(walk.app) as address:
        yield Eyes(browser, address, walk)
