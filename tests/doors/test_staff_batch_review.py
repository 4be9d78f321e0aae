"""A batch of three hundred, decided by Friday: odd rows first, findings by kind, two people at once."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.publications import bulk, deciding, pipeline
from portal.publications.models import Batch, Revision
from portal.publications.oddities import FEWEST_TO_COMPARE
from tests import examples
from tests.batches import IDENTITIES, PHONES, batch_of, standing
from tests.cast import Cast
from tests.doors.staff_room import Room, Visit
from tests.doors.test_staff_objections import statements
from tests.office import disclose

UNUSUAL = [
    {
        "seq": "1", "item_code": "B05", "item": "获证食品经营单位监督检查", "checked": True,
        "outcomes": [examples.code("outcome", "10", "不合格")],
    }
]  # fmt: skip


def arrived(session: Session, cast: Cast, rows: int = 40, **last: object) -> Batch:
    disclose(session, cast, "list", examples.item_list())
    return batch_of(session, rows, by=cast.he, **last)


def picks(visit: Visit, page: str, kind: str) -> list[str]:
    return [str(each["value"]) for each in visit.page(page).select(f"#f-{kind} input[name=pick]")]


def upto(visit: Visit, page: str) -> str:
    return str(visit.page(page).select_one("#rows input[name=upto]")["value"])


def rows(session: Session, batch: Batch) -> list[Revision]:
    session.expire_all()
    wanted = sa.select(Revision).where(Revision.batch_id == batch.id, Revision.successor_id.is_(None))
    return list(session.scalars(wanted.order_by(Revision.id)))


def test_odd_rows_stand_first_and_the_plain_ones_in_groups(session: Session, cast: Cast, room: Room) -> None:
    batch = arrived(session, cast, 40, items=UNUSUAL)
    page = room("song").page(f"/staff/batches/{batch.id}")
    first = page.select_one("#odd + table")
    assert len(first.select("tbody tr")) == PHONES + IDENTITIES + 1
    assert "这一批40条里只有1条是“不合格”，请核对是否录错。" in first.text
    (group,) = page.select("details.plaingroup")
    assert "未发现问题" in group.summary.text and "12行" in group.summary.text
    assert FEWEST_TO_COMPARE < 40


def test_all_phone_numbers_are_decided_at_once_but_one(session: Session, cast: Cast, room: Room) -> None:
    batch = arrived(session, cast)
    page, song = f"/staff/batches/{batch.id}", room("song")
    found = picks(song, page, "phone")
    assert len(found) == PHONES
    form = {
        "choice": "hide",
        "ground": "personal_info",
        "basis": "《中华人民共和国个人信息保护法》第二十五条",
    }
    answer = song.send(page, f"{page}/findings", kind="phone", pick=found[1:], **form)
    assert f"已隐去{PHONES - 1}行。" in answer.text
    marked = [each for each in rows(session, batch) if each.marks]
    assert len(marked) == PHONES - 1
    assert {mark["by"] for each in marked for mark in each.marks} == {cast.song.id}
    assert "标注隐去的人不能同意自己的标注" in song.send(page, f"{page}/approval").text
    assert standing(session, batch) == {"approved": 13, "submitted": 27}
    assert len(picks(song, page, "phone")) == 1


def test_what_is_kept_needs_a_reason_and_what_is_hidden_a_basis(
    session: Session, cast: Cast, room: Room
) -> None:
    batch = arrived(session, cast, 30)
    page, song = f"/staff/batches/{batch.id}", room("song")
    found = picks(song, page, "id")
    for typed, said in (
        ({"choice": "keep"}, "请写明保留的理由"),
        ({"choice": "hide", "ground": "personal_info", "basis": ""}, "请写明隐去的法律依据"),
        ({}, "请选择隐去还是保留。"),
    ):
        refused = song.send(page, f"{page}/findings", kind="id", pick=found, **typed)
        assert refused.status_code == 422
        assert said in refused.text
    nothing = song.send(page, f"{page}/findings", kind="id", choice="keep", reason="mistaken")
    assert "没有勾选任何一处" in nothing.text
    kept = song.send(page, f"{page}/findings", kind="id", pick=found, choice="keep", reason="mistaken")
    assert f"已保留{IDENTITIES}行。" in kept.text
    assert sum(bool(each.dismissed) for each in rows(session, batch)) == IDENTITIES


def test_a_row_that_somebody_moved_meanwhile_is_refused_and_named(
    session: Session, cast: Cast, room: Room
) -> None:
    batch = arrived(session, cast, 30)
    page, song = f"/staff/batches/{batch.id}", room("song")
    found, seen = picks(song, page, "phone"), upto(song, page)
    first, *_, last = rows(session, batch)
    deciding.accept_sure(session, first, by=cast.bai)
    pipeline.send_back(session, last, by=cast.lin, note="请核对。")
    session.commit()
    form = {
        "choice": "hide",
        "ground": "personal_info",
        "basis": "《中华人民共和国个人信息保护法》第二十五条",
    }
    answer = song.send(page, f"{page}/findings", kind="phone", pick=found, **form).text
    assert f"已隐去{PHONES - 1}行，1行没有办成" in answer
    assert "白书言刚刚办理了这份稿件" in answer
    assert len(first.publication.revisions) == 2, "decided once, by who was first"
    agreed = song.send(page, f"{page}/approval", upto=seen).text
    assert "期间由别人办理的行" in agreed
    assert "林望舒已经办理，这一行没有再动。" in agreed
    assert standing(session, batch)["approved"] == 2, "only what nobody has touched since the page was shown"


def test_the_plain_rows_are_agreed_to_in_one_act_and_the_others_are_named(
    session: Session, cast: Cast, room: Room
) -> None:
    batch = arrived(session, cast, 40, items=UNUSUAL)
    page, song = f"/staff/batches/{batch.id}", room("song")
    answer = song.send(page, f"{page}/approval", plain="yes", upto=upto(song, page)).text
    assert "已同意公示12行。" in answer
    assert "没有一起办理、要单独看的行" in answer
    assert "只有1条是“不合格”" in answer
    assert "已定12行，共40行" in song.get(page).text


def test_what_others_changed_since_the_last_look_stands_out(session: Session, cast: Cast, room: Room) -> None:
    batch = arrived(session, cast, 40)
    page, song = f"/staff/batches/{batch.id}", room("song")
    assert "您还没有看过这一批。" in song.get(page).text
    assert song.send(page, f"{page}/look", upto=upto(song, page)).status_code == 302
    assert "之后没有别人的改动。" in song.get(page).text
    deciding.accept_sure(session, rows(session, batch)[0], by=cast.bai)
    session.commit()
    assert "之后别人改动了1行" in song.get(page).text
    changed = song.page(f"{page}?only=changed")
    assert "您上次看过以后，白书言改动过。" in changed.select_one("#rows table").text
    song.send(page, f"{page}/look", upto="1")
    assert "之后别人改动了1行" in song.get(page).text, "an older page takes nothing back"


def test_one_press_accepts_what_was_proposed_and_goes_to_the_next_row(
    session: Session, cast: Cast, room: Room
) -> None:
    batch = arrived(session, cast, 30)
    page, song = f"/staff/batches/{batch.id}", room("song")
    shown = song.page(page).select("#odd + table tbody tr")
    button = shown[0].select_one("button[data-key=a]")
    answer = song.send(page, str(button["formaction"]), all="yes")
    assert answer.location.endswith(f"#{shown[1]['id']}")
    assert [each.state for each in rows(session, batch)].count("submitted") == 30
    plain = song.page(page).select_one("details.plaingroup button[data-key=a]")
    assert song.send(page, str(plain["formaction"])).status_code == 302
    assert standing(session, batch) == {"approved": 1, "submitted": 29}


def test_the_page_asks_as_little_for_many_rows_as_for_few(
    app: Flask, session: Session, cast: Cast, room: Room
) -> None:
    few = arrived(session, cast, 30)
    many = batch_of(session, 90, by=cast.he, label="第四批")
    song, visits = room("song"), []
    for each in (few, many):
        with statements(app) as asked:
            assert song.get(f"/staff/batches/{each.id}").status_code == 200
        visits.append(len(asked))
    assert visits[1] <= visits[0] <= 40, visits


def test_every_filter_is_an_address_in_both_languages(session: Session, cast: Cast, room: Room) -> None:
    batch, song = arrived(session, cast, 30), room("song")
    for only in (
        "odd",
        "plain",
        "undecided",
        "held",
        "late",
        "changed",
        "returned",
        "third",
        "twice",
        "rare",
    ):
        assert song.get(f"/staff/batches/{batch.id}?only={only}&lang=en").status_code == 200
    assert song.get(f"/staff/batches/{batch.id}/findings").status_code == 200


def test_another_department_decides_nothing(session: Session, cast: Cast, room: Room) -> None:
    batch = arrived(session, cast, 30)
    qi = room("qi")
    assert qi.get(f"/staff/batches/{batch.id}").status_code == 404
    gu = room("gu")
    page = f"/staff/batches/{batch.id}"
    assert gu.send(page, f"{page}/findings", kind="id", choice="hide").status_code == 422
    assert bulk.CHUNK == 300
