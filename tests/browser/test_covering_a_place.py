"""何知远 drags a box over a line of an attachment's page; the script fills the form, and the copy has no such line."""

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from portal.publications import pipeline
from portal.publications.models import Revision
from tests import examples
from tests.attaching import BASIS, attach, stores_of
from tests.browser.conftest import Visit
from tests.cast import PASSWORD, Cast
from tests.rules.test_documents import read

pytestmark = pytest.mark.browser


def test_a_box_is_drawn_with_the_mouse(session: Session, cast: Cast, app: Flask, visit: Visit) -> None:
    revision = pipeline.draft(session, "plan", examples.plan(), by=cast.he)
    revision = attach(session, app, revision, by=cast.he)
    session.commit()
    page = visit.open("/staff/sign-in")
    page.fill("[name=username]", "hezhiyuan")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    visit.open(f"/staff/revisions/{revision.id}/attachments/1")
    view = page.locator("svg.pageview").bounding_box()
    assert view is not None
    x, y, width, height = (view[side] for side in ("x", "y", "width", "height"))
    page.mouse.move(x + 0.05 * width, y + 0.49 * height)
    page.mouse.down()
    page.mouse.move(x + 0.6 * width, y + 0.68 * height)
    page.mouse.up()
    expect(page.locator("[name=ground]").first).to_be_focused()
    page.select_option("#add [name=ground]", "trade_secret")
    page.fill("#add [name=basis]", BASIS)
    page.click("#add button.btn")
    expect(page.locator("rect.box-on")).to_have_count(1)
    assert not visit.complaints
    session.expire_all()
    newest = session.get_one(Revision, session.get_one(Revision, revision.id).successor_id)
    words = read(stores_of(app).public.read(newest.attachments[0]["copy"]["stored"]))
    assert "SECRET" not in words
    assert "and water" in words
