"""The code book: an office's words find their code, and an older vocabulary keeps its own."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.book import CodeBook
from portal.codes.models import CodeValue, Department, Region
from portal.codes.seed import load_codes, load_departments

DEPARTMENTS = [
    {
        "code": "scjg",
        "label": "示例市市场监督管理局",
        "short": "市市场监管局",
        "label_en": "Market Regulation",
    },
    {"code": "swj", "label": "示例市商务局", "short": "市商务局", "label_en": "Commerce Bureau"},
]


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    for model in (CodeValue, Region, Department):
        model.__table__.create(engine)
    with Session(engine) as session:
        load_codes(session)
        load_departments(session, DEPARTMENTS)
        yield session


@pytest.fixture(scope="module")
def book(session: Session) -> CodeBook:
    return CodeBook.load(session)


def test_loading_twice_changes_nothing(session: Session) -> None:
    before = session.scalar(sa.select(sa.func.count()).select_from(CodeValue))
    load_codes(session)
    assert session.scalar(sa.select(sa.func.count()).select_from(CodeValue)) == before


def test_the_ten_outcomes_of_rule_d12_stand_first_and_in_order(book: CodeBook) -> None:
    labels = [each.label for each in book.options("outcome")]
    assert labels[:10] == [
        "未发现问题",
        "未按规定公示应当公示的信息",
        "公示信息隐瞒真实情况弄虚作假",
        "通过登记的住所（经营场所）无法联系",
        "发现问题已责令改正",
        "不配合检查情节严重",
        "未发现开展本次抽查涉及的经营活动",
        "发现问题待后续处理",
        "合格",
        "不合格",
    ]
    assert labels[10:] == ["已关闭停业或正在组织清算", "注销", "被吊销", "被撤销", "迁出"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("未发现问题", "1"),
        ("通过登记的住所(经营场所)无法联系", "4"),
        (" 通过登记的住所〔经营场所〕　无法联系 ", "4"),
        ("4", "4"),
        ("无法联系", "4"),
        ("公示信息隐瞒真实情况、弄虚作假", "3"),
        ("不予配合情节严重", "6"),
    ],
)
def test_width_space_and_brackets_do_not_count(book: CodeBook, written: str, code: str) -> None:
    value = book.value("outcome", written)
    assert value is not None and (value["code"], value["table"]) == (code, "outcome@2022")


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("未按规定公示年度报告", "未按规定公示年度报告"),
        ("未按规定公示年报", "未按规定公示年度报告"),
        ("未按规定公示其他应当公示的信息", "未按规定公示其他应当公示的信息"),
        ("未按规定公示即时信息", "未按规定公示其他应当公示的信息"),
    ],
)
def test_an_older_vocabulary_keeps_its_own_codes(book: CodeBook, written: str, label: str) -> None:
    value = book.value("outcome", written)
    assert value is not None and (value["table"], value["label"]) == ("outcome@2017", label)


def test_codes_of_two_versions_are_never_the_same(book: CodeBook) -> None:
    codes = [each.code for each in book.values if each.table == "outcome"]
    assert len(codes) == len(set(codes))


def test_a_day_in_the_past_prefers_the_version_of_that_day(book: CodeBook) -> None:
    value = book.value("outcome", "未发现问题", on=date(2019, 5, 1))
    assert value == {"code": "2017-1", "table": "outcome@2017", "label": "未发现问题"}


def test_an_unknown_word_has_no_value(book: CodeBook) -> None:
    assert book.value("outcome", "查了一半") is None


def test_every_value_has_english_words(book: CodeBook) -> None:
    assert [each.label for each in book.values if not each.label_en] == []
    assert book.english("outcome@2022", "1") == "No problem found"


def test_every_outcome_has_a_shape(book: CodeBook) -> None:
    shapes = {each.shape for each in book.values if each.table == "outcome"}
    assert shapes == {"none", "fixed", "found", "absent", "other"}
    assert book.shape("outcome", "5") == "fixed"


def test_a_department_is_found_by_full_name_short_name_code_and_english(book: CodeBook) -> None:
    scjg = {"code": "scjg", "label": "示例市市场监督管理局"}
    for words in ("示例市市场监督管理局", "市市场监管局", "scjg", "Market regulation"):
        assert book.department(words) == scjg
    assert book.department("卫生局") is None


def test_a_division_whose_name_is_not_unique_needs_its_code(book: CodeBook) -> None:
    assert book.value("region", "鼓楼区") is None
    assert book.value("region", "高青县") == {"code": "370322", "table": "region@2023", "label": "高青县"}
    assert book.english("region", "370000") == "Shandong"
