"""How an engine writes, and what its folder keeps apart: the contract, kept by each of them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from portal.search.engine import START, Busy, Damaged, Engine, NotReady, Query
from portal.search.engines import ENGINES
from portal.search.folder import Followed, IndexFolder
from tests.searching import MIXED, at, numbers, put, result, words_on_disk


@pytest.fixture(params=sorted(ENGINES))
def make(request: pytest.FixtureRequest) -> Callable[[Path], Engine]:
    return ENGINES[request.param]


@pytest.fixture
def engine(make: Callable[[Path], Engine], tmp_path: Path) -> Iterator[Engine]:
    made = make(tmp_path / "index")
    yield made
    made.close()


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
    assert any(b"secretword" in held for _, held in words_on_disk(tmp_path))
    engine.put([], ["JG-2026-000001"], at(5), purge=True)
    assert not any(b"secretword" in held for _, held in words_on_disk(tmp_path))
    assert engine.position() == at(5)
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
    with engine.writing(), pytest.raises(Busy, match="下一次会从中断处继续"):  # type: ignore[attr-defined]
        put(make(tmp_path / "index"), result(2))
    put(engine, result(2))
    assert engine.ask(Query()).total == 2


def test_what_can_not_be_read_is_said_to_be_damaged(make: Callable[[Path], Engine], tmp_path: Path) -> None:
    engine = make(tmp_path / "index")
    put(engine, *MIXED)
    engine.check()
    engine.close()
    for path in (tmp_path / "index").iterdir():
        if path.suffix in {".trm", ".pst", ".col", ".term", ".idx", ".fast"}:
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
