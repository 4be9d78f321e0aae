"""Recognisers propose, a person decides: what is proposed, and what must stay."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from bench.redaction import main as bench
from portal.cli import main
from portal.redaction.masking import GROUNDS, check_marks, mask
from portal.redaction.recognising.finding import BASES, KINDS, Finding
from portal.redaction.recognising.measuring import measure
from portal.redaction.recognising.proposing import propose

SAMPLES = Path(__file__).parents[1] / "fixtures" / "redaction_samples.jsonl"
RECORDS = [json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines()]

IDENTITY = "520201190911230683"  # born 1909, its check character is right
FIRM = "9133990075TNM5LB3J"


def found(text: str, *, sure: bool | None = None) -> list[tuple[str, str]]:
    return [
        (each.kind, text[each.start : each.end])
        for each in propose(text)
        if sure is None or each.sure is sure
    ]


@pytest.mark.parametrize("record", RECORDS, ids=[each["id"] for each in RECORDS])
def test_every_sample_is_read_exactly(record: dict) -> None:
    proposed = [(each.start, each.end, each.kind) for each in propose(record["text"])]
    assert proposed == [(each["start"], each["end"], each["kind"]) for each in record["spans"]]


def test_the_bench_prints_each_kind_and_that_nothing_was_masked_wrongly() -> None:
    told = CliRunner().invoke(bench, [str(SAMPLES)])
    assert told.exit_code == 0
    assert "0 words that must stay were masked; budgets missed: none" in told.output
    assert all(f"\n{kind} " in told.output for kind in KINDS)


def test_the_bench_fails_when_an_identity_number_is_missed_and_a_code_is_masked(tmp_path: Path) -> None:
    spans = [{"start": 0, "end": 4, "label": "ID"}]
    text = f"某个号码；身份证{IDENTITY}"
    bad = tmp_path / "bad.jsonl"
    bad.write_text(json.dumps({"id": 1, "text": text, "spans": spans, "keep": [IDENTITY]}), "utf-8")
    told = CliRunner().invoke(bench, [str(bad)])
    assert told.exit_code == 1
    assert "masked though it must stay: 1" in told.output and "budgets missed: id" in told.output


def test_nothing_that_must_stay_is_touched() -> None:
    assert sum(len(each["keep"]) for each in RECORDS) > 25
    assert measure(RECORDS).touched == []


@pytest.mark.parametrize(
    "disguised",
    [
        "５２０２０１１９０９１１２３０６８３",
        "520201 19091123 0683",
        "520201-19091123-0683",
        "520201—19091123—0683",
        "5 2 0 2 0 1 1 9 0 9 1 1 2 3 0 6 8 3",
        "520201\u200b1909\u00ad1123\ufeff0683",
        "52020119091123\n0683",
        "⑤②0201190911230683",
        "520201190911230683".translate({ord(str(n)): 0x0660 + n for n in range(10)}),
        "5\u03322\u033202011909112306\u033283",
    ],
)
def test_a_disguised_identity_number_is_found_whole(disguised: str) -> None:
    assert found(f"其号码{disguised}在册", sure=True) == [("id", disguised)]


@pytest.mark.parametrize("last", ["X", "x", "Ｘ", "Х", "Χ"])
def test_every_kind_of_x_ends_an_identity_number(last: str) -> None:
    assert found(f"经办53292419031128799{last}。") == [("id", f"53292419031128799{last}")]


@pytest.mark.parametrize(
    "text",
    [
        f"7{IDENTITY}4",
        f"A{IDENTITY}B",
        "520201190911230684",
        "990201190911230683",
        "520201190913230683",
    ],
)
def test_what_only_looks_like_an_identity_number_is_never_sure(text: str) -> None:
    assert found(text, sure=True) == []


def test_a_mistyped_identity_number_beside_its_cue_is_still_somebodys() -> None:
    assert found("身份证号52020119091123068。", sure=True) == [("id", "52020119091123068")]


@pytest.mark.parametrize(
    "code", [FIRM, "91339900QD7612PLT6", FIRM.lower(), " ".join(FIRM), FIRM[:8] + "-" + FIRM[8:]]
)
def test_the_code_of_a_firm_is_no_finding(code: str) -> None:
    assert found(f"账号或者证件号{code}，电话见门头") == []


def test_a_number_that_passes_both_checks_is_a_persons_unless_it_is_called_a_code() -> None:
    assert uscc.is_valid(IDENTITY)
    assert found(IDENTITY, sure=True) == [("id", IDENTITY)]
    assert found(f"统一社会信用代码：{IDENTITY}") == []


def test_names_end_where_another_word_begins() -> None:
    assert found("负责人张和平在场，联系人何建电话不通，投诉人田甜反映属实") == [
        ("person", "张和平"),
        ("person", "何建"),
        ("person", "田甜"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "负责人应当到场",
        "检查人员查看台账",
        "当事人江南在线食品有限公司",
        "行业主管部门",
        "消费者权益保护",
        "联系人：无",
        "经营者于三月改正",
        "工作人员和从事日常监管的人员",
        "投诉人刘女士（尾号1234）",
        "联系人：张某某",
        "经营者：示例南信和饲料（示例）有限公司",
    ],
)
def test_words_after_a_role_are_not_always_a_name(text: str) -> None:
    assert found(text) == []


def test_a_name_with_a_space_in_it_is_one_name_and_two_names_are_two() -> None:
    assert found("联系人：张　三，检查人员：王明 李华") == [
        ("person", "张　三"),
        ("person", "王明"),
        ("person", "李华"),
    ]


def test_the_registration_of_a_lift_is_no_number_plate() -> None:
    assert found("使用登记证编号 梯11鲁C54012(23)") == []
    assert found("送货车辆鲁C54012") == [("plate", "鲁C54012")]


def test_who_is_registered_is_proposed_but_hinders_nothing() -> None:
    assert found("法定代表人：唐样例") == [("person", "唐样例")]
    assert found("法定代表人：唐样例", sure=True) == []


@pytest.mark.parametrize(
    "cue", ["住所", "经营场所", "登记的住所", "营业场所", "注册地址", "经营住址", "生产地址", "检查地点"]
)
def test_where_a_firm_does_business_is_no_home(cue: str) -> None:
    assert found(f"{cue}：示例省示例市测样区甲乙街9号2单元301室") == []


def test_a_risk_class_is_sure_in_every_wording() -> None:
    for words in (
        "信用风险等级为A",
        "C类风险企业",
        "高风险企业",
        "信用风险较高",
        "风险等级：D级",
        "信用风险分类结果为“B”",
    ):
        assert [kind for kind, _ in found(f"该户属{words}。", sure=True)] == ["risk"], words


def test_a_trade_secret_is_only_a_prompt() -> None:
    assert found("其配方为三比七") == [("secret", "配方为三比七")]
    assert found("其配方为三比七", sure=True) == []


def test_every_finding_can_be_made_a_mark_as_it_is() -> None:
    assert {*BASES} == {*GROUNDS}
    for kind in KINDS:
        finding = Finding(0, 2, kind, True)
        proposed = {"start": 0, "end": 2, "ground": finding.ground, "basis": finding.basis}
        assert check_marks("文字", [proposed]) == []


PIECES = st.sampled_from(
    ["联系人", "张三", "：", IDENTITY, FIRM, "154", "-", " ", "\u200b", "住址：", "省", "号", "@", "a.cn", "账号", "风险", "A级", "（", "１", "·", "\n", "微信", "配方", "鲁A", "12345", "🙂", "㎡", "ﬁ"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
@example("\ud800联系人")
@example("㎡" + IDENTITY)
def test_whatever_the_text_findings_lie_inside_it_apart_and_in_order(text: str) -> None:
    findings = propose(text)
    edges = [edge for each in findings for edge in (each.start, each.end)]
    assert edges == sorted(edges) and all(0 <= edge <= len(text) for edge in edges)
    assert all(each.start < each.end and each.kind in KINDS for each in findings)


@given(st.data())
def test_no_invisible_character_hides_an_identity_number(data: st.DataObject) -> None:
    invisible = st.text(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\ufe0f"), max_size=3)
    disguised = "".join(each + data.draw(invisible) for each in IDENTITY[:-1]) + IDENTITY[-1]
    text = f"登记号码为{disguised}。"
    assert found(text, sure=True) == [("id", disguised)]
    (finding,) = propose(text)
    assert not any(each.isdigit() for each in mask(text, [{"start": finding.start, "end": finding.end, "ground": "personal_info"}]))  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["1" * 20_000, "1 " * 20_000, "张" * 20_000, "联系人" * 7_000, "住址" * 10_000, "a@" * 10_000, "a.a" * 7_000 + "@", "账号" * 10_000, "张·" * 10_000, "信用风险等级" * 4_000, " " * 20_000, "由张三" * 7_000, "15400000001 " * 2_000],
)  # fmt: skip
def test_a_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    started = time.process_time()
    propose(text)
    assert time.process_time() - started < 3  # seconds; a catastrophe takes minutes


def test_the_command_answers_each_line_and_names_the_broken_ones() -> None:
    lines = [
        '{"id": "a", "text": "电话15400000001", "more": 1}',
        "{broken",
        '["id"]',
        "",
        '{"id": 7, "text": "无"}',
    ]
    told = CliRunner().invoke(main, ["redaction", "propose", "-"], input="\n".join(lines))
    assert told.exit_code == 1
    assert [json.loads(line) for line in told.stdout.splitlines()] == [
        {"id": "a", "spans": [{"start": 2, "end": 13, "kind": "phone", "sure": True}]},
        {"id": 7, "spans": []},
    ]
    assert told.stderr.startswith("第2行不是JSON") and "第3行没有id或者text" in told.stderr
    assert "共2行无法读取" in told.stderr
