"""嵌入: cards that stand in other people's pages, and say what is so now."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.publications import duty
from portal.publications.models import Publication
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.office import correct, disclose, withdraw

CODE = "9133990075TNM5LB3J"
CARDS = (
    "/embed/results/JG-2026-000001",
    "/embed/lists/QD-2026-0001",
    "/embed/tasks/RW-2026-0001",
    f"/embed/entities/{CODE}",
)


@pytest.mark.usefixtures("result")
@pytest.mark.parametrize("card", CARDS)
def test_a_card_alone_may_stand_in_a_frame_of_another_site(visitor: FlaskClient, card: str) -> None:
    first = visitor.get(card)
    again = visitor.get(card, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    for answer in (first, again):  # a browser takes the headers of a 304 for those that it keeps
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer.headers and "Set-Cookie" not in answer.headers
    assert (
        "frame-ancestors 'none'"
        in visitor.get(card.removeprefix("/embed")).headers["Content-Security-Policy"]
    )


@pytest.mark.usefixtures("result")
@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_its_links_open_outside_and_nothing_runs(page: Page, card: str, language: str) -> None:
    soup = page(card + language)
    links = soup.select("a")
    assert links and all(str(each["href"]).startswith("http://127.0.0.1:8000/") for each in links)
    assert all(each["rel"] == ["noopener"] for each in links)
    assert soup.select_one("base[target=_blank]") and not soup.select("script, style, form, iframe")


def test_a_result_says_what_was_found_by_whom_and_when(page: Page, result: Publication) -> None:
    said = words(page(f"/embed/results/{result.number}"))
    for word in (
        "示例北顺达商贸有限公司",
        "公示中",
        "发现问题已责令改正",
        "示例市市场监督管理局",
        "2026-10-22",
        "截至",
    ):
        assert word in said


def test_a_corrected_one_says_so(session: Session, cast: Cast, page: Page, result: Publication) -> None:
    correct(session, cast, result, "原记录有误。", registration_authority="示例市市场监督管理局")
    assert "更正" in words(page(f"/embed/results/{result.number}"))


def test_a_withdrawn_one_is_no_hole_and_keeps_no_word(
    session: Session, cast: Cast, page: Page, result: Publication
) -> None:
    withdraw(session, cast, result, "录入错误。")
    said = words(page(f"/embed/results/{result.number}", 410))
    assert "这条公示已经撤下" in said and str(result.number) in said and "看理由" in said
    assert "北顺达" not in said


def test_one_on_hold_says_so(session: Session, cast: Cast, visitor: FlaskClient, result: Publication) -> None:
    duty.hold(session, result, by=cast.zhou, reason="写了不该公开的")
    session.commit()
    answer = visitor.get(f"/embed/results/{result.number}")
    assert answer.status_code == 451 and "暂停公示" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("result")
@pytest.mark.parametrize(
    "card", ["/embed/results/JG-2026-000099", "/embed/plans/JG-2026-000001", "/embed/entities/NOBODY"]
)
def test_what_there_is_not_is_a_card_that_says_so(visitor: FlaskClient, card: str) -> None:
    answer = visitor.get(card)
    assert answer.status_code == 404 and "没有这条公示" in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


def test_an_entity_shows_its_newest_results_and_how_many(
    session: Session, cast: Cast, page: Page, result: Publication
) -> None:
    for day in ("2026-09-01", "2026-09-02", "2026-09-03"):
        found = examples.result(
            inspected_on=day, completed_on=day, task_no=f"3399002026{day[5:7]}{day[8:]}001", publish_by=None
        )
        disclose(session, cast, "result", found)
    soup = page(f"/embed/entities/{CODE}")
    assert "4条" in words(soup) and len(soup.select("li")) == 3


def test_a_name_can_not_break_out_of_the_code_to_be_copied(session: Session, cast: Cast, page: Page) -> None:
    disclose(session, cast, "list", examples.item_list())
    name = '示例"><script>alert(1)</script>商行'
    found = disclose(session, cast, "result", examples.result(entity_name=name))
    soup = page(f"/results/{found.number}")
    assert not soup.select("iframe") and not soup.select("script:not([type], [src])")
    code = soup.select_one("pre.code")
    assert (
        code is not None
        and "&lt;script&gt;" in code.get_text()
        and f'/embed/results/{found.number}"' in code.get_text()
    )


# ── oEmbed ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path", ["/results/JG-2026-000001", f"/entities/{CODE}", "/results/JG-2026-000001?lang=en"]
)
def test_the_address_of_a_page_is_enough(visitor: FlaskClient, result: Publication, path: str) -> None:
    answer = visitor.get("/oembed", query_string={"url": f"http://127.0.0.1:8000{path}"})
    said = answer.get_json()
    assert (said["version"], said["type"], said["title"]) == ("1.0", "rich", "示例北顺达商贸有限公司")
    assert f'src="http://127.0.0.1:8000/embed{path.split("?")[0]}"' in said["html"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_card_is_no_larger_than_the_page_has_room_for(visitor: FlaskClient, result: Publication) -> None:
    asked = {"url": f"http://127.0.0.1:8000/results/{result.number}", "maxwidth": "200", "maxheight": "x"}
    said = visitor.get("/oembed", query_string=asked).get_json()
    assert (said["width"], said["height"]) == (200, 300) and 'width="200" height="300"' in said["html"]
    assert visitor.get("/oembed", query_string=asked | {"format": "xml"}).status_code == 501


def test_pages_say_where_to_ask(page: Page, visitor: FlaskClient, result: Publication) -> None:
    link = page(f"/results/{result.number}").select_one('link[type="application/json+oembed"]')
    assert link is not None
    assert visitor.get(str(link["href"]).removeprefix("http://127.0.0.1:8000")).status_code == 200


@pytest.mark.parametrize(
    "url", ["", "http://example.com/results/JG-2026-000001", "http://127.0.0.1:8000/", "javascript:alert(1)", "http://[::1", "x" * 500]
)  # fmt: skip
def test_other_addresses_are_not_answered(visitor: FlaskClient, result: Publication, url: str) -> None:
    assert visitor.get("/oembed", query_string={"url": url}).status_code == 404


def test_one_that_is_off_is_not_answered(
    session: Session, cast: Cast, visitor: FlaskClient, result: Publication
) -> None:
    withdraw(session, cast, result, "录入错误。")
    url = f"http://127.0.0.1:8000/results/{result.number}"
    assert visitor.get("/oembed", query_string={"url": url}).status_code == 404
