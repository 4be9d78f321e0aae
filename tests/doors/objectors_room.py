"""The objector's room from outside: open the form, type, choose files, send it as a browser would."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.evidence_files import photo

LICENCE = photo()
SAID = "10月22日检查时进货查验记录都在，当天就拿给检查人员看了。"
MINIMAL: dict[str, Any] = {"grounds": ["not_so"], "phone": "15400000000"}

Files = Sequence[tuple[str, str, bytes]]


def soup_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


@dataclass
class Shopkeeper:
    """Somebody with a phone. The test's own session lets go of the database before each request."""

    client: FlaskClient
    session: Session
    number: str

    @property
    def address(self) -> str:
        return f"/objections/new?result={self.number}"

    def get(self, address: str) -> TestResponse:
        self.session.commit()
        return self.client.get(address)

    def form(self, address: str = "") -> dict[str, Any]:
        """What the form holds when nothing is touched."""
        return form_of(soup_of(self.get(address or self.address)))

    def send(
        self, typed: dict[str, Any], files: Files = (), *, form: dict[str, Any] | None = None, act: str = "file", **how: Any
    ) -> TestResponse:  # fmt: skip
        """Send the form with what is typed over it; each file with the field it is chosen in."""
        given = (form if form is not None else self.form()) | typed | {"act": act}
        for field, name, data in files:
            given.setdefault(field, []).append((io.BytesIO(data), name))
        self.session.commit()
        answer = self.client.post(self.address, data=given, content_type="multipart/form-data", **how)
        self.session.expire_all()
        return answer

    def file(self, **typed: Any) -> tuple[str, str]:
        """File it; number and code from the receipt."""
        return number_and_code(self.send(MINIMAL | {"text": SAID} | typed))

    def open(self, receipt: str, code: str, **how: Any) -> TestResponse:
        """Number and code on the page for following."""
        page = self.get("/objections/")
        token = soup_of(page).select_one("input[name=csrf_token]")
        assert token is not None
        form = {"receipt": receipt, "code": code, "csrf_token": token["value"]}
        answer = self.client.post("/objections/", data=form, **how)
        self.session.expire_all()
        return answer

    def press(self, page: str, action: str, /, files: Files = (), **typed: Any) -> TestResponse:
        """Send the form of a page that leads to an address."""
        form = soup_of(self.get(page)).select_one(f'form[action^="{action}"]')
        assert form is not None, f"{page} has no form to {action}"
        given = hidden_of(form) | typed
        for field, name, data in files:
            given.setdefault(field, []).append((io.BytesIO(data), name))
        answer = self.client.post(action, data=given, content_type="multipart/form-data")
        self.session.expire_all()
        return answer


def form_of(page: BeautifulSoup) -> dict[str, Any]:
    """The hidden fields of the filing form, and everything that is typed in it."""
    form = page.select_one("form[data-draft]")
    assert form is not None, page.get_text(" ", strip=True)[:300]
    given = hidden_of(form)
    for each in form.select("input[name]"):
        name, kind = str(each["name"]), each.get("type")
        if kind in ("checkbox", "radio") and each.has_attr("checked"):
            given.setdefault(name, []).append(str(each["value"]))
        elif kind not in ("checkbox", "radio", "file", "hidden"):
            given[name] = str(each.get("value", ""))
    given |= {str(each["name"]): each.text.removeprefix("\n") for each in form.select("textarea[name]")}
    return given


def hidden_of(form: Any) -> dict[str, Any]:
    return {str(each["name"]): str(each.get("value", "")) for each in form.select("input[type=hidden]")}


def number_and_code(answer: TestResponse) -> tuple[str, str]:
    assert answer.status_code in (200, 201), answer.text
    receipt, code = (each.get_text(strip=True) for each in soup_of(answer).select(".keep dd"))
    return receipt, code


def chinese_left(answer: TestResponse) -> list[str]:
    """Chinese on an English page outside what says that it is Chinese."""
    page = soup_of(answer)
    for each in page.select("[lang^=zh], .brand, .utility, .foot, option"):
        each.decompose()
    texts = [str(each).strip() for each in page.find_all(string=True)]
    return [each for each in texts if any("\u4e00" <= letter <= "\u9fff" for letter in each)]
