"""What somebody would try who wants more than one's own part: alone, out of turn, from outside the forms."""

import json
from io import BytesIO
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.publications import duty, pipeline
from portal.publications.models import Batch, Publication, Revision
from tests import examples
from tests.cast import PASSWORD, Cast
from tests.conftest import csrf_token
from tests.doors.staff_room import Room
from tests.office import carry_through, disclose, propose

MARK = {"path": "items/0/problem", "start": None, "end": None, "ground": "trade_secret", "basis": "第十五条"}


def submitted(session: Session, cast: Cast, **more: object) -> Revision:
    """A result by 何知远 that waits for review."""
    disclose(session, cast, "list", examples.item_list())
    mark = {**MARK, "by": cast.he.id, "at": "2026-11-01T00:00:00Z", "note": ""}
    revision = pipeline.draft(session, "result", examples.result(), by=cast.he, marks=[mark])
    pipeline.submit(session, revision, by=cast.he)
    session.commit()
    return revision


def published(session: Session, cast: Cast) -> Publication:
    disclose(session, cast, "list", examples.item_list())
    return disclose(session, cast, "result", examples.result())


# ── alone ────────────────────────────────────────────────────


def test_a_reviewer_who_took_a_mark_away_can_not_agree_to_it_herself(session: Session, cast: Cast) -> None:
    shown = pipeline.revise(session, submitted(session, cast), by=cast.song, marks=[])
    assert shown.state == "submitted"
    with pytest.raises(Refused, match="改动"):
        pipeline.approve(session, shown, by=cast.song)
    pipeline.approve(session, shown, by=cast.bai)


def test_a_reviewer_who_decides_on_the_whole_record_can_not_agree_to_it_herself(
    session: Session, cast: Cast
) -> None:
    revision = submitted(session, cast)
    hidden = pipeline.revise(session, revision, by=cast.song, withheld_ground="privacy", withheld_basis="条")
    with pytest.raises(Refused, match="改动"):
        pipeline.approve(session, hidden, by=cast.song)
    again = pipeline.revise(session, hidden, by=cast.bai, withheld_ground=None, withheld_basis="")
    with pytest.raises(Refused, match="改动"):
        pipeline.approve(session, again, by=cast.bai)


# ── out of turn ──────────────────────────────────────────────


def test_what_is_on_hold_comes_back_by_the_heads_restoration_alone(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    publication = published(session, cast)
    signed = propose(session, cast, publication, "correct", "笔误", follow_up_note="已办结")
    pipeline.submit(session, signed, by=cast.he)
    pipeline.approve(session, signed, by=cast.lin)
    duty.hold(session, publication, by=cast.zhou, reason="含个人电话")
    with pytest.raises(Refused, match="不在公示中"):
        pipeline.carry_out(session, signed, by=cast.he)
    session.commit()
    assert visitor.get(f"/results/{publication.number}").status_code == 451


def test_a_published_record_is_not_withheld_by_a_correction_that_takes_nothing_down(
    session: Session, cast: Cast
) -> None:
    publication = published(session, cast)
    revision = propose(session, cast, publication, "correct", "不应公示")
    with pytest.raises(Refused, match="撤下"):
        pipeline.revise(session, revision, by=cast.he, withheld_ground="privacy", withheld_basis="第十五条")


def test_what_is_on_hold_can_be_withdrawn_without_showing_it_again(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    publication = published(session, cast)
    duty.hold(session, publication, by=cast.zhou, reason="含个人电话")
    carry_through(session, cast, propose(session, cast, publication, "withdraw", "不应公示"))
    assert visitor.get(f"/results/{publication.number}").status_code == 410
    assert duty.unconfirmed(session, "scjg") == []


# ── what should have been withheld ───────────────────────────


def test_a_correction_that_withholds_words_takes_them_out_of_every_earlier_version(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    publication = published(session, cast)
    secret = examples.result()["items"][0]["problem"]
    mark = {**MARK, "by": cast.he.id, "at": "2026-11-01T00:00:00Z", "note": ""}
    revision = pipeline.draft(
        session, "result", publication.revisions[-1].content, by=cast.he, act="correct",
        publication=publication, reason="应隐去未隐去", marks=[mark],
    )  # fmt: skip
    carry_through(session, cast, revision)
    address = f"/results/{publication.number}"
    nowhere_public(visitor, address, secret)
    for act in ("withdraw", "restore"):
        carry_through(session, cast, propose(session, cast, publication, act, "核实"))
    nowhere_public(visitor, address, secret)


def nowhere_public(visitor: FlaskClient, address: str, secret: str) -> None:
    assert visitor.get(address).status_code == 200
    for page in ("", "/record.json", "/versions/", "/versions/1", "/versions/2"):
        assert secret not in visitor.get(address + page).text, page
    assert visitor.get(f"{address}/versions/1").status_code == 410


# ── from outside the forms ───────────────────────────────────

ODD = ["²", "٣", "9" * 30, "9" * 5000, "-1", "1e3", "x\x00y", "\u202e", "'", "99"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_numbers_in_a_form_are_no_accident(session: Session, cast: Cast, room: Room, odd: str) -> None:
    revision = submitted(session, cast)
    page, song, he = f"/staff/revisions/{revision.id}", room("song"), room("he")
    for act in ("approval", "return", "publication"):
        assert song.send(page, f"{page}/{act}", seen=odd, note="").status_code < 500
    answer = he.send(f"{page}/marks", f"{page}/marks", field="items/problem", row=odd, words="a", basis="b")
    assert answer.status_code < 500
    typed = {f"o-items-{odd}": "0", "o-items-0": odd}
    assert he.send(f"{page}/content", f"{page}/content", **typed).status_code < 500
    assert he.get(f"{page}/content?page={quote(odd)}").status_code < 500
    assert he.get(f"/staff/batches/?page={quote(odd)}").status_code < 500
    assert he.get(f"/staff/coverage?year={quote(odd)}").status_code < 500
    assert he.get(f"/staff/revisions/{quote(odd)}").status_code in (308, 400, 404, 414)
    assert he.get(f"/staff/publications/{quote(odd)}").status_code in (308, 400, 404, 414)


def test_a_batchs_ticked_rows_may_be_anything(session: Session, cast: Cast, room: Room) -> None:
    song = cast.song
    batch = Batch(
        kind="result",
        label="批",
        department_code="scjg",
        created_by_id=song.id,
        created_at=song.grants[0].given_at,
    )
    session.add(batch)
    session.commit()
    for odd in ODD:
        page = f"/staff/batches/{batch.id}"
        answer = room("song").send(page, f"{page}/return", row=odd, note="错")
        assert answer.status_code < 500, odd


@pytest.mark.parametrize(
    "next_",
    [
        "/staff/\r\nSet-Cookie: a=b",
        "//evil.example/staff/",
        "/staff/\x00",
        "/\\evil",
        "/staff/../../x",
        "https://evil.example/staff/",
        "/staff/\t",
        "/staff/\ud800",
    ],
)
def test_signing_in_leads_into_the_room_and_nowhere_else(
    cast: Cast, session: Session, visitor: FlaskClient, next_: str
) -> None:
    username = cast.he.username
    session.commit()
    page = visitor.get("/staff/sign-in?next=" + quote(next_, errors="surrogatepass"))
    assert page.status_code < 500
    form = {
        "username": username,
        "password": PASSWORD,
        "csrf_token": csrf_token(visitor.get("/staff/sign-in").text),
    }
    answer = visitor.post("/staff/sign-in", data=form | {"next": next_.encode("utf8", "surrogatepass")})
    assert answer.status_code in (302, 400)
    assert "evil" not in answer.headers.get("Location", "")
    assert not [v for v in answer.headers.getlist("Set-Cookie") if v.startswith("a=")]


def test_what_was_kept_over_a_sign_in_may_hold_any_letters(
    cast: Cast, session: Session, visitor: FlaskClient
) -> None:
    form = {"username": cast.he.username, "password": PASSWORD}
    session.commit()
    token = csrf_token(visitor.get("/staff/sign-in").text)
    kept = json.dumps({"a\ud800": ["\ud800", "\x00"], "b": [1]})
    answer = visitor.post(
        "/staff/sign-in", data=form | {"csrf_token": token, "kept": kept, "next": "/staff/"}
    )
    assert answer.status_code < 500


def test_a_refusals_workbook_has_a_name_whatever_the_upload_was_called(
    session: Session, cast: Cast, room: Room
) -> None:
    he = room("he")
    html = he.get("/staff/imports/").text
    head = "抽查任务编号,抽查机关,检查对象名称,统一社会信用代码,检查事项,检查日期,检查结果\n"
    for at, name in enumerate(
        ["a%0d%0ab.csv", "<script>.csv", "\u202egpj.csv", "../../etc/x.csv", "甲" * 400 + ".csv"]
    ):
        row = f"T{at},示例市市场监督管理局,=cmd|'/c calc'!A0,123,@SUM(1),2026-03-02,没有\n"
        answer = he.client.post(
            "/staff/imports/",
            data={
                "csrf_token": csrf_token(html),
                "kind": "result",
                "file": (BytesIO((head + row).encode("utf-8-sig")), name),
            },
            content_type="multipart/form-data",
        )
        assert answer.status_code == 302, (
            name,
            BeautifulSoup(answer.text, "html.parser").select_one("main").text[:300],
        )
        session.expire_all()
        page = he.get(answer.location)
        assert page.status_code == 200
        file = he.get(answer.location.split("?")[0] + "/refusals.xlsx")
        assert file.status_code == 200
        assert "\n" not in file.headers["Content-Disposition"]
