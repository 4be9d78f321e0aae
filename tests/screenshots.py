"""``make pictures``: the main pages of the demo as they look on a phone and at a desk, into ``docs/images``."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.orm import Session

from portal import clock
from portal.db import db, open_at
from portal.objections.models import Objection
from portal.publications.models import Face
from portal.web.rendering import permalink
from tests.browser.conftest import CHROMIUM, QUIET
from tests.serving import answering
from tests.walking.site import MOMENT, furnished
from tests.walking.walk import NOBODY, OBJECTOR, Walk

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDTHS = {"desk": 1280, "phone": 390}
TALLEST = 1700  # pixels; what stands below says no more of the look
COLOURS = 64
IN_CHINESE = {
    **os.environ,
    "LANGUAGE": "zh_CN",
    "LANG": "zh_CN.UTF-8",
}  # how a browser writes days in its own fields


def main() -> int:
    """Build the demo, take every picture; 1 when there is no browser."""
    if CHROMIUM is None:
        sys.stderr.write("no chromium on this machine; on Debian: apt-get install chromium\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, furnished(Path(folder)) as walk:
        pages = list(_prepared(walk))
        with answering(walk.app) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*QUIET, "--lang=zh-CN"], env=IN_CHINESE
            )
            for name, path, who in pages:
                for kind, width in WIDTHS.items():
                    picture = _taken(browser, walk, site + path, who, width)
                    size = _kept(picture, FOLDER / f"{name}-{kind}.png")
                    sys.stdout.write(f"{name}-{kind}.png {size // 1024} KB {path}\n")
            browser.close()
    return 0


def _prepared(walk: Walk) -> Iterator[tuple[str, str, str]]:
    """Name, address and reader of each picture, once everybody is signed in."""
    with walk.app.app_context(), clock.at(MOMENT):
        open_at("reads")
        session = db.session()
        told = walk.let_everybody_in(session)
        pages = dict(_pages(session))
        session.rollback()
    yield from ((name, path, NOBODY) for name, path in pages.items() if path)
    yield "objection-progress", f"/objections/{told['receipt'][0]}", OBJECTOR
    yield "staff-desk", "/staff/", "songqinghe"
    yield "staff-objections", "/staff/objections/", "shenyiheng"


def _pages(session: Session) -> Iterator[tuple[str, str]]:
    contested = _newest(
        session, Face.number.in_(sa.select(Objection.result_number).where(Objection.state == "rechecking"))
    )
    yield "home", "/"
    yield "results", "/results/"
    yield "search", "/search?q=食品"
    yield "result", permalink(contested or _newest(session))
    yield "result-corrected", permalink(_newest(session, Face.corrected))
    yield "objection-form", f"/objections/new?result={_newest(session)}"
    yield "statistics", "/statistics/"
    yield "calendar", "/calendar/?start=2026-09-14&days=20"
    yield "log", "/log/"
    yield "help", "/help/"


def _newest(session: Session, *conditions: sa.ColumnElement[bool]) -> str:
    wanted = sa.select(sa.func.max(Face.number)).where(Face.live, Face.kind == "result", *conditions)
    return session.scalar(wanted) or ""


def _taken(browser: Browser, walk: Walk, address: str, who: str, width: int) -> bytes:
    window = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    window.add_cookies([{**each, "domain": "127.0.0.1"} for each in walk.cookies(who)])  # type: ignore[typeddict-item]
    page = window.new_page()
    page.goto(address)
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
    picture = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    window.close()
    return picture


def _kept(picture: bytes, path: Path) -> int:
    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
