"""What an engine finds, counts and sorts: the contract, kept by each of them."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from portal.search.engine import Days, Engine, Query
from portal.search.engines import ENGINES
from portal.search.terms import near
from tests.searching import MIXED, at, numbers, put, result


@pytest.fixture(params=sorted(ENGINES))
def make(request: pytest.FixtureRequest) -> Callable[[Path], Engine]:
    return ENGINES[request.param]


@pytest.fixture
def engine(make: Callable[[Path], Engine], tmp_path: Path) -> Iterator[Engine]:
    made = make(tmp_path / "index")
    yield made
    made.close()


# ── finding ──────────────────────────────────────────────────


def test_any_two_hanzi_from_the_middle_of_a_name_find_it(engine: Engine) -> None:
    name = "示例（高新）恒盛昌餐饮有限公司"
    put(engine, result(1, name), result(2, "示例南丰瑞大药房"))
    for word in ("例高", "高新", "盛昌", "昌餐饮", "饮有", "恒盛昌餐饮有限公司", "新）恒"):
        assert numbers(engine, word) == ["JG-2026-000001"], word
    assert numbers(engine, "恒昌") == []


@pytest.mark.parametrize("word", ["檢查", "检查", "（检查）", "检 查"[::2]])
def test_traditional_and_simplified_full_and_half_width_are_one(engine: Engine, word: str) -> None:
    put(engine, result(1, "示例店", "標價檢查"), result(2, "示例店", "标价检查"), result(3, "示例店", "標價"))
    assert numbers(engine, word) == ["JG-2026-000002", "JG-2026-000001"]


def test_every_word_must_be_there(engine: Engine) -> None:
    put(engine, result(1, "示例店", "食品经营"), result(2, "示例店", "食品经营", "添加剂"))
    assert numbers(engine, "添加剂 食品") == ["JG-2026-000002"]


def test_a_code_is_found_by_its_beginning_and_a_phrase_across_scripts(engine: Engine) -> None:
    put(engine, result(1, "示例ABC公司", "91339900MA2TEST001"), result(2, "示例ABD公司"))
    assert numbers(engine, "9133990") == ["JG-2026-000001"]
    assert numbers(engine, "例abc公司") == ["JG-2026-000001"]
    assert numbers(engine, "例ab") == ["JG-2026-000002", "JG-2026-000001"]


def test_a_single_hanzi_is_looked_for_in_names_and_marks_alone_nowhere(engine: Engine) -> None:
    put(engine, result(1), result(2, "示例南丰馆", "西边的店"))
    assert numbers(engine, "店") == ["JG-2026-000001"]
    assert numbers(engine, "店 恒昌") == ["JG-2026-000001"]
    assert numbers(engine, "-店") == ["JG-2026-000002"]
    assert engine.ask(Query("。")).total == 0
    assert (Query("店 。 恒昌").ignored, Query("店 。 恒昌").single) == (("。",), ("店",))


# ── pinyin and numbers ───────────────────────────────────────


@pytest.mark.parametrize(
    "word",
    [
        "shilichongqing", "chongqingcanyin", "slcq", "cqcy", "chongqcy", "shi li chong qing", "ChongQing",
        "ｃｈｏｎｇｑｉｎｇ", "重庆canyin", "slcqcyyxgs", "yin",
    ],
)  # fmt: skip
def test_a_name_is_found_by_its_pinyin_and_by_first_letters(engine: Engine, word: str) -> None:
    put(engine, result(1, "示例（重慶）餐飲有限公司"), result(2, "示例南丰大药房", "重庆餐饮的印章"))
    assert numbers(engine, word) == ["JG-2026-000001"]


@pytest.mark.parametrize("word", ["zhongqing", "hongqing", "chongqin", "sq", "qd", "liqing"])
def test_what_is_not_how_a_name_is_read_does_not_find_it(engine: Engine, word: str) -> None:
    put(engine, result(1, "示例重庆餐饮店"))
    assert numbers(engine, word) == []


def test_where_a_reading_is_in_doubt_both_find_the_name(engine: Engine) -> None:
    put(engine, result(1, "示例单记乐园"))
    assert [numbers(engine, word) for word in ("danji", "shanji", "leyuan")] == [["JG-2026-000001"]] * 3


def test_a_word_that_is_pinyin_and_stands_in_a_record_too_finds_both(engine: Engine) -> None:
    put(engine, result(1, "示例Lining运动店"), result(2, "示例李宁运动店"), result(3, "示例立宁店", "别的"))
    assert numbers(engine, "lining") == ["JG-2026-000003", "JG-2026-000002", "JG-2026-000001"]
    assert numbers(engine, "例lining运动") == ["JG-2026-000002", "JG-2026-000001"]


def test_what_is_called_a_name_in_a_record_is_found_by_pinyin_below_its_own_name(engine: Engine) -> None:
    put(engine, result(1, "示例恒昌店"), result(2, "示例店", "示例恒昌任务", called=("示例恒昌任务",)))
    hits = engine.ask(Query("hengchang", sort="relevance")).hits
    assert [(hit.number, hit.score) for hit in hits] == [("JG-2026-000001", 1.0), ("JG-2026-000002", 0.0)]


@pytest.mark.parametrize(
    "typed",
    [
        "示例市监〔2026〕1号", "示例市监[2026]1号", "示例市监(2026)1号", "示例市监（２０２６） 1 号", "示例市監【2026】1號",
        "示例市监 2026 1号", "9133 9900 MA2T EST0 7X", "91339900ma2test07x", "9133990O-MA2TESTO7X", "slj-2026-0007",
        "SLJ20260007", "ｓｌｊ 2026 0007",
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_typed(engine: Engine, typed: str) -> None:
    own = ("示例市监〔2026〕1号", "91339900MA2TEST07X", "SLJ-2026-0007")
    put(engine, result(1, "示例店", *own, numbers=own), result(2))
    assert numbers(engine, typed) == ["JG-2026-000001"]


def test_a_number_that_is_not_there_finds_nothing(engine: Engine) -> None:
    put(engine, result(1, numbers=("SLJ-2026-0007",)))
    assert numbers(engine, "SLJ-2026-0008") == numbers(engine, "SLJ-2026-00077") == []


def test_a_count_of_those_with_and_those_without_a_word_is_the_whole(engine: Engine) -> None:
    put(engine, *(result(n, f"示例{'恒昌南丰'[n % 3 : n % 3 + 2]}店") for n in range(1, 10)))
    for word in ("恒昌", "hengchang", "hc", "店", "昌", "JG-2026-000003"):
        assert engine.ask(Query(word)).total + engine.ask(Query(f"-{word}")).total == 9, word


def test_a_word_that_stands_many_times_in_many_documents_is_counted_once_each(engine: Engine) -> None:
    put(engine, *(result(serial, "示例店", *["检查检查检查"] * 3) for serial in range(1, 1301)))
    assert engine.ask(Query("检查检查")).total == 1300


@pytest.mark.parametrize("seed", range(5))
def test_a_phrase_is_found_exactly_where_it_stands(engine: Engine, seed: int) -> None:
    dice = random.Random(seed)
    texts = {serial: "".join(dice.choices("甲乙丙a", k=14)) for serial in range(1, 120)}
    for start in range(1, 120, 40):  # three segments
        put(engine, *(result(n, "示例", texts[n]) for n in range(start, min(start + 40, 120))))
    for _ in range(40):
        word = "".join(dice.choices("甲乙丙", k=dice.randint(2, 5)))
        expected = [f"JG-2026-{n:06d}" for n in sorted(texts, reverse=True) if word in texts[n]]
        assert numbers(engine, word, size=200) == expected


# ── filters, facets, sorting, pages ──────────────────────────


@pytest.mark.parametrize("text", ["", "恒昌"])
def test_filters_narrow_and_facets_show_what_another_choice_would_give(engine: Engine, text: str) -> None:
    put(engine, *MIXED[:2])
    put(engine, *MIXED[2:])
    answer = engine.ask(Query(text, filters={"outcome": "5", "department": "scjg"}))
    assert [hit.number for hit in answer.hits] == ["JG-2026-000002"]
    assert answer.total == 1
    assert answer.facets["outcome"] == {"1": 2, "5": 1}
    assert answer.facets["department"] == {"scjg": 1, "yjgl": 1}
    assert answer.facets["state"] == {"corrected": 1, "live": 1}
    assert answer.facets["year"] == {"2026": 1}


def test_only_the_facets_asked_for_are_counted(engine: Engine) -> None:
    put(engine, *MIXED)
    assert engine.ask(Query(facets=("kind",))).facets == {"kind": {"result": 3, "task": 1}}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "task"}, ["RW-2026-0001"]),
        ({"year": "2025"}, ["JG-2026-000001"]),
        ({"region": "339902"}, ["JG-2026-000003"]),
        ({"state": "corrected"}, ["JG-2026-000002"]),
        ({"entity": "91339900MA2TEST001", "outcome": "5"}, ["JG-2026-000003", "JG-2026-000002"]),
        ({"entity": "91339900MA2TEST00"}, []),
        ({"outcome": "2"}, []),
    ],
)
def test_each_filter(engine: Engine, filters: dict[str, str], expected: list[str]) -> None:
    put(engine, *MIXED)
    assert numbers(engine, filters=filters) == expected


def test_dates_narrow_by_publication_or_by_inspection_both_days_included(engine: Engine) -> None:
    put(engine, *MIXED)
    assert numbers(engine, published=Days(date(2025, 3, 1), date(2025, 3, 1))) == ["JG-2026-000001"]
    assert numbers(engine, inspected=Days(first=date(2026, 11, 1))) == ["JG-2026-000003"]
    assert "RW-2026-0001" not in numbers(engine, inspected=Days(last=date(2030, 1, 1)))


def test_newest_first_by_publication_or_by_inspection_and_names_before_texts(engine: Engine) -> None:
    put(engine, *MIXED, result(5, "示例北店", "恒昌", published_on=date(2026, 12, 1)))
    assert numbers(engine, "恒昌")[:2] == ["JG-2026-000005", "RW-2026-0001"]
    assert numbers(engine, "恒昌", sort="inspected")[0] == "JG-2026-000003"
    assert numbers(engine, "恒昌", sort="inspected")[-1] == "RW-2026-0001"
    assert numbers(engine, "恒昌", sort="relevance")[-1] == "JG-2026-000005"
    assert engine.ask(Query("恒昌")).hits[0].score == 0.0


def test_who_is_called_just_so_comes_first(engine: Engine) -> None:
    older = {"published_on": date(2025, 1, 1)}
    put(
        engine,
        result(1, "示例（恒昌）超市", **older),
        result(2, "示例恒昌超市东店"),
        result(3, "示例恒昌超市西店"),
    )
    for typed in ("示例恒昌超市", "示例 恒昌超市", "示例(恆昌)超市"):
        assert numbers(engine, typed, sort="relevance")[0] == "JG-2026-000001", typed
    assert numbers(engine, "恒昌超市", sort="relevance")[0] == "JG-2026-000003"


def test_names_near_some_tokens_are_given_the_nearest_first(engine: Engine) -> None:
    put(engine, result(1, "示例恒昌超市"), result(2, "示例南丰药房"), result(3, "示例恒昌药房", "示例横唱"))
    put(engine, result(4, "示例恒昌酒楼"))
    engine.put([], ["JG-2026-000004"], at(engine.position().entry + 1))
    assert engine.near(near("恒唱药房"), 2)[0] == "JG-2026-000003"
    assert "JG-2026-000004" not in engine.near(near("恒昌酒楼"), 10)
    assert engine.near([], 10) == engine.near(["从来"], 10) == []


def test_pages_follow_each_other_and_beyond_the_end_is_empty_with_a_true_total(engine: Engine) -> None:
    put(engine, *(result(serial) for serial in range(1, 8)))
    pages = [numbers(engine, "恒昌", page=page, size=3) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert sum(pages, []) == [f"JG-2026-{serial:06d}" for serial in range(7, 0, -1)]
    assert engine.ask(Query("恒昌", page=4, size=3)).total == 7


# ── leaving out ──────────────────────────────────────────────


@pytest.mark.parametrize("text", ["", "恒昌"])
@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ({"kind": "task"}, ["JG-2026-000003", "JG-2026-000002", "JG-2026-000001"]),
        ({"outcome": "1"}, ["RW-2026-0001", "JG-2026-000003"]),
        ({"department": "scjg", "region": "339902"}, ["RW-2026-0001"]),
        ({"year": "2025", "outcome": "5"}, ["RW-2026-0001"]),
    ],
)
def test_what_is_excluded_is_not_there(
    engine: Engine, text: str, without: dict[str, str], expected: list[str]
) -> None:
    put(engine, *MIXED[:2])
    put(engine, *MIXED[2:])
    assert numbers(engine, text, without=without) == expected


def test_a_count_is_what_the_choice_would_give_the_excluded_one_let_in_again(engine: Engine) -> None:
    put(engine, *MIXED)
    answer = engine.ask(Query("恒昌", without={"outcome": "5"}))
    assert answer.total == 2
    assert answer.facets["outcome"] == {"5": 2, "1": 1}
    assert answer.facets["kind"] == {"result": 1, "task": 1}
    narrowed = engine.ask(Query("恒昌", filters={"outcome": "1"}, without={"outcome": "5"}))
    assert narrowed.total == narrowed.facets["outcome"]["1"] == 1
    assert engine.ask(Query("恒昌", filters={"outcome": "5"})).total == narrowed.facets["outcome"]["5"]


def test_a_word_after_a_minus_must_not_be_there(engine: Engine) -> None:
    put(engine, result(1, "示例恒昌餐饮店"), result(2, "示例恒昌药店", "食品经营"), result(3, "示例南丰店"))
    for minus in "-－−":
        assert numbers(engine, f"恒昌 {minus}餐饮") == ["JG-2026-000002"], minus
    assert numbers(engine, "-恒昌") == ["JG-2026-000003"]
    assert numbers(engine, "-恒昌 -南丰") == []
    assert numbers(engine, "-从来没有") == ["JG-2026-000003", "JG-2026-000002", "JG-2026-000001"]
    assert (Query("甲甲 -乙乙").words, Query("甲甲 -乙乙").unwanted) == (("甲甲",), ("乙乙",))


def test_two_ranges_of_days_hold_together(engine: Engine) -> None:
    put(engine, *MIXED)
    both = {"published": Days(first=date(2026, 1, 1)), "inspected": Days(last=date(2026, 10, 31))}
    assert numbers(engine, **both) == ["JG-2026-000002"]
