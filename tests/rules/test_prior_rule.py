"""Which places tell an entity before its result is public, and which results they tell of."""

import pytest

from portal.codes.prior_rule import prior_rule
from portal.codes.profiles import load_profile, profile_names
from portal.publications.prior import CLEAN, found_a_problem
from tests import examples


def test_only_the_office_that_promises_it_tells_beforehand() -> None:
    told = {name for name in profile_names() if load_profile(name).prior_notice.when != "never"}
    assert told == {"shili"}
    rule = load_profile("shili").prior_notice
    assert (rule.kinds, rule.when) == (("result",), "problem")


def test_the_days_of_the_answer_are_the_offices_own_promise() -> None:
    for name, days in (("prior_notice", 3), ("opinion", 15)):
        term = load_profile("shili").terms[name]
        assert (term.days, term.unit, term.kind) == (days, "working", "promise")


@pytest.mark.parametrize("wrong", [{"when": "sometimes"}, {"when": "always", "kinds": ["list"]}])
def test_a_profile_that_can_not_be_kept_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="prior_notice"):
        prior_rule(wrong)


def test_anything_but_no_problem_and_passed_is_a_problem() -> None:
    def of(*codes: str) -> bool:
        outcomes = [examples.code("outcome", each, "") for each in codes]
        return found_a_problem({"items": [{"outcomes": [each]} for each in outcomes]})

    assert not any(of(each) for each in CLEAN)
    assert all(of("1", str(each)) for each in (2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15))
