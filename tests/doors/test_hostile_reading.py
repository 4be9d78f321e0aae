"""What a reader may put into an address, and what it must not bring to light."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from tests import examples
from tests.cast import Cast
from tests.office import disclose

ODD = ["00000000199999999999999999999999", "9" * 5000, "²", "٣", "-1", "x\x00y", "\u202e", "'", "%"]


@pytest.mark.parametrize("odd", ODD)
def test_no_address_breaks_a_page(
    app: Flask, session: Session, cast: Cast, visitor: FlaskClient, odd: str
) -> None:
    disclose(session, cast, "list", examples.item_list())
    number = disclose(session, cast, "result", examples.result()).number
    session.commit()
    work.once(app)
    given = quote(odd)
    for page in ("/results/", "/search", "/search.atom", "/sitemap.xml", "/corrections/", "/log/"):
        for name in (
            "page",
            "part",
            "year",
            "q",
            "department",
            "region",
            "task",
            "outcome",
            "from",
            "entity",
        ):
            assert visitor.get(f"{page}?{name}={given}").status_code < 500, (page, name)
    for page in ("/results/", f"/results/{number}/versions/", "/entities/", "/feeds/"):
        assert visitor.get(page + given).status_code < 500, page
        assert visitor.get(f"{page}{given}.atom").status_code < 500, page


def test_an_unknown_record_is_unknown_whatever_the_reader_says_to_have(visitor: FlaskClient) -> None:
    assert visitor.get("/results/JG-2026-999999", headers={"If-None-Match": "*"}).status_code == 404


def test_two_records_are_not_related_by_the_marker_that_hides_their_numbers(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    disclose(session, cast, "list", examples.item_list())
    hide = [
        {"path": name, "start": None, "end": None, "ground": "state_secret", "basis": "条", "by": cast.he.id,
         "at": "2026-11-01T00:00:00Z", "note": ""}
        for name in ("task_no", "source_number")
    ]  # fmt: skip
    task = disclose(session, cast, "task", examples.task(), marks=[hide[1]])
    result = disclose(session, cast, "result", examples.result(), marks=[hide[0]])
    assert str(task.number) not in visitor.get(f"/results/{result.number}").text
    assert "〔" not in visitor.get(f"/tasks/{task.number}").text.split("<title>")[0]
