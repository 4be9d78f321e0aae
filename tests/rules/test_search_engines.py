"""The contract of a search engine, kept by each of them."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from portal.search.documents import Document
from portal.search.engine import START, Damaged, Engine, NotReady, Position, Query
from portal.search.engines import ENGINES
from portal.search.engines.whoosh import Busy
from portal.search.folder import Followed, IndexFolder

DAY = date(2026, 11, 20)


def result(serial: int, name: str = "示例西恒昌餐饮店", *lines: str, **changes: Any) -> Document:
    plain = Document(
        number=f"JG-2026-{serial:06d}",
        kind="result",
        title=name,
        department="scjg",
        lines=(name, *lines),
        entity_name=name,
        entity_code="91339900MA2TEST001",
        outcomes=("1",),
        year=2026,
        published_on=DAY,
        happened_on=DAY - timedelta(days=20),
    )
    return replace(plain, **changes)


@pytest.fixture(params=sorted(ENGINES))
def make(request: pytest.FixtureRequest) -> Callable[[Path], Engine]:
    return ENGINES[request.param]


@pytest.fixture
def engine(make: Callable[[Path], Engine], tmp_path: Path) -> Iterator[Engine]:
    made = make(tmp_path / "index")
    yield made
    made.close()


def at(entry: int) -> Position:
    return Position(entry, f"{entry:064x}")


def put(engine: Engine, *documents: Document) -> None:
    engine.put(documents, (), at(engine.position().entry + 1))


def numbers(engine: Engine, text: str = "", **more: Any) -> list[str]:
    return [hit.number for hit in engine.ask(Query(text, **more)).hits]


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


def test_words_that_hold_no_pair_find_nothing_and_are_named(engine: Engine) -> None:
    put(engine, result(1))
    assert engine.ask(Query("店")).total == 0
    assert Query("店 恒昌").ignored == ("店",)
    assert numbers(engine, "店 恒昌") == ["JG-2026-000001"]


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


MIXED = (
    result(1, outcomes=("1",), department="scjg", year=2025, published_on=date(2025, 3, 1)),
    result(2, outcomes=("5", "1"), department="scjg", states=("live", "corrected")),
    result(3, outcomes=("5",), department="yjgl", region="339902", happened_on=date(2026, 11, 1)),
    replace(
        result(4, "示例恒昌抽查任务", outcomes=(), department="lxb", entity_code="", happened_on=None),
        number="RW-2026-0001",
        kind="task",
    ),
)


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
    assert numbers(engine, since=date(2025, 3, 1), until=date(2025, 3, 1)) == ["JG-2026-000001"]
    assert numbers(engine, since=date(2026, 11, 1), dated="inspected") == ["JG-2026-000003"]
    assert "RW-2026-0001" not in numbers(engine, until=date(2030, 1, 1), dated="inspected")


def test_newest_first_by_publication_or_by_inspection_and_names_before_texts(engine: Engine) -> None:
    put(engine, *MIXED, result(5, "示例北店", "恒昌", published_on=date(2026, 12, 1)))
    assert numbers(engine, "恒昌")[:2] == ["JG-2026-000005", "RW-2026-0001"]
    assert numbers(engine, "恒昌", sort="inspected")[0] == "JG-2026-000003"
    assert numbers(engine, "恒昌", sort="inspected")[-1] == "RW-2026-0001"
    assert numbers(engine, "恒昌", sort="relevance")[-1] == "JG-2026-000005"
    assert engine.ask(Query("恒昌")).hits[0].score == 0.0


def test_pages_follow_each_other_and_beyond_the_end_is_empty_with_a_true_total(engine: Engine) -> None:
    put(engine, *(result(serial) for serial in range(1, 8)))
    pages = [numbers(engine, "恒昌", page=page, size=3) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert sum(pages, []) == [f"JG-2026-{serial:06d}" for serial in range(7, 0, -1)]
    assert engine.ask(Query("恒昌", page=4, size=3)).total == 7


# ── writing ──────────────────────────────────────────────────


def test_a_new_index_is_at_the_start_and_a_put_moves_it(engine: Engine) -> None:
    assert engine.position() == START
    engine.put([result(1)], (), at(6))
    assert engine.position() == at(6)
    engine.put([], (), at(9))
    assert engine.position() == at(9)
    answer = engine.ask(Query("恒昌"))
    assert (answer.position, answer.total) == (9, 1)


def test_putting_twice_is_putting_once_and_the_newer_words_count(engine: Engine) -> None:
    for _ in range(3):
        put(engine, result(1, "示例旧名店"))
    put(engine, result(1, "示例新名店"))
    assert (numbers(engine, "旧名"), numbers(engine, "新名")) == ([], ["JG-2026-000001"])
    assert engine.ask(Query()).total == 1


def test_what_is_dropped_is_gone(engine: Engine) -> None:
    put(engine, result(1), result(2))
    engine.put([], ["JG-2026-000001", "JG-2026-999999"], at(5))
    assert numbers(engine, "恒昌") == ["JG-2026-000002"]
    assert engine.ask(Query()).facets["kind"] == {"result": 1}


def test_what_is_erased_leaves_the_disk_too(engine: Engine, tmp_path: Path) -> None:
    put(engine, result(1, "示例secretword店"), result(2))
    assert any(b"secretword" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    engine.put([], ["JG-2026-000001"], at(5), purge=True)
    assert not any(b"secretword" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert numbers(engine, "恒昌") == ["JG-2026-000002"]


def test_many_small_commits_stay_right_when_segments_are_merged(engine: Engine) -> None:
    for serial in range(1, 41):
        put(engine, result(serial, f"示例{'甲乙丙丁'[serial % 4]}恒昌店"))
        if serial % 5 == 0:
            engine.put([], [f"JG-2026-{serial - 2:06d}"], at(engine.position().entry + 1))
    assert engine.ask(Query("恒昌店")).total == 32
    assert engine.ask(Query("例甲恒昌")).total == 8
    assert engine.position().entry == 47


def test_a_reopened_index_answers_as_before(make: Callable[[Path], Engine], tmp_path: Path) -> None:
    first = make(tmp_path / "index")
    put(first, *MIXED)
    first.close()
    again = make(tmp_path / "index")
    again.check()
    assert numbers(again, "恒昌", filters={"outcome": "5"}) == ["JG-2026-000003", "JG-2026-000002"]
    assert again.position() == at(0)


def test_readers_never_see_an_error_or_half_a_commit_while_it_writes(
    make: Callable[[Path], Engine], tmp_path: Path
) -> None:
    writer, wrong, done = make(tmp_path / "index"), [], Event()
    put(writer, result(1, "示例甲甲店"), result(2, "示例甲甲店"))

    def read() -> None:
        reader = make(tmp_path / "index")
        while not done.is_set():
            try:
                total = reader.ask(Query("甲甲")).total
            except Exception as error:  # whatever it is, a reader saw it
                wrong.append(error)
            else:
                if total != 2:
                    wrong.append(total)
        reader.close()

    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for round_ in range(25):
        put(writer, result(1, "示例甲甲店", str(round_)), result(2, "示例甲甲店", str(round_)))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_second_writer_is_told_so(make: Callable[[Path], Engine], tmp_path: Path) -> None:
    engine = make(tmp_path / "index")
    put(engine, result(1))
    held = engine._writer()  # type: ignore[attr-defined]
    with pytest.raises(Busy, match="下一次会从中断处继续"):
        put(make(tmp_path / "index"), result(2))
    held.cancel()
    put(engine, result(2))
    assert engine.ask(Query()).total == 2


def test_what_can_not_be_read_is_said_to_be_damaged(make: Callable[[Path], Engine], tmp_path: Path) -> None:
    engine = make(tmp_path / "index")
    put(engine, *MIXED)
    engine.check()
    engine.close()
    for path in (tmp_path / "index").iterdir():
        if path.suffix in {".trm", ".pst", ".col"}:
            path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(Damaged):
        engine.check()
    with pytest.raises(NotReady, match="全文检索正在恢复"):
        engine.ask(Query("恒昌"))


# ── the folder ───────────────────────────────────────────────


@pytest.fixture
def folder(make: Callable[[Path], Engine], tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "indexes", make)


def test_a_folder_without_an_index_says_so(folder: IndexFolder) -> None:
    assert folder.position() == -1
    with pytest.raises(NotReady, match="还没有建好"):
        folder.ask(Query("恒昌"))


def test_readers_keep_the_old_index_until_the_new_one_takes_its_place(folder: IndexFolder) -> None:
    name, first = folder.build()
    put(first, result(1))
    folder.swap(name)
    assert folder.ask(Query("恒昌")).total == 1
    name, second = folder.build()
    put(second, result(1), result(2))
    assert folder.ask(Query("恒昌")).total == 1
    folder.swap(name)
    assert folder.ask(Query("恒昌")).total == 2
    assert [path.name for path in folder.root.iterdir() if path.is_dir()] == [name]


def test_a_build_that_was_not_finished_is_gone_on_with(folder: IndexFolder) -> None:
    _, build = folder.build()
    put(build, result(1))
    build.close()
    _, again = folder.build()
    assert again.position() == at(0)


def test_one_follower_per_folder(folder: IndexFolder, make: Callable[[Path], Engine]) -> None:
    with (
        folder.following(),
        pytest.raises(Followed, match="另一个程序"),
        IndexFolder(folder.root, make).following(),
    ):
        pass
    with IndexFolder(folder.root, make).following():
        pass


def test_a_folder_that_was_deleted_is_no_index(folder: IndexFolder) -> None:
    name, build = folder.build()
    put(build, result(1))
    folder.swap(name)
    assert folder.position() == 0
    shutil.rmtree(folder.root)
    assert folder.position() == -1
