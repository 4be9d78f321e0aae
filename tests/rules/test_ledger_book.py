"""The book on a small real database: numbering, the head, numbers of publications, and checking."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Base
from portal.ledger.book import check, lock, open_book, write, write_all
from portal.ledger.entry import EntryDraft, read_entry
from portal.ledger.hashing import EMPTY_ROOT, leaf_hash, root_of
from portal.ledger.models import Entry, LedgerHead, NumberSeries, TreeHash
from portal.ledger.numbers import next_number, next_numbers

TABLES: list[Any] = [Entry.__table__, LedgerHead.__table__, TreeHash.__table__, NumberSeries.__table__]


def engine_at(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None, "timeout": 20})
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = engine_at(tmp_path / "book.db")
    Base.metadata.create_all(engine, tables=TABLES)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session


def publish(number: str | None = "JG-2026-000001", version: int = 1, type: str = "publish") -> EntryDraft:
    return EntryDraft(type=type, number=number, version=version, basis="D11", department_code="scjg")


def test_an_empty_book_has_the_root_of_the_empty_tree(session: Session) -> None:
    head = open_book(session)
    assert (head.size, head.root) == (0, EMPTY_ROOT.hex())
    assert open_book(session) is head
    assert check(session) == []


def test_the_first_act_opens_the_book(session: Session) -> None:
    assert write(session, publish()).index == 0
    assert check(session) == []


def test_entries_are_numbered_without_gaps_and_the_head_follows(session: Session) -> None:
    entries = write_all(session, [publish(f"JG-2026-{at:06d}") for at in range(1, 301)])
    entries.append(write(session, publish("JG-2026-000301")))
    assert [entry.index for entry in entries] == list(range(301))
    head = lock(session)
    assert head.size == 301
    assert head.root == root_of(leaf_hash(entry.body) for entry in entries).hex()
    assert check(session) == []


def test_an_entry_names_the_newest_earlier_one_of_its_number(session: Session) -> None:
    first, other, second = write_all(
        session, [publish(), publish("JG-2026-000002"), publish(version=2, type="correct")]
    )
    third = write(session, publish(version=2, type="withdraw"))
    without = write(session, EntryDraft(type="calendar_update"))
    assert [each.previous for each in (first, other, second, third, without)] == [None, None, 0, 2, None]
    assert read_entry(third.body)["previous"] == 2
    assert check(session) == []


def test_the_public_reason_stands_beside_the_bytes_and_not_in_them(session: Session) -> None:
    entry = write(
        session, EntryDraft(type="withdraw", number="JG-2026-000001", version=1, reason="名称录错。")
    )
    assert entry.reason == "名称录错。"
    assert "名称录错".encode() not in entry.body
    assert check(session) == []


def test_time_in_the_book_never_runs_backwards(session: Session) -> None:
    noon = datetime(2026, 11, 23, 4, 0, 0, 250_000, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        first = write(session, publish())
    with time_machine.travel(noon - timedelta(hours=2), tick=False):
        second = write(session, publish(version=2, type="correct"))
    assert clock.stamp(first.at) == read_entry(first.body)["time"] == read_entry(second.body)["time"]
    assert second.at == first.at == noon.replace(microsecond=0)
    assert check(session) == []


def test_nothing_is_in_the_book_when_the_act_is_rolled_back(engine: sa.Engine) -> None:
    with Session(engine) as session:
        write(session, publish(next_number(session, "JG", 2026, 6)))
        session.rollback()
    with Session(engine) as session:
        assert next_number(session, "JG", 2026, 6) == "JG-2026-000001"
        assert write(session, publish()).index == 0


def test_numbers_go_up_by_one_per_kind_and_year(session: Session) -> None:
    assert next_number(session, "JG", 2026, 6) == "JG-2026-000001"
    assert next_numbers(session, "JG", 2026, 6, 3) == [f"JG-2026-{at:06d}" for at in (2, 3, 4)]
    assert next_number(session, "JG", 2027, 6) == "JG-2027-000001"
    assert next_number(session, "QD", 2026, 4) == "QD-2026-0001"
    session.commit()
    assert next_number(session, "JG", 2026, 6) == "JG-2026-000005"


def test_two_officers_publishing_at_once_lose_nothing_and_leave_no_gap(engine: sa.Engine) -> None:
    def officer() -> None:
        for _ in range(10):
            with Session(engine) as session, session.begin():
                write(session, publish(next_number(session, "JG", 2026, 6)))

    officers = [threading.Thread(target=officer) for _ in range(2)]
    for each in officers:
        each.start()
    for each in officers:
        each.join()
    with Session(engine) as session:
        numbers = list(session.scalars(sa.select(Entry.number).order_by(Entry.index)))
        assert numbers == [f"JG-2026-{at:06d}" for at in range(1, 21)]
        assert check(session) == []


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (
            "UPDATE entries SET body = replace(body, 'D11', 'D12') WHERE \"index\" = 2",
            "第2条存证的内容与其哈希值不符",
        ),
        ('DELETE FROM entries WHERE "index" = 2', "缺少第2条"),
        ('DELETE FROM entries WHERE "index" = 4', "应有5条，实有4条"),
        ("UPDATE entries SET number = 'JG-2026-000009' WHERE \"index\" = 2", "登记项不一致"),
        ('UPDATE entries SET previous = 0 WHERE "index" = 2', "没有指向同一编号的上一条"),
        ("UPDATE entries SET reason = '另一个理由' WHERE \"index\" = 2", "登记项不一致"),
        ("UPDATE entries SET at = '2020-01-01 00:00:00' WHERE \"index\" = 2", "早于上一条"),
        ("UPDATE ledger_heads SET root = 'x'", "根哈希"),
        ("UPDATE ledger_heads SET frontier = ''", "根哈希"),
        ("DELETE FROM ledger_heads", "尚未建立"),
    ],
)
def test_damage_to_the_book_is_told_in_a_sentence(session: Session, damage: str, sentence: str) -> None:
    write_all(session, [publish(f"JG-2026-{at:06d}") for at in range(1, 6)])
    session.execute(sa.text(damage))
    session.expire_all()
    problems = check(session)
    assert any(sentence in problem for problem in problems), problems
    assert all(problem.endswith("。") for problem in problems)


def test_a_damaged_frontier_stops_the_writing(session: Session) -> None:
    write(session, publish())
    session.execute(sa.text("UPDATE ledger_heads SET frontier = ''"))
    session.commit()
    with pytest.raises(ValueError, match="not the frontier"):
        write(session, publish(version=2, type="correct"))


def test_a_session_that_lives_on_sees_what_others_wrote_between_its_acts(engine: sa.Engine) -> None:
    with (
        Session(engine, expire_on_commit=False) as morning,
        Session(engine, expire_on_commit=False) as evening,
    ):
        for turn in range(3):
            for session in (morning, evening):
                write(session, publish(next_number(session, "JG", 2026, 6)))
                session.commit()
            assert lock(morning).size == 2 * turn + 2
            morning.commit()
        assert check(evening) == []


def test_an_act_undone_to_a_savepoint_leaves_no_gap(session: Session) -> None:
    write(session, publish(next_number(session, "JG", 2026, 6)))
    undone = session.begin_nested()
    write(session, publish(next_number(session, "JG", 2026, 6)))
    undone.rollback()
    entry = write(session, publish(next_number(session, "JG", 2026, 6)))
    assert (entry.index, entry.number) == (1, "JG-2026-000002")
    assert check(session) == []
