"""Rule profiles: each place's own terms with its own clauses, and no place shown another's."""

from dataclasses import asdict
from datetime import date
from itertools import combinations

import pytest

from portal.codes.profiles import PROMISE, load_profile, profile_names

PLACES = ("anyang", "gaoqing", "guian", "huancui", "lingang", "shili")
CLOCKS = {
    "recheck": (20, "received_on"),  # O3
    "feedback": (15, "signed_on"),  # O5
    "supplement": (5, "received_on"),
    "supplement_reply": (5, "asked_on"),
    "unread": (5, "sent_on"),
    "answer_request": (7, "brought_back_on"),  # O7
}
NAMES = {
    "anyang": "安阳", "gaoqing": "高青", "guian": "贵安", "huancui": "环翠", "lingang": "临港", "shili": "示例市",
}  # fmt: skip


def test_the_five_places_and_the_demo_can_be_chosen() -> None:
    assert set(PLACES) <= set(profile_names())


@pytest.mark.parametrize("place", PLACES)
def test_no_place_is_shown_another_places_clause(place: str) -> None:
    words = str(asdict(load_profile(place)))
    assert NAMES[place] in words
    assert [name for other, name in NAMES.items() if other != place and name in words] == []


@pytest.mark.parametrize("place", PLACES)
def test_every_term_names_a_clause_of_the_places_document_or_says_it_is_a_promise(place: str) -> None:
    profile = load_profile(place)
    for term in profile.terms.values():
        if term.kind == "clause":
            assert term.basis.startswith(profile.document + "第")
        else:
            assert term.basis == PROMISE


@pytest.mark.parametrize("place", PLACES)
def test_results_are_published_within_twenty_working_days(place: str) -> None:
    assert load_profile(place).publish_days == 20  # D11


def test_the_demo_quotes_its_own_document_for_gaoqings_rules() -> None:
    profile = load_profile("shili")
    assert profile.result_basis == "《示例市“双随机、一公开”抽查工作细则》第二十九条、第三十三条"
    assert profile.result_sentence.startswith("本结果是检查对象在该次抽查时实际情况的客观体现。")
    assert "不得以检查时未发现问题为由" in profile.result_sentence
    assert profile.terms["recheck"].days == 20  # O3
    assert profile.terms["feedback"].days == 15  # O5


def test_only_gaoqing_and_the_demo_after_it_have_an_objection_procedure() -> None:
    """Elsewhere the same clocks run by the office's own promise."""
    kinds = {
        place: [load_profile(place).terms[name].kind for name in ("recheck", "feedback")] for place in PLACES
    }
    assert [place for place in PLACES if kinds[place] == ["clause", "clause"]] == ["gaoqing", "shili"]
    assert all(kinds[place] == ["promise", "promise"] for place in ("anyang", "guian", "huancui", "lingang"))


@pytest.mark.parametrize("place", PLACES)
def test_every_clock_of_an_objection_runs_in_every_place(place: str) -> None:
    terms = load_profile(place).terms
    days = {name: (terms[name].days, terms[name].unit, terms[name].starts) for name in CLOCKS}
    assert days == {name: (count, "working", (start,)) for name, (count, start) in CLOCKS.items()}


@pytest.mark.parametrize(
    ("place", "clauses"),
    [
        ("anyang", {"publish": "第二十条第四项", "hand_over": "第二十条第三项"}),
        ("gaoqing", {"publish": "第二十八条第四项", "recheck": "第二十九条", "feedback": "第二十九条"}),
        ("guian", {"publish": "第四十六条", "answer_request": "第四十七条", "respond": "第四十条"}),
        ("huancui", {}),
        ("lingang", {"publish": "第十七条第四项"}),
        ("shili", {"publish": "第二十八条第四项", "recheck": "第二十九条", "feedback": "第二十九条"}),
    ],
)
def test_a_place_rests_on_the_clauses_of_its_own_rules_and_no_others(
    place: str, clauses: dict[str, str]
) -> None:
    profile = load_profile(place)
    found = {name: term.basis for name, term in profile.terms.items() if term.kind == "clause"}
    assert found == {name: profile.document + clause for name, clause in clauses.items()}


@pytest.mark.parametrize("place", PLACES)
def test_every_term_has_its_name_and_its_basis_in_both_languages(place: str) -> None:
    profile = load_profile(place)
    for term in profile.terms.values():
        assert term.label and term.label_en.isascii() and term.basis_en.isascii()
        assert (term.kind == "clause") == term.basis_en.startswith(profile.document_en)
    assert not any(term.label == other.label for term, other in combinations(profile.terms.values(), 2))


def test_the_demos_basis_in_english() -> None:
    basis = load_profile("shili").terms["publish"].basis_en
    assert basis == "Rules of Shili City on Double-Random Inspection, Article 28 item 4"


@pytest.mark.parametrize("place", PLACES)
def test_what_a_place_may_set_about_objections_is_off_unless_it_says_so(place: str) -> None:
    profile = load_profile(place)
    assert not profile.supplement_restarts_clock and not profile.sign_maintained_delegable
    assert not profile.department_clocks_public and profile.reminder_days == 5


@pytest.mark.parametrize(
    ("place", "times", "scope"),
    [("gaoqing", 2, "all"), ("anyang", 2, "joint"), ("lingang", 2, "all"), ("guian", None, None)],
)
def test_how_often_an_object_may_be_drawn(place: str, times: int | None, scope: str | None) -> None:
    limit = load_profile(place).draw_limit  # D16
    assert (limit.times, limit.scope) == (times, scope) if limit else times is None


def test_plans_are_on_time_by_each_places_day() -> None:  # D17
    assert load_profile("huancui").plan.file_by == "01-31"
    assert (load_profile("anyang").plan.file_by, load_profile("anyang").plan.publish_by) == ("02-28", "04-30")
    assert load_profile("guian").plan.publish_by == "03-31"


@pytest.mark.parametrize("place", PLACES)
def test_the_clock_stops_on_a_channel_of_the_profile(place: str) -> None:
    profile = load_profile(place)
    assert profile.stops_the_clock in profile.channels  # D18


def test_a_layer_that_was_not_in_force_says_nothing() -> None:
    assert load_profile("gaoqing", date(2021, 9, 25)).terms["publish"].basis == PROMISE
    assert load_profile("gaoqing", date(2021, 9, 26)).terms["publish"].kind == "clause"


def test_an_unknown_profile_is_named_with_the_ones_there_are() -> None:
    with pytest.raises(LookupError, match="PORTAL_PROFILE.*gaoqing"):
        load_profile("atlantis")
