"""The pieces of our own draw: pool, chain, randomness, order, strata."""

import json
import random
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.draws import chain, order, pool, randomness, strata
from portal.draws.strata import Stratum
from tests.drawing import APPEARS, DRAND, RANDOMNESS, ROUND, SECRET, SIGNATURE

CODE = chain.code_of(SECRET, 1)


# ── pool ─────────────────────────────────────────────────────


def test_two_offices_write_the_same_pool_in_the_same_bytes() -> None:
    composed, decomposed = "caf\u00e9-1", "cafe\u0301-1"
    one = pool.pool_text(["B2", composed, "A1", "B2"])
    assert one == pool.pool_text([" A1 ", decomposed, "B2"]) == f"A1\nB2\n{composed}\n"
    assert pool.read_pool(one) == ["A1", "B2", composed]
    assert pool.digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    "text", ["A1", "B2\nA1\n", "A1\nA1\n", "A1\r\n", " A1\n", "\n", "A1\n\n", "cafe\u0301\n"]
)
def test_a_pool_written_otherwise_is_not_taken(text: str) -> None:
    with pytest.raises(ValueError):
        pool.read_pool(text)


@pytest.mark.parametrize("code", ["", "  ", "A\n1", "A\t1", "A\x001", "A\u20281"])
def test_what_would_break_a_line_is_no_code(code: str) -> None:
    with pytest.raises(ValueError):
        pool.pool_text([code])


def test_an_exclusion_has_one_of_the_grounds() -> None:
    text = pool.exclusions_text({"B2": "often", "A1": "gone"})
    assert pool.read_exclusions(text) == {"A1": "gone", "B2": "often"}
    with pytest.raises(ValueError):
        pool.exclusions_text({"A1": "a friend of the house"})
    for wrong in ("A1\n", "A1\tgone\tx\n", "B2\tgone\nA1\tgone\n", "A1\tgone\nA1\toften\n"):
        with pytest.raises(ValueError):
            pool.read_exclusions(wrong)


def test_a_salted_digest_can_not_be_found_by_trying() -> None:
    """W2: of a pool that never becomes public nobody can say whether a firm is in it."""
    text = pool.pool_text(["A1"])
    assert pool.digest(text, pool.new_salt()) != pool.digest(text, pool.new_salt()) != pool.digest(text)


# ── chain ────────────────────────────────────────────────────


def test_each_draw_of_a_task_has_the_code_one_step_before() -> None:
    end = chain.commitment(SECRET)
    codes = [chain.code_of(SECRET, step) for step in range(1, chain.LENGTH + 1)]
    assert all(chain.leads_to(code, end, step) for step, code in enumerate(codes, start=1))
    assert codes[-1] == SECRET and chain.walked(codes[1], 1) == codes[0]
    assert not chain.leads_to(codes[1], end, 1) and not chain.leads_to(codes[0], end, 2)
    assert not any(chain.leads_to(wrong, end, 1) for wrong in ("", "zz", "00" * 31, "00" * 32))
    for step in (0, chain.LENGTH + 1):
        with pytest.raises(ValueError):
            chain.code_of(SECRET, step)


# ── randomness ───────────────────────────────────────────────


def test_what_is_pinned_is_what_the_beacon_says_of_itself() -> None:
    pinned = randomness.QUICKNET
    assert (pinned.chain_hash, pinned.public_key, pinned.scheme, pinned.genesis, pinned.period) == (
        DRAND["chain_hash"], DRAND["public_key"], DRAND["scheme"], DRAND["genesis_time"], DRAND["period_seconds"],
    )  # fmt: skip


def test_the_real_round_is_signed_and_claimed_for_the_next_it_is_not() -> None:
    assert randomness.value(f"drand-quicknet:{ROUND}", SIGNATURE) == (RANDOMNESS, None)
    value, problem = randomness.value(f"drand-quicknet:{ROUND + 1}", SIGNATURE)
    assert value == "" and problem is not None and "核对不通过" in problem


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "zz",
        "00" * 48,
        "c0" + "00" * 47,
        "ff" * 48,
        SIGNATURE[:-2],
        SIGNATURE + "00",
        SIGNATURE[:-1] + "c",
    ],
)
def test_what_is_no_signature_of_the_beacon_is_refused(signature: str) -> None:
    assert not randomness.is_signed(ROUND, signature)


def test_a_point_outside_the_beacons_group_is_refused() -> None:
    """On the curve, but not in the subgroup: found by trying, as somebody would who looks for a second signature."""
    outside = "80" + "00" * 46 + "04"  # x = 4
    assert not randomness.is_signed(ROUND, outside)


def test_a_round_is_named_before_it_appears() -> None:
    assert datetime(2023, 9, 15, 11, 0, 3, tzinfo=UTC) == APPEARS
    at = randomness.QUICKNET.round_at
    assert (at(APPEARS), at(APPEARS + timedelta(seconds=1)), at(APPEARS - timedelta(seconds=2))) == (
        ROUND, ROUND + 1, ROUND,
    )  # fmt: skip


def test_a_drawing_of_a_lottery_has_one_way_to_be_written() -> None:
    source = "lottery:ssq:2026131"
    given = {randomness.value(source, text)[0] for text in ("03,08,14,22,27,31+09", "31 27 22 14 8 3 + 9")}
    assert len(given) == 1 and len(given.pop()) == 64
    assert randomness.value("lottery:ssq:2026132", "03,08,14,22,27,31+09")[0] not in given
    wrong = (
        "",
        "03,08,14,22,27,31",
        "03,08,14,22,27+09",
        "03,03,08,14,22,27+09",
        "03,08,14,22,27,34+09",
        "0,1,2,3,4,5+9",
    )
    assert all(randomness.value(source, text)[1] for text in wrong)


@pytest.mark.parametrize(
    "source",
    ["", "drand-quicknet:0", "drand-quicknet:-1", "drand-default:5", "lottery:fc3d:2026131", "lottery:ssq:x"],
)
def test_what_could_be_tried_out_or_looked_up_nowhere_is_no_source(source: str) -> None:
    assert randomness.why_not_source(source)


# ── order ────────────────────────────────────────────────────


@pytest.mark.parametrize("label", ["91339900MA2CY0001X", "项目-一", "a" * 300])
def test_the_order_is_the_hkdf_of_rfc_5869(label: str) -> None:
    theirs = HKDF(SHA256(), 32, bytes.fromhex(CODE), label.encode()).derive(bytes.fromhex(RANDOMNESS))
    assert order.places(CODE, RANDOMNESS)(label) == theirs


def test_the_order_can_not_be_known_from_the_code_or_the_randomness_alone() -> None:
    """Whoever lacks one of the two has nothing better than guessing: each other value gives another order."""
    labels = [f"firm {at}" for at in range(200)]
    true = order.in_order(labels, CODE, RANDOMNESS)
    guesses = [order.in_order(labels, "00" * 32, RANDOMNESS), order.in_order(labels, CODE, "00" * 32)]
    for guess in guesses:
        agree = len({*true[:20]} & {*guess[:20]})
        assert agree < 8  # two by mere chance


def test_a_hundred_thousand_objects_are_drawn_in_seconds() -> None:
    text = pool.pool_text(f"91339900MA{at:08d}" for at in range(100_000))
    (chosen,) = strata.selection([Stratum(strata.WHOLE, text, "5%")], {}, CODE, RANDOMNESS)
    assert len({*chosen}) == 5000


def test_every_object_of_a_stratum_has_the_same_chance() -> None:
    """Chi-square over 2,000 draws of 10 out of 40, for two strata in one draw; 39 degrees of freedom each."""
    parts = [
        Stratum(name, pool.pool_text(f"{name}{at:02d}" for at in range(40)), "10") for name in ("甲", "乙")
    ]
    rng, draws = random.Random(20260915), 2_000  # noqa: S311
    times: dict[str, int] = {}
    for _ in range(draws):
        for chosen in strata.selection(parts, {}, rng.randbytes(32).hex(), rng.randbytes(32).hex()):
            for code in chosen:
                times[code] = times.get(code, 0) + 1
    for part in parts:
        expected = draws / 4
        spread = sum((times[code] - expected) ** 2 for code in pool.read_pool(part.codes))
        chi_square = spread / (expected * 3 / 4) * 39 / 40
        assert 14 < chi_square < 73  # 0.02 % below, 0.08 % above: neither uneven nor too even


def test_every_kth_row_from_one_random_start_is_not_a_draw() -> None:
    """What a system in use does: of 2,999 firms, sorted by office, 999 can never be drawn; with ours all can."""
    firms, wanted = 2_999, 1_000
    step = firms // wanted
    reached = {start + step * at for start in range(step) for at in range(wanted)}
    assert firms - len(reached) == 999
    labels = [str(at) for at in range(firms)]
    drawn = {label for at in range(40) for label in order.first(labels, wanted, CODE, f"{at:064x}")}
    assert len(drawn) == firms


# ── strata ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rule", "size", "excluded", "taken"),
    [
        ("5%", 40, 0, 2), ("5%", 41, 0, 3), ("5%", 1, 0, 1), ("0.25%", 400, 0, 1), ("0.25%", 401, 0, 2),
        ("100%", 7, 2, 5), ("20", 41, 0, 20), ("20", 41, 30, 11), ("5%", 3, 3, 0), ("33.33%", 3, 0, 1),
    ],
)  # fmt: skip
def test_a_ratio_counts_the_whole_stratum_and_rounds_up(
    rule: str, size: int, excluded: int, taken: int
) -> None:
    assert strata.take(rule, size, excluded) == taken


@pytest.mark.parametrize("rule", ["", "0", "0%", "101%", "5.123%", "five", "-3", "5 %", "1/20", "五%"])
def test_what_is_neither_ratio_nor_number_is_refused(rule: str) -> None:
    assert strata.why_not_rule(rule)


def test_what_is_excluded_is_not_drawn_and_the_next_in_order_is() -> None:
    text = pool.pool_text(f"firm {at:02d}" for at in range(20))
    (before,) = strata.selection([Stratum("全部", text, "5")], {}, CODE, RANDOMNESS)
    (after,) = strata.selection([Stratum("全部", text, "5")], {before[0]: "often"}, CODE, RANDOMNESS)
    assert after[:4] == before[1:] and before[0] not in after


def test_an_object_in_two_strata_is_refused() -> None:
    with pytest.raises(ValueError):
        strata.whole_pool([Stratum("甲", "A1\nB2\n", "1"), Stratum("乙", "B2\n", "1")])


def test_the_strata_are_committed_to_as_canonical_json() -> None:
    (one,) = json.loads(strata.strata_text([Stratum("全部", "A1\nB2\n", "50%")], {"B2": "often"}))
    assert one == {
        "name": "全部", "rule": "50%", "size": 2, "excluded": 1, "take": 1, "pool": pool.digest("A1\nB2\n"),
    }  # fmt: skip


def test_checking_a_round_leaves_the_interpreters_limits_alone() -> None:
    assert sys.getrecursionlimit() < 10_000  # importing py_ecc raises it, and deep JSON would end the process
