"""A reader draws a task's list again in a real Chromium, without trusting the page's server."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.draws.models import DrawFace
from portal.draws.verify import drawn_again, read_bundle
from portal.draws.wanted import Conditions
from tests.browser.conftest import Visit
from tests.cast import Cast
from tests.drawn import LOTTERY, drawn_through, fill_registries

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def registries(session: Session) -> None:
    fill_registries(session, objects=60)


def drawn(session: Session, cast: Cast, **changes: Any) -> str:
    """The number of an announcement of two strata, one object excluded."""
    excluded = {"91339900MA2CY0001X": "often"}
    draw = drawn_through(session, cast, Conditions(by="tag"), excluded=excluded, **changes)
    found = session.get_one(DrawFace, draw.commit_index).number
    session.commit()
    assert found
    return found


def python_draws(session: Session) -> list[str]:
    bundle = session.scalars(sa.select(DrawFace.bundle)).one() or ""
    session.rollback()
    groups, _wrong = drawn_again(read_bundle(bundle))
    return [code for group in groups for code in group]


def test_the_browser_draws_what_python_draws(visit: Visit, session: Session, cast: Cast) -> None:
    number = drawn(session, cast)
    again = python_draws(session)
    page = visit.open(f"/tasks/{number}/draw")
    page.click("#again button")
    page.wait_for_selector("#again .checks .is-right, #again .checks .is-wrong")
    page.wait_for_selector("#again button:enabled")
    assert page.locator("#again .is-right").count() == 8, page.inner_text("#again")
    assert "完全一致" in page.inner_text("#again [data-status]")
    assert page.locator("#again tbody tr td.code").all_inner_texts() == again
    page.fill("#one", "91339900MA2CY0001X")
    assert "已经排除（本年度已被抽中两次）" in page.inner_text("[data-one]")
    page.fill("#one", again[1])
    assert "排在第2位，抽中" in page.inner_text("[data-one]")
    assert not visit.complaints and not visit.strangers
    page.set_viewport_size({"width": 390, "height": 844})
    assert not visit.is_wider_than_the_window


def test_the_browser_sees_a_firm_that_was_dropped(visit: Visit, session: Session, cast: Cast) -> None:
    """Out of a draw that a lottery decided: what the browser draws is not what the bundle says."""
    number = drawn(session, cast, **LOTTERY)
    again = python_draws(session)
    face = session.scalars(sa.select(DrawFace)).one()
    bundle = json.loads(face.bundle or "")
    face.bundle = json.dumps(bundle | {"drawn": "".join(bundle["drawn"].splitlines(keepends=True)[1:])})
    session.commit()
    page = visit.open(f"/tasks/{number}/draw")
    page.click("#again button")
    page.wait_for_selector("#again .checks .is-wrong")
    wrong = page.locator("#again .is-wrong").evaluate_all("found => found.map(one => one.dataset.check)")
    assert wrong == ["list", "drawn", "announced"]
    assert "没有通过" in page.inner_text("#again [data-status]")
    assert page.locator("#again tbody tr td.code").all_inner_texts() == again
