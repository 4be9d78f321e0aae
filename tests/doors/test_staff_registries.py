"""The registries from inside: looked up, changed by hand, filled from a file, and out of reach for others."""

import io
from typing import Any

from sqlalchemy.orm import Session

from portal.publications import pipeline
from portal.publications.models import Revision
from portal.registries.keeping import INSPECTORS, OBJECTS, Line, take
from portal.registries.models import InspectedObject, joined
from tests import examples
from tests.cast import Cast
from tests.doors.staff_room import Room, Visit, form_of
from tests.office import disclose
from tests.sheets import code

OBJECTS_PAGE = "/staff/registries/objects/"


def keep(session: Session, cast: Cast, at: int, **more: Any) -> InspectedObject:
    told = {
        "name": f"示例{at}食品有限公司",
        "department_code": "scjg",
        "kind": "company",
        "risk_class": "丙类",
    } | more
    take(session, OBJECTS, [Line(code(at), told, source="名录.csv#2")], by=cast.he)
    session.commit()
    return session.query(InspectedObject).filter_by(code=code(at)).one()


def upload(visit: Visit, address: str, text: str, **form: str) -> Any:
    token = form_of(visit.page(address).select_one("form[enctype]"))
    given = {**token, **form, "file": (io.BytesIO(text.encode("utf-8-sig")), "名单.csv")}
    answer = visit.client.post(address, data=given, content_type="multipart/form-data", follow_redirects=True)
    visit.session.expire_all()
    return answer


def test_an_object_is_found_by_name_code_and_tag(session: Session, cast: Cast, room: Room) -> None:
    keep(session, cast, 1, tags=joined(["特种设备"]))
    keep(session, cast, 2, state="deregistered")
    he = room("he")
    for query, shown, hidden in (
        ("q=示例1", "示例1食品", "示例2食品"), (f"q={code(2)}", "示例2食品", "示例1食品"),
        ("tag=特种设备", "示例1食品", "示例2食品"), ("state=deregistered", "示例2食品", "示例1食品"),
    ):  # fmt: skip
        page = he.get(f"{OBJECTS_PAGE}?{query}").text
        assert shown in page and hidden not in page, query
    assert "没有这样的检查对象" in he.get(f"{OBJECTS_PAGE}?q=不存在").text
    assert he.get(f"{OBJECTS_PAGE}?page=99999999").status_code == 200


def test_an_object_shows_its_past_and_how_often_it_was_drawn(
    session: Session, cast: Cast, room: Room
) -> None:
    drawn = {"entity_name": "示例1食品有限公司", "entity_code": code(1)}
    task = disclose(session, cast, "task", examples.task(drawn=[drawn], sample_size=1))
    one = keep(session, cast, 1)
    he = room("he")
    address = f"{OBJECTS_PAGE}{one.id}"
    assert "2026年被抽中1次" in he.get(address).text and str(task.number) in he.get(address).text
    answer = he.fill_in_panel(
        address, {"state": "revoked", "tags": "食品经营、特种设备", "risk_class": "乙类"}
    )
    assert answer.status_code == 302
    page = he.get(address).text
    assert "<del>丙类</del>" in page and "<ins>特种设备、食品经营</ins>" in page and "手工改动" in page
    assert he.fill_in_panel(address, {"region": "火星"}).status_code == 422


def test_the_risk_class_is_for_those_who_may_see_it(session: Session, cast: Cast, room: Room) -> None:
    one = keep(session, cast, 1)
    assert "丙类" in room("he").get(f"{OBJECTS_PAGE}{one.id}").text
    for name in ("shen", "qiao"):
        page = room(name).get(f"{OBJECTS_PAGE}{one.id}")
        assert page.status_code == 200 and "丙类" not in page.text and "风险" not in page.text


def test_another_department_and_administrators_see_nothing(session: Session, cast: Cast, room: Room) -> None:
    one = keep(session, cast, 1)
    assert room("fang").get(f"{OBJECTS_PAGE}{one.id}").status_code == 404
    assert "示例1食品" not in room("fang").get(OBJECTS_PAGE).text
    assert room("jiang").get(OBJECTS_PAGE).status_code == 403
    assert "示例1食品" in room("gu").get(OBJECTS_PAGE).text  # the coordinator sees every department
    assert "您不能改动这一条" in room("song").get(f"{OBJECTS_PAGE}{one.id}").text


def test_inspectors_with_qualification_and_scope(session: Session, cast: Cast, room: Room) -> None:
    told = {
        "name": "检查员甲01",
        "department_code": "scjg",
        "qualifications": joined(["食品检查员"]),
        "items": joined(["B03"]),
    }
    take(session, INSPECTORS, [Line("k" * 64, told)], by=cast.he)
    session.commit()
    he = room("he")
    page = he.get("/staff/registries/inspectors/").text
    assert "食品检查员" in page and "B03" in page and "k" * 64 not in page
    assert he.fill_in_panel("/staff/registries/inspectors/1", {"items": ""}).status_code == 302
    assert "不限" in he.get("/staff/registries/inspectors/1").text


def test_a_registry_comes_in_by_the_import_page_after_a_trial(
    session: Session, cast: Cast, room: Room
) -> None:
    he = room("he")
    text = f"企业名称,统一社会信用代码\n示例1食品有限公司,{code(1)}\n示例2食品有限公司,91339900000000000X\n"
    tried = upload(he, "/staff/imports/", text, kind="object", dry_run="yes")
    assert "可新增1条" in tried.text and "校验位不符" in tried.text
    assert session.query(InspectedObject).count() == 0
    done = upload(he, "/staff/imports/", text, kind="object", complete="yes")
    assert "写入名录库" in done.text and "校验位不符" in done.text
    assert session.query(InspectedObject).one().code == code(1)
    assert "新增1，更新0，退回1行" in he.get("/staff/imports/").text


def test_the_platforms_draw_is_taken_over_from_its_file(session: Session, cast: Cast, room: Room) -> None:
    draft = pipeline.draft(session, "task", examples.task(drawn=None, sample_size=None), by=cast.he)
    session.commit()
    he, address = room("he"), f"/staff/revisions/{draft.id}/draw"
    assert "接收平台抽取" in he.get(f"/staff/revisions/{draft.id}").text
    head = "检查对象名称,统一社会信用代码,检查人员,组长"
    faulty = f"{head}\n示例1食品有限公司,91339900000000000X,甲、乙,甲\n"
    answer = upload(he, address, faulty)
    assert answer.status_code == 422 and "名单没有导入" in answer.text
    rows = f"{head}\n示例1食品有限公司,{code(1)},甲、乙,甲\n示例2食品有限公司,{code(2)},乙,乙\n"
    answer = upload(he, address, rows, sample_size="3", platform_draw_no="CQ1", draw_attempts="1")
    assert "名单有2户" in answer.text and "第2行的检查人员不足2人" in answer.text
    newest = session.query(Revision).order_by(Revision.id.desc()).first()
    assert newest is not None and newest.content["platform_draw_no"] == "CQ1"
    assert [row["leader"] for row in newest.content["drawn"]] == ["甲", "乙"]
    assert room("fang").get(address).status_code == 404
    assert room("song").get(f"/staff/revisions/{newest.id}/draw").text.count("disabled") == 1
