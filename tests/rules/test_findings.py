"""What recognisers propose for a record, and how a decision about it stands when the record is edited."""

from typing import Any

from portal.publications.findings import Found, count_undecided, findings, open_findings, place_of, words_of
from portal.publications.kinds import KINDS
from portal.publications.remarking import carry_dismissed
from portal.redaction.recognising.finding import Finding
from tests import examples

IDENTITY = "520201190911230683"  # born 1909
PROBLEM = f"负责保管的人员身份证号{IDENTITY}，联系人唐样例。"


def with_problem(words: str, **more: Any) -> dict[str, Any]:
    content = examples.result(**more)
    return content | {"items": [content["items"][0] | {"problem": words}, *content["items"][1:]]}


def found(content: dict[str, Any], kind: str = "result") -> list[tuple[str, str, str]]:
    return [(each.path, each.kind, words_of(content, each)) for each in findings(kind, content)]


def mark(path: str, start: int | None, end: int | None) -> dict[str, Any]:
    return {"path": path, "start": start, "end": end, "ground": "personal_info", "basis": "第二十五条"}


def dismissal(each: Found) -> dict[str, Any]:
    return {
        "path": each.path,
        "start": each.start,
        "end": each.end,
        "kind": each.kind,
        "reason": "公开",
        "by": 1,
    }


def test_the_examples_of_every_kind_hold_nothing_to_decide() -> None:
    for kind in KINDS:
        content = {"list": examples.item_list, "plan": examples.plan, "task": examples.task, "result": examples.result}[kind]()  # fmt: skip
        assert count_undecided(kind, content, (), ()) == 0


def test_text_of_a_row_is_looked_at() -> None:
    assert found(with_problem(PROBLEM)) == [
        ("items/0/problem", "id", IDENTITY),
        ("items/0/problem", "person", "唐样例"),
    ]


def test_codes_numbers_and_the_name_of_a_firm_are_not_looked_at() -> None:
    hidden = dict.fromkeys(("entity_code", "source_number", "task_no", "plan_no"), IDENTITY)
    assert found(examples.result(**hidden, entity_name="示例唐样例商店")) == []


def test_a_number_of_a_person_behind_the_name_of_a_firm_is_found() -> None:
    there = examples.result(entity_name=f"示例小店（{IDENTITY}）")
    assert found(there)[0] == ("entity_name", "id", IDENTITY)
    assert count_undecided("result", there, (), ()) == 1
    drawn = examples.task()
    drawn["drawn"] = [drawn["drawn"][0] | {"entity_name": f"示例小店{IDENTITY}"}]
    assert found(drawn, "task") == [("drawn/0/entity_name", "id", IDENTITY)]
    assert found(drawn | {"names_shown": False}, "task") == []


def test_internal_fields_are_not_looked_at_because_nothing_shows_them() -> None:
    assert found(examples.result(phone="15400000001", internal_note=PROBLEM)) == []


def test_a_risk_class_is_proposed_in_a_task_and_a_ratio_per_class_in_a_plan_is_not() -> None:
    words = "信用风险等级为C级的企业"
    assert found(examples.task(conditions=words), "task") == [("conditions", "risk", "信用风险等级为C级")]
    assert found(examples.plan(adjustment_note=words), "plan") == []


def test_a_drawn_list_that_is_not_shown_is_not_looked_at() -> None:
    drawn = [{"entity_name": "示例", "inspecting_unit": "示例所，联系人唐样例"}]
    assert len(found(examples.task(drawn=drawn), "task")) == 1
    assert found(examples.task(drawn=drawn, names_shown=False), "task") == []


def test_a_list_of_texts_is_proposed_as_a_whole() -> None:
    items = [{"item": "示例", "required_materials": ["营业执照", "店长唐样例的健康证"]}]
    (each,) = findings("list", examples.item_list(items=items))
    assert (each.path, each.start, each.end, each.kind) == (
        "items/0/required_materials",
        None,
        None,
        "person",
    )


def test_a_finding_is_decided_when_marks_cover_it_whole() -> None:
    content = with_problem(PROBLEM)
    (identity, name) = findings("result", content)
    path, middle = identity.path, identity.start + 9
    half, rest = mark(path, identity.start, middle), mark(path, middle, identity.end)
    assert identity in open_findings("result", content, [half], ())
    assert open_findings("result", content, [half, rest], ()) == [name]
    assert open_findings("result", content, [mark(path, None, None)], ()) == []
    assert open_findings("result", content, [mark("items", None, None)], ()) == []


def test_a_finding_that_was_kept_is_decided_and_no_other() -> None:
    content = with_problem(PROBLEM)
    (identity, name) = findings("result", content)
    assert open_findings("result", content, (), [dismissal(name)]) == [identity]
    other = dismissal(name) | {"kind": "address"}
    assert name in open_findings("result", content, (), [other])


def test_what_was_kept_follows_its_words_and_is_open_again_when_they_change() -> None:
    before = with_problem(PROBLEM)
    kept = [dismissal(each) for each in findings("result", before)]
    longer = with_problem("另查明：" + PROBLEM)
    moved = {"items": {0: 1, 1: 0}}
    swapped = longer | {"items": longer["items"][::-1]}
    carried = carry_dismissed(before, swapped, kept, moved)
    assert {each["path"] for each in carried} == {"items/1/problem"}
    assert open_findings("result", swapped, (), carried) == []
    changed = with_problem(PROBLEM.replace("唐样例", "唐例样"))
    carried = carry_dismissed(before, changed, kept, {"items": {0: 0, 1: 1}})
    assert [each.kind for each in open_findings("result", changed, (), carried)] == ["person"]
    assert carry_dismissed(before, before | {"items": []}, kept, {"items": {}}) == []


def test_the_sentence_names_the_place_as_the_form_does() -> None:
    assert place_of("result", "items/0/problem") == "检查事项及结果第1行发现的问题"
    assert place_of("task", "conditions") == "抽取条件"


def test_nothing_of_the_words_is_in_what_names_a_finding() -> None:
    each = Found("items/0/problem", 3, 21, Finding(3, 21, "id", True))
    assert each.key == "items/0/problem:3:21:id"
