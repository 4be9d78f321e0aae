"""The staff's room from outside: sign somebody in, fill in the form of a page, send it."""

from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.conftest import csrf_token


@dataclass
class Visit:
    """Somebody at work in the room. The test's own session lets go of the database before each request."""

    client: FlaskClient
    session: Session

    def get(self, address: str) -> TestResponse:
        self.session.commit()
        return self.client.get(address)

    def page(self, address: str) -> BeautifulSoup:
        return BeautifulSoup(self.get(address).text, "html.parser")

    def send(self, page: str, address: str, /, **form: Any) -> TestResponse:
        """Post what a form on a page would: its token, the step that was looked at, and what was typed."""
        html = self.get(page).text
        seen = BeautifulSoup(html, "html.parser").select_one("input[name=seen]")
        given = {"csrf_token": csrf_token(html)} | ({"seen": str(seen["value"])} if seen else {}) | form
        answer = self.client.post(address, data=given)
        self.session.expire_all()
        return answer

    def fill_in(self, page: str, typed: dict[str, str]) -> TestResponse:
        """Post the big form of a page, untouched but for what is typed."""
        form = form_of(self.page(page).select_one("form.contentform"))
        answer = self.client.post(page, data=form | typed)
        self.session.expire_all()
        return answer

    def fill_in_panel(self, page: str, typed: dict[str, str]) -> TestResponse:
        """Post the form at the side of a page, untouched but for what is typed."""
        form = form_of(self.page(page).select_one("form.panel"))
        answer = self.client.post(page, data=form | typed)
        self.session.expire_all()
        return answer


@dataclass
class Room:
    """Lets in whoever is named: ``room("he")`` is 何知远 with a page before him."""

    session: Session
    cast: Cast
    sign_in: Any

    def __call__(self, name: str) -> Visit:
        person = getattr(self.cast, name)
        self.session.commit()
        return Visit(self.sign_in(person), self.session)


def form_of(form: Tag | None) -> dict[str, str]:
    """What a browser would send if nothing was touched."""
    assert form is not None, "the page has no such form"
    given = {}
    for each in form.select("input[name]"):
        if each.get("type") != "checkbox" or each.has_attr("checked"):
            given[str(each["name"])] = str(each.get("value", ""))
    given |= {str(each["name"]): each.text for each in form.select("textarea[name]")}
    for each in form.select("select[name]"):
        chosen = each.select_one("option[selected]")
        given[str(each["name"])] = str(chosen.get("value", chosen.text)) if chosen else ""
    return given
