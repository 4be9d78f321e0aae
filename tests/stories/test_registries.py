"""何知远 keeps the registries of his department: files in, history kept, nothing ever deleted."""

import csv
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Base
from portal.errors import Overtaken, Refused
from portal.intake.importing import run
from portal.intake.models import Import
from portal.intake.refusals import refusals_of
from portal.intake.report import Options, Report
from portal.registries import keeping, queries
from portal.registries.models import InspectedObject, Inspector
from tests.cast import Cast
from tests.sheets import code

OBJECT_HEAD = (
    "企业名称",
    "注册号/统一社会信用代码",
    "登记机关",
    "登记状态",
    "标签",
    "风险等级",
    "对象类型",
    "联系电话",
)
INSPECTOR_HEAD = ("姓名", "身份证号", "资质", "检查事项", "是否在岗")
CARDS = ("110101190001011009", "11010119000101105X")  # born in 1900: nobody's
SECRET = "a secret of the tests"


def firm(at: int, **other: str) -> dict[str, str]:
    plain = (
        f"示例{at}食品有限公司",
        code(at),
        "示例市市场监督管理局",
        "存续",
        "食品经营",
        "B",
        "",
        "154000000",
    )
    return dict(zip(OBJECT_HEAD, plain, strict=True)) | other


def file(path: Path, head: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, head)
        writer.writeheader()
        writer.writerows(rows)
    return path


def take_in(session: Session, cast: Cast, path: Path, rows: list[dict[str, str]], **more: Any) -> Report:
    """何知远 imports a file of objects, or of inspectors when the rows are theirs."""
    head = OBJECT_HEAD if set(rows[0]) == set(OBJECT_HEAD) else INSPECTOR_HEAD
    kind = "object" if head == OBJECT_HEAD else "inspector"
    return run(session, file(path, head, rows), Options(kind=kind, by=cast.he, secret=SECRET, **more))


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.accepted, report.changed, report.unchanged, report.refused, report.gone


def the_object(session: Session, key: str) -> InspectedObject:
    return session.scalars(sa.select(InspectedObject).where(InspectedObject.code == key)).one()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "objects.csv"


def test_a_file_twice_and_a_changed_one(session: Session, cast: Cast, path: Path) -> None:
    assert counts(take_in(session, cast, path, [firm(1), firm(2)])) == (2, 0, 0, 0, 0)
    before = clock.now()
    assert counts(take_in(session, cast, path, [firm(1), firm(2)])) == (0, 0, 2, 0, 0)
    report = take_in(
        session, cast, path, [firm(1, 登记状态="注销", 标签="食品经营、特种设备"), firm(2), firm(3)]
    )
    assert counts(report) == (1, 1, 1, 0, 0)
    one = the_object(session, code(1))
    assert (one.state, one.tag_names, one.kind) == ("deregistered", ["特种设备", "食品经营"], "company")
    assert [(each.version, each.values["state"], each.source) for each in one.versions] == [
        (1, "live", "objects.csv#2"), (2, "deregistered", "objects.csv#2"),
    ]  # fmt: skip
    assert one.versions[0].by.name == "何知远"
    # a draw can name the state of the pool at a moment
    assert [each.code for each in queries.pool(session)] == [code(2), code(3)]
    assert [each.code for each in queries.pool(session, on=before)] == [code(1), code(2)]
    assert queries.pool(session, tags=["特种设备"], states=["deregistered"])[0].name == "示例1食品有限公司"


def test_each_faulty_row_comes_back_with_its_reason(session: Session, cast: Cast, path: Path) -> None:
    wrong = code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")
    stolen = firm(7) | {"注册号/统一社会信用代码": CARDS[0]}
    rows = [
        firm(1, **{"注册号/统一社会信用代码": wrong}), firm(2), firm(2), firm(3, 登记状态="天晓得"),
        firm(4, **{"注册号/统一社会信用代码": ""}), firm(5, 企业名称=""), stolen,
    ]  # fmt: skip
    report = take_in(session, cast, path, rows)
    assert counts(report) == (1, 0, 0, 6, 0)
    said = [str(each.sentence) for each in refusals_of(session, report.import_id or 0)]
    for words in (
        "校验位不符",
        "前面的行里已经有",
        "没有“天晓得”",
        "没有统一社会信用代码",
        "没有填写",
        "身份证号码",
    ):
        assert any(words in each for each in said), words
    kept = [str(each.cells) + each.value for each in refusals_of(session, report.import_id or 0)]
    assert not any(CARDS[0] in each for each in kept)


def test_what_has_no_code_gets_a_number_of_its_own_and_keeps_it(
    session: Session, cast: Cast, path: Path
) -> None:
    bridge = firm(1, 企业名称="示例桥改造项目", 对象类型="项目") | {"注册号/统一社会信用代码": ""}
    assert counts(take_in(session, cast, path, [bridge, firm(2)])) == (2, 0, 0, 0, 0)
    (number,) = [each.code for each in queries.pool(session, kinds=["project"])]
    assert number == f"DX-{clock.today().year}-000001"
    assert counts(take_in(session, cast, path, [bridge | {"标签": "道路"}])) == (0, 1, 0, 0, 0)
    assert the_object(session, number).version == 2


def test_a_complete_file_marks_what_it_does_not_hold_and_deletes_nothing(
    session: Session, cast: Cast, path: Path
) -> None:
    take_in(session, cast, path, [firm(1), firm(2), firm(3)])
    tried = take_in(session, cast, path, [firm(1)], complete=True, dry_run=True)
    assert counts(tried) == (0, 0, 1, 0, 2)
    assert len(queries.pool(session)) == 3
    faulty = take_in(session, cast, path, [firm(1), firm(4, 登记状态="天晓得")], complete=True)
    assert (faulty.gone, len(queries.pool(session))) == (0, 3)
    assert any("没有标记" in each for each in faulty.warnings)
    assert counts(take_in(session, cast, path, [firm(1)], complete=True)) == (0, 0, 1, 0, 2)
    assert [each.code for each in queries.pool(session)] == [code(1)]
    assert the_object(session, code(2)).versions[-1].gone
    # and it may come back
    assert counts(take_in(session, cast, path, [firm(2)])) == (0, 1, 0, 0, 0)
    assert [each.code for each in queries.pool(session)] == [code(1), code(2)]


def test_another_departments_line_is_left_alone(session: Session, cast: Cast, path: Path) -> None:
    take_in(session, cast, path, [firm(1)])
    theirs = Options(kind="object", by=cast.fang, secret=SECRET)
    report = run(session, file(path, OBJECT_HEAD, [firm(1, 登记状态="吊销"), firm(2)]), theirs)
    assert counts(report) == (1, 0, 0, 1, 0)
    assert "由其他部门维护" in report.refusals[0].sentence
    with pytest.raises(Refused):
        run(session, path, Options(kind="object", by=cast.song, secret=SECRET))


def test_of_two_who_change_one_line_the_second_is_told(session: Session, cast: Cast, path: Path) -> None:
    take_in(session, cast, path, [firm(1)])
    one = the_object(session, code(1))
    assert keeping.change(session, keeping.OBJECTS, one, {"state": "revoked"}, by=cast.he, seen=1)
    assert not keeping.change(session, keeping.OBJECTS, one, {"state": "revoked"}, by=cast.he, seen=2)
    with pytest.raises(Overtaken):
        keeping.change(session, keeping.OBJECTS, one, {"state": "live"}, by=cast.he, seen=1)
    assert [each.source for each in one.versions] == ["objects.csv#2", ""]
    with pytest.raises(Refused):
        keeping.change(session, keeping.OBJECTS, one, {"state": "live"}, by=cast.fang, seen=2)


def test_inspectors_are_known_again_by_a_number_that_is_kept_nowhere(
    session: Session, cast: Cast, path: Path
) -> None:
    he = dict(zip(INSPECTOR_HEAD, ("何知远", CARDS[0], "特种设备安全监察员", "B01、B02", "是"), strict=True))
    gu = dict(zip(INSPECTOR_HEAD, ("顾南星", CARDS[1].lower(), "", "", "是"), strict=True))
    faulty = dict(zip(INSPECTOR_HEAD, ("陆行舟", CARDS[0][:-1] + "0", "", "", "也许"), strict=True))
    assert counts(take_in(session, cast, path, [he, gu, faulty])) == (2, 0, 0, 1, 0)
    assert counts(take_in(session, cast, path, [he | {"是否在岗": "否"}, gu])) == (0, 1, 1, 0, 0)
    assert [each.name for each in queries.inspectors(session, department="scjg")] == ["顾南星"]
    kept = session.scalars(sa.select(Inspector).where(Inspector.name == "何知远")).one()
    assert kept.item_names == ["B01", "B02"] and kept.versions[0].values["active"] is True
    everything = "".join(
        str(tuple(row))
        for table in Base.metadata.tables.values()
        for row in session.execute(sa.select(table))
    )
    assert not any(number[6:17] in everything for number in (*CARDS, faulty["身份证号"]))
    assert session.scalar(sa.select(sa.func.count()).select_from(Import)) == 2
