"""Who may do what, and who may not be two things at once."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.people.acts import password_problems, why_not_give
from portal.people.models import Grant, Person
from portal.people.roles import ACTS, BUSINESS, ROLES, excluded, labels, may, sees, why_not

TODAY = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)


def person(
    *roles: str, department: str = "scjg", active: bool = True, until: datetime | None = None
) -> Person:
    grants = [Grant(role=role, given_at=TODAY - timedelta(days=30), until=until) for role in roles]
    return Person(name="何知远", department_code=department, active=active, grants=grants)


def test_a_drafter_drafts_and_does_not_approve() -> None:
    he = person("drafter")
    assert may(he, "draft", TODAY)
    assert not may(he, "approve", TODAY)


def test_a_refusal_names_the_act_and_who_may_do_it() -> None:
    (reason,) = why_not(person("drafter"), "approve", TODAY)
    assert reason == "您没有“同意公示”的权限，请交由审核人办理。"


def test_nobody_acts_for_another_department() -> None:
    reasons = why_not(person("reviewer"), "approve", TODAY, department="yjgl")
    assert reasons == ["这条记录属于其他部门，只能由该部门的人员办理。"]


def test_the_coordinator_reads_every_department_and_acts_for_none() -> None:
    office = person("coordinator", department="lxb")
    assert sees(office, "yjgl", TODAY)
    assert not may(office, "approve", TODAY)


def test_a_reviewer_does_not_see_another_departments_drafts() -> None:
    assert not sees(person("reviewer"), "yjgl", TODAY)


def test_an_acting_head_is_head_until_the_day_it_ends() -> None:
    acting = person("head", until=TODAY + timedelta(days=3))
    assert may(acting, "sign", TODAY)
    assert not may(acting, "sign", TODAY + timedelta(days=3))


def test_somebody_whose_account_is_closed_may_do_nothing() -> None:
    assert not any(may(person(*ROLES, active=False), act, TODAY) for act in ACTS)


@pytest.mark.parametrize("administrator", ["sysadmin", "secadmin", "auditor"])
@pytest.mark.parametrize("other", sorted(ROLES))
def test_an_administrator_holds_no_second_role(administrator: str, other: str) -> None:
    if other == administrator:
        assert not excluded([administrator], other)
    else:
        assert excluded([administrator], other)
        assert excluded([other], administrator)


def test_business_roles_may_be_held_together() -> None:
    assert not any(excluded([one], other) for one in BUSINESS for other in BUSINESS)


def test_administrators_have_no_business_act() -> None:
    business_acts = ["draft", "submit", "approve", "publish", "sign", "hold", "confirm_hold", "admit"]
    for administrator in ("sysadmin", "secadmin", "auditor"):
        assert not any(may(person(administrator), act, TODAY) for act in business_acts)


def test_an_acting_head_needs_an_end() -> None:
    reasons = why_not_give(person(), "head", by=person("secadmin"), until=None, acting=True, at=TODAY)
    assert "代行主要负责人职责须写明截止日期。" in reasons


def test_nobody_gives_herself_a_role() -> None:
    she = person("secadmin")
    reasons = why_not_give(she, "drafter", by=she, until=None, acting=False, at=TODAY)
    assert "不能给自己授予角色，请由另一名安全管理员办理。" in reasons


def test_only_a_security_administrator_gives_roles() -> None:
    reasons = why_not_give(person(), "drafter", by=person("head"), until=None, acting=False, at=TODAY)
    assert reasons == ["您没有“管理人员和角色”的权限，请交由安全管理员办理。"]


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaaa", "hezhiyuan-2026-x"])
def test_a_weak_password_is_refused_in_a_sentence(password: str) -> None:
    problems = password_problems(password, "hezhiyuan")
    assert problems
    assert all(str(problem).endswith("。") for problem in problems)


def test_roles_are_listed_in_the_order_of_the_table() -> None:
    assert labels({"head", "drafter", "reviewer"}) == "拟稿人或审核人或主要负责人"
