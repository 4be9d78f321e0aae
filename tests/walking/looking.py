"""What a browser has to say of a page: axe's violations, and what axe does not look for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.walking.walk import Page, Walk

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = {"desk": 1280, "phone": 320}
DISPLAYS = ("", "large", "contrast", "plain")
LANGUAGES = ("", "en")
DRAGGED = 1  # pixels by which rounding makes a page wider than its window

ASK = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.map(each => `${each.id}: ${each.help}: ` + each.nodes.slice(0, 3).map(
    node => node.target.join(" ") + " " + node.html.slice(0, 160) + " " + (node.any[0]?.message ?? "")).join(" | "));
}"""
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"
WIDEST = """() => { const edge = window.innerWidth;
  const scrolls = e => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
  return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > edge + 1
    && !e.closest(".visually-hidden") && !scrolls(e.parentElement)).slice(-3).map(e => e.outerHTML.slice(0, 120)).join(" | "); }"""


@dataclass(frozen=True)
class Way:
    """How a page is looked at."""

    display: str = ""
    lang: str = ""
    width: str = "desk"
    dark: bool = False

    def __str__(self) -> str:
        words = (self.display or "standard", self.lang or "zh", self.width, "dark" if self.dark else "")
        return " ".join(word for word in words if word)


@dataclass
class Eyes:
    """One browser for all pages, one tab for each of the people: a new one for each page would take most of the time."""

    browser: Browser
    site: str
    walk: Walk
    tabs: dict[tuple[str, bool], Tab] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def complaints(self, page: Page, way: Way) -> Iterator[str]:
        """What is wrong with a page seen in one way, in sentences that name the place."""
        tab = self._tab(page.who, way.dark)
        self.said.clear()
        tab.set_viewport_size({"width": WIDTHS[way.width], "height": 900})
        tab.goto(self.site + page.shown(display=way.display, lang=way.lang))
        yield from self.said
        tab.evaluate(AXE_SCRIPT)
        yield from tab.evaluate(ASK, list(WCAG))
        if tab.evaluate(WIDER) > DRAGGED:
            yield f"wider than the window: {tab.evaluate(WIDEST)}"

    def _tab(self, who: str, dark: bool) -> Tab:
        if (who, dark) not in self.tabs:
            scheme: Any = "dark" if dark else "light"
            window = self.browser.new_context(locale="zh-CN", color_scheme=scheme, reduced_motion="reduce")
            window.add_cookies([{**each, "domain": "127.0.0.1"} for each in self.walk.cookies(who)])  # type: ignore[typeddict-item]
            tab = self.tabs[who, dark] = window.new_page()
            tab.on("pageerror", lambda error: self.said.append(str(error)))
            tab.on("console", lambda told: _note(self.said, told))
            tab.on("request", lambda asked: _look(self.said, asked.url, self.site))
        return self.tabs[who, dark]


def _note(said: list[str], told: Any) -> None:
    if told.type in {"error", "warning"} and "Failed to load resource" not in told.text:
        said.append(told.text)


def _look(said: list[str], url: str, site: str) -> None:
    if not url.startswith((site, "data:", "blob:")):
        said.append(f"asks somebody else: {url}")
