"""Drawn, disclosed, missing: the sums add up whatever the numbers are, and nothing points at one object."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.statistics import gaps
from portal.statistics.announced import Announced, Planned, announced, names_in, planned_number
from portal.statistics.planning import PlanProgress, left_out, outside, plan_items
from portal.statistics.reconciling import (
    FEWEST,
    FollowUp,
    Found,
    TaskProgress,
    Unseen,
    followed_up,
    how_found,
    parts_of,
)
from portal.words import Label
from tests import examples

OFFICES = {
    "scjg": Label("示例市市场监督管理局", "Market bureau"),
    "yjgl": Label("示例市应急管理局", "Emergency bureau"),
}
BOTH = [examples.MARKET, examples.EMERGENCY]
JOINT = {"scope": examples.code("scope", "joint", "跨部门"), "implementing_departments": BOTH}

counts = st.integers(0, 400)
found_rows = st.lists(
    st.builds(
        Found,
        st.sampled_from(["", "scjg", "yjgl", "wjw"]),
        st.sampled_from(["|1|", "|4|", "|12|", "|15|", "|1|5|", "|99|", ""]),
        st.booleans(),
        counts,
    ),
    max_size=12,
)
unseen_numbers = st.builds(Unseen, st.none() | counts, st.none() | counts, counts)


def task(**changes: object) -> Announced:
    return announced("RW-2026-0001", "scjg", examples.task(ends_on="2026-10-30", **changes))


def progress(
    announcement: Announced, *found: Found, over: bool | None = True, **unseen: Unseen
) -> TaskProgress:
    told = {part.replace("all", ""): each for part, each in unseen.items()}
    due = date(2026, 11, 27) if announcement.ends_on else None
    return TaskProgress(announcement, parts_of(announcement, found, told, over), due)


def named(progress: TaskProgress, planned: frozenset[str] | None = None) -> list[str]:
    return [gap.name for gap in gaps.of_task(progress, OFFICES, planned)]


@given(
    drawn=st.none() | counts,
    joint=st.booleans(),
    found=found_rows,
    unseen=unseen_numbers,
    over=st.none() | st.booleans(),
)
def test_the_numbers_of_every_part_add_up(
    drawn: int | None, joint: bool, found: list[Found], unseen: Unseen, over: bool | None
) -> None:
    changes = {"sample_size": drawn, "drawn": None} | (JOINT if joint else {})
    announcement = task(**changes)
    parts = parts_of(announcement, found, dict.fromkeys(announcement.parts, unseen), over)
    assert sum(part.disclosed + part.beside for part in parts) == sum(each.count for each in found)
    for part in parts:
        owed = part.disclosed if part.drawn is None else part.drawn
        assert owed + part.surplus == part.disclosed + part.expired + part.within + part.undated + part.past
        assert part.disclosed == part.inspected + part.not_reached + part.closed + part.moved
        assert 0 <= part.overdue_at_least <= part.overdue_at_most <= part.past
        assert all(getattr(part, name) >= 0 for name in ("expired", "within", "undated", "past", "surplus"))
        assert not (part.surplus and part.missing)


@given(drawn=counts, disclosed=counts, apart=st.none() | counts, most=counts)
def test_what_is_told_of_unread_results_never_points_at_few(
    drawn: int, disclosed: int, apart: int | None, most: int
) -> None:
    [part] = parts_of(
        task(sample_size=drawn, drawn=None),
        [Found("", "|1|", True, disclosed)],
        {"": Unseen(apart, most)},
        True,
    )
    if part.apart is not None:
        assert part.apart >= FEWEST and part.past - part.apart >= FEWEST
        assert part.overdue_at_least == part.overdue_at_most == part.past - part.apart
    else:
        assert part.overdue_at_most == part.past and part.overdue_at_least == max(part.past - most, 0)


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "none", "daily"]), st.none() | st.booleans(), st.booleans(), counts)
    )
)
def test_every_problem_stands_somewhere_in_the_follow_up(
    rows: list[tuple[str, bool | None, bool, int]],
) -> None:
    total = sum((followed_up(*row) for row in rows), FollowUp())
    assert total.problems == sum(row[3] for row in rows)


def test_not_reached_or_struck_off_counts_as_inspected_and_a_mixed_sheet_was_inspected() -> None:
    assert [how_found(each) for each in ("|4|", "|2017-5|", "|11|", "|13|", "|14|", "|15|")] == [
        "not_reached", "not_reached", "closed", "closed", "closed", "moved",
    ]  # fmt: skip
    assert {how_found(each) for each in ("|7|", "|6|", "|4|1|", "|1|4|", "")} == {"inspected"}


def test_in_a_joint_inspection_each_department_owes_a_sheet_of_each_object() -> None:
    joint = progress(task(**JOINT), Found("scjg", "|1|", True, 2), Found("wjw", "|1|", True, 1))
    assert [(part.office, part.drawn, part.disclosed, part.past) for part in joint.parts] == [
        ("scjg", 2, 2, 0), ("yjgl", 2, 0, 2), ("wjw", 0, 1, 0),
    ]  # fmt: skip
    assert joint.total("drawn") == 4 and named(joint) == ["no_results", "not_implementing", "no_plan"]


def test_departments_that_shared_the_objects_out_owe_one_sheet_together() -> None:
    shared = progress(task(implementing_departments=BOTH), Found("", "|1|", True, 2))
    assert [(part.office, part.drawn, part.past) for part in shared.parts] == [("", 2, 0)]


@pytest.mark.parametrize(
    ("changes", "found", "expected"),
    [
        ({"source_number": ""}, 2, ["no_number"]),
        ({"sample_size": None, "drawn": None}, 2, ["no_sample"]),
        ({"sample_size": 3}, 3, ["list_differs"]),
        ({"ends_on": None}, 2, ["no_end"]),
        ({"drawn": [examples.task()["drawn"][0]] * 2}, 2, ["repeated"]),
        ({"plan_no": None, "plan_name": "2026年计划"}, 2, ["no_plan_number"]),
        ({}, 3, ["surplus"]),
        ({}, 1, ["past"]),
        ({}, 0, ["no_results"]),
        ({}, 2, []),
    ],
)
def test_each_gap_is_named(changes: dict[str, object], found: int, expected: list[str]) -> None:
    announcement = announced(
        "RW-2026-0001", "scjg", examples.task(ends_on="2026-10-30", plan_no="P1") | changes
    )
    over = True if announcement.ends_on else None
    known = frozenset({"B05"})
    assert named(progress(announcement, Found("", "|1|", True, found), over=over), known) == expected


def test_a_result_off_the_list_is_named_and_fills_no_gap() -> None:
    one = progress(task(plan_no="P1"), Found("", "|1|", True, 1), Found("", "|1|", False, 1))
    assert (one.parts[0].disclosed, one.parts[0].beside, one.parts[0].past) == (1, 1, 1)
    assert named(one, frozenset({"B05"})) == ["not_on_list", "past"]


def test_overdue_is_said_only_where_nothing_can_be_withheld() -> None:
    one = [Found("", "|1|", True, 1)]
    sure = progress(task(), *one, all=Unseen(most_apart=0))
    perhaps = progress(task(), *one, all=Unseen(most_apart=3))
    assert named(sure) == ["overdue", "no_plan"] and named(perhaps) == ["past", "no_plan"]
    assert [str(gap.sentence) for gap in gaps.of_task(sure, OFFICES, None)][0] == (
        "示例市市场监督管理局有1户的结果逾期未公示。"
    )


def test_a_term_that_runs_or_results_whose_time_has_ended_are_no_gap() -> None:
    running = progress(task(plan_no="P1"), over=False)
    ended = progress(task(plan_no="P1"), all=Unseen(expired=2))
    assert running.parts[0].within == 2 and ended.parts[0].expired == 2
    assert named(running, frozenset({"B05"})) == named(ended, frozenset({"B05"})) == []


def test_a_task_beside_its_plan() -> None:
    adhoc = {"task_source": examples.code("task_source", "adhoc", "临时任务")}
    full = Found("", "|1|", True, 2)
    assert named(progress(task(**adhoc), full)) == []
    assert named(progress(task(**adhoc, plan_no="P1"), full)) == ["ad_hoc_with_plan"]
    assert named(progress(task(), full)) == ["no_plan"]
    assert named(progress(task(plan_no="P1"), full)) == ["unknown_plan"]
    assert named(progress(task(plan_no="P1"), full), frozenset({"A01"})) == ["not_planned"]


def test_what_is_withheld_in_an_announcement_is_not_known() -> None:
    marker = "〔依法隐去：国家秘密〕"
    hidden = task(
        sample_size=marker, drawn=None, plan_no=marker, implementing_departments=marker, source_number=marker
    )
    assert (hidden.drawn, hidden.listed, hidden.plan_no, hidden.source_number) == (None, None, "", "")
    assert hidden.offices == ("scjg",)
    rows = examples.task()["drawn"]
    covered = task(drawn=[rows[0], rows[1] | {"entity_code": marker}])
    assert covered.listed == 2 and not covered.whole and task().whole


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("60—70家", Planned(60, 70)),
        ("100-110户", Planned(100, 110)),
        ("130", Planned(130, 130)),
        ("170户（其中学校周边40户）", Planned(170, 170)),
        ("50户(以实际工作抽查数为准)", Planned(50, 50, about=True)),
        ("20家左右", Planned(20, 20, about=True)),
        ("不低于250户", Planned(250, None)),
        ("不超过30户", Planned(None, 30)),
        ("10%", None),
        ("30个项目", None),
        ("70批次", None),
        ("根据实际情况确定", None),
        ("70-60户", None),
        (None, None),
        ("〔依法隐去：国家秘密〕", None),
    ],
)
def test_planned_numbers_are_read_as_offices_print_them(printed: str | None, read: Planned | None) -> None:
    assert planned_number(printed) == read


def plan_of(*tasks: TaskProgress, over: bool = True) -> PlanProgress:
    rows = [
        {"item_code": "A01", "item": "公示信息抽查", "estimated_count": "60-70家"},
        {"item_code": "", "item": "获证食品经营单位监督检查", "estimated_count": "10户"},
        {"item_code": "C11", "item": "特种设备检查"},
    ]
    return PlanProgress("JH-2026-0001", 2026, plan_items(rows, tasks), tasks, [], [], over)


def test_a_plan_says_which_items_no_task_took_up_and_which_fell_short() -> None:
    plan = plan_of(progress(task(), Found("", "|1|", True, 2)))
    assert [each.label for each in plan.untouched] == ["公示信息抽查", "特种设备检查"]
    assert [each.label for each in plan.short] == ["获证食品经营单位监督检查"]
    assert [gap.name for gap in gaps.of_plan(plan, "P1")] == ["untouched", "short"]
    running = plan_of(progress(task(), Found("", "|1|", True, 1)), over=False)
    assert [gap.name for gap in gaps.of_plan(running, "")] == ["no_number", "not_yet", "past"]


def test_a_task_of_two_items_counts_once_in_its_plan() -> None:
    items = [
        {"item_code": "A01", "item": "公示信息抽查"},
        {"item_code": "B05", "item": "获证食品经营单位监督检查"},
    ]
    plan = plan_of(progress(task(items=items), Found("", "|1|", True, 2)))
    assert [each.drawn for each in plan.items] == [2, 2, 0] and plan.drawn == plan.total("disclosed") == 2
    astray = plan_of(progress(task(items=[{"item_code": "Z9", "item": "别的"}])))
    assert astray.astray == [("RW-2026-0001", "别的")]
    assert outside(task(items=[]), frozenset()) == []


def test_what_a_list_holds_and_no_plan_does() -> None:
    fields = examples.item_list()
    planned = names_in(examples.plan()["items"])
    gap = left_out("QD-2026-0001", fields, planned, date(2026, 11, 26))
    assert gap and gap.items == ["定量包装商品销售监督检查"]
    assert left_out("QD-2026-0001", fields, planned | {"C09"}, date(2026, 11, 26)) is None
    assert left_out("QD-2026-0001", fields, planned, date(2023, 11, 26)) is None
