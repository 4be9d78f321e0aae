"""What a dishonest office could try with a draw, and what a reader is told."""

import json
import random
from datetime import timedelta

import pytest

from portal.draws import chain, pool, strata
from portal.draws.strata import Stratum
from portal.draws.verify import drawn_again, problems, read_bundle
from tests.drawing import APPEARS, COMMIT, ROUND, SECRET, SHOPS, SOURCE, STRATA, Office


def test_an_honest_draw_is_drawn_again_by_anybody() -> None:
    office = Office()
    assert office.found_out() == ""
    chosen, wrong = drawn_again(office.bundle())
    assert not wrong and [len(part) for part in chosen] == [3, 4]


def test_a_draw_that_only_the_coordinator_can_check_is_checked_with_its_salt() -> None:
    office = Office(salt="ab" * 32)
    assert office.found_out() == ""
    office.salt = "cd" * 32
    assert "名录库不是抽取前承诺的那一份" in office.found_out()


def test_the_pool_is_swapped_after_the_commitment() -> None:
    office = Office()
    office.parts[1] = Stratum("商店", pool.pool_text(SHOPS[:-1] + ["91339900MA2DZ9999Y"]), "4")
    assert "名录库不是抽取前承诺的那一份" in office.found_out()


def test_a_firm_is_dropped_from_the_list() -> None:
    office = Office()
    office.drawn = office.drawn[1:]
    assert "没有的对象有1个" in office.found_out()


def test_a_firm_is_put_in_the_place_of_another() -> None:
    office = Office()
    office.drawn = [next(code for code in SHOPS if code not in office.drawn), *office.drawn[1:]]
    said = office.found_out()
    assert "没有的对象有1个" in said and "抽不中的对象有1个" in said


def test_a_firm_is_dropped_after_the_list_was_locked() -> None:
    office, late = Office(), Office()
    made = office.as_json()
    late.drawn = late.drawn[1:]
    made["drawn"] = late.as_json()["drawn"]
    office.as_json = lambda **_: made  # type: ignore[method-assign]
    assert "抽取名单不是锁定时写入存证的那一份" in office.found_out()


def test_a_friend_is_excluded_after_the_commitment() -> None:
    office = Office()
    office.excluded[office.drawn[0]] = "apart"
    office.drawn = office.draws()
    said = office.found_out()
    assert "排除名单不是抽取前承诺的那一份" in said and "分组或者" in said


def test_another_code_is_told() -> None:
    """A thousand other secrets give a thousand other lists; none of them leads to what was committed to."""
    office = Office()
    office.code = chain.code_of("00" * 32, 1)
    office.drawn = office.draws()
    assert "不是事先承诺的那一个" in office.found_out()


def test_the_code_of_another_step_is_told() -> None:
    office = Office()
    office.code = chain.code_of(SECRET, 2)
    office.drawn = office.draws()
    assert "不是事先承诺的那一个" in office.found_out()


def test_the_round_is_chosen_when_it_is_known() -> None:
    """The line of the ledger has a time, and a log that others follow can not be dated back."""
    office = Office()
    office.committed_at = APPEARS
    assert "随机数已经产生" in office.found_out()
    office.committed_at = APPEARS - timedelta(seconds=1)
    assert office.found_out() == ""


def test_another_round_than_the_named_one_is_used() -> None:
    office = Office()
    office.commit_extra = office.commit_extra | {"randomness": f"drand-quicknet:{ROUND + 1}"}
    assert "核对不通过" in office.found_out()


def test_the_list_is_locked_before_anything_was_drawn() -> None:
    office = Office()
    office.locked_at = APPEARS - timedelta(minutes=1)
    assert "名单锁定时，决定结果的随机数还没有产生" in office.found_out()


def test_a_stratum_gets_another_ratio() -> None:
    office = Office()
    office.parts[0] = Stratum("餐饮", STRATA[0].codes, "20%")
    office.drawn = office.draws()
    assert "各组的比例、数量不是抽取前承诺的那一份" in office.found_out()


def test_a_redraw_is_seen_with_its_reason_and_whom_the_first_would_have_drawn() -> None:
    """The code of the second tells that of the first: whoever was spared by drawing again stands there."""
    office = Office()
    first = office.drawn
    office.redraws("名录库漏列了一个街道。")
    assert office.found_out() == ""
    (before,) = office.bundle().earlier
    chosen, wrong = drawn_again(before)
    assert not wrong and sorted(code for part in chosen for code in part) == first != office.drawn


def test_a_redraw_that_hides_the_first_is_seen_by_its_step() -> None:
    office = Office()
    office.redraws("名录库漏列了一个街道。")
    office.earlier = []
    said = office.found_out()
    assert "这是第2次抽取，但以前的抽取只附了0次" in said and "没有写明它替代的是哪一次" in said


def test_a_redraw_with_a_new_secret_is_seen() -> None:
    office = Office()
    first = office.as_json(locked=False)
    office.redraws("名录库漏列了一个街道。")
    office.secret = "77" * 32
    office.commit_extra = office.terms() | {"replaces": COMMIT}
    office.code = chain.code_of(office.secret, 2)
    office.drawn = office.draws()
    office.earlier = [first | {"code": ""}]
    assert "用的是另一组口令" in office.found_out()


def test_a_redraw_with_another_reason_than_the_logged_one_is_seen() -> None:
    office = Office()
    office.redraws("名录库漏列了一个街道。")
    made = office.as_json()
    made["reason"] = "系统故障。"
    office.as_json = lambda **_: made  # type: ignore[method-assign]
    assert "理由不是当时写入存证的那一句" in office.found_out()


def test_the_announcement_names_others_than_the_list() -> None:
    office = Office()
    rows = [{"entity_code": code} for code in office.drawn]
    assert office.found_out({"drawn": rows}) == office.found_out({"drawn": None}) == ""
    assert "公告里的抽取名单" in office.found_out({"drawn": rows[1:]})


def test_many_secrets_tried_beforehand_favour_nobody() -> None:
    """Before the round is out, a secret says nothing: over the rounds to come every firm is drawn as often."""
    rng = random.Random(7)  # noqa: S311
    part = [Stratum("全部", pool.pool_text(f"firm {at}" for at in range(20)), "5")]
    for secret in ("00" * 32, "5e" * 32):
        times = dict.fromkeys(pool.read_pool(part[0].codes), 0)
        for _ in range(800):
            (chosen,) = strata.selection(part, {}, chain.code_of(secret, 1), rng.randbytes(32).hex())
            for code in chosen:
                times[code] += 1
        assert max(times.values()) < 260 > 200 > min(times.values()) > 140  # 200 ± five times the spread


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"format": "other"}', "\x00", '{"format": "portal.draw-bundle/1"}']
)
def test_what_is_no_bundle_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_bundle(text)


def test_a_bundle_that_was_cut_or_bent_is_refused() -> None:
    whole = Office().as_json()
    bent = [
        {name: value for name, value in whole.items() if name != gone}
        for gone in ("commit", "strata", "exclusions")
    ]
    bent += [whole | {"strata": [{"name": "全部"}]}, whole | {"commit": {"index": "x", "body": "{}"}}]
    bent += [whole | {"drawn": "B\nA\n"}, whole | {"commit": {"index": 1, "body": "[" * 5000}}]
    for each in bent:
        with pytest.raises(ValueError):
            read_bundle(json.dumps(each))


def test_a_draw_not_yet_told_says_so() -> None:
    office = Office()
    office.code = ""
    assert "口令还没有公布" in office.found_out()
    made = Office().as_json(locked=False)
    office.as_json = lambda **_: made  # type: ignore[method-assign]
    assert "还没有锁定名单" in office.found_out()
    assert SOURCE in made["commit"]["body"]


@pytest.mark.parametrize("line", ["commit", "result", "reveal"])
@pytest.mark.parametrize("value", [None, [], {"a": 1}, "x", 2**53 - 1, "drand-quicknet:999999999999999"])
def test_whatever_a_forger_writes_into_a_line_is_told_in_a_sentence(line: str, value: object) -> None:
    made = Office().as_json()
    body = json.loads(made[line]["body"])
    for name in body:
        members = {**body, name: value}
        text = json.dumps(members, sort_keys=True, separators=(",", ":"))
        try:
            bundle = read_bundle(json.dumps(made | {line: made[line] | {"body": text}}))
        except ValueError:
            continue  # no line of the ledger at all: the command says so
        assert problems(bundle) is not None
        if (line, name) in (
            ("commit", "time"),
            ("commit", "randomness"),
            ("result", "time"),
            ("result", "list"),
        ):
            assert problems(bundle)


@pytest.mark.parametrize("changes", [{"salt": "x"}, {"salt": [1]}, {"drawn": {"a": 1}}, {"earlier": [7]}])
def test_a_bundle_of_other_shapes_is_told_in_a_sentence(changes: dict[str, object]) -> None:
    try:
        bundle = read_bundle(json.dumps(Office().as_json() | changes))
    except ValueError:
        return
    assert problems(bundle)
