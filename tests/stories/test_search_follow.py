"""Search follows the ledger: what is published is found, what is taken down is not, whatever happens to the index."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal import work
from portal.errors import Refused
from portal.publications import duty
from portal.publications.models import Face, Publication
from portal.search import asking, helping, listing
from portal.search.engine import Engine, Query
from portal.search.engines.whoosh import WhooshEngine
from portal.search.folder import Followed, IndexFolder
from portal.search.following import catch_up, rebuild
from portal.sessions import session_at
from tests import examples
from tests.cast import Cast
from tests.office import correct, disclose, withdraw

MIDDLE = "恒昌餐"


@contextmanager
def reading(app: Flask) -> Iterator[Session]:
    with session_at(app, "public") as session:
        yield session


def found(app: Flask, text: str, **more: Any) -> list[str]:
    with reading(app) as session:
        return [hit.number for hit in asking.ask(session, folder(app), Query(text, **more)).hits]


def folder(app: Flask) -> IndexFolder:
    return work.index_folder(app)


def number(publication: Publication) -> str:
    assert publication.number
    return publication.number


@pytest.fixture
def firm(session: Session, cast: Cast) -> Publication:
    """A result, and before it the list that its items are on."""
    disclose(session, cast, "list", examples.item_list())
    return disclose(session, cast, "result", examples.result(entity_name="示例西恒昌餐饮店"))


def test_a_firm_is_found_by_three_characters_from_the_middle_of_its_name(
    app: Flask, firm: Publication
) -> None:
    work.index_step(app)
    assert found(app, MIDDLE) == [number(firm)]
    assert found(app, "恆昌餐飲") == [number(firm)]
    with reading(app) as session:
        hit = asking.ask(session, folder(app), Query(MIDDLE)).hits[0]
    assert ("恒昌餐", True) in hit.title


def test_following_again_does_nothing_more(app: Flask, firm: Publication) -> None:
    assert work.index_step(app) > 0
    assert work.index_step(app) == 0
    assert found(app, MIDDLE) == [number(firm)]


def test_a_correction_is_found_by_its_new_words_only(
    app: Flask, session: Session, cast: Cast, firm: Publication
) -> None:
    work.index_step(app)
    correct(session, cast, firm, "名称录入有误。", entity_name="示例北顺达餐饮店")
    work.index_step(app)
    assert (found(app, MIDDLE), found(app, "顺达餐饮")) == ([], [number(firm)])
    assert found(app, "顺达餐饮", filters={"state": "corrected"}) == [number(firm)]


def test_what_is_held_or_withdrawn_is_not_shown_even_before_the_index_knows(
    app: Flask, session: Session, cast: Cast, firm: Publication
) -> None:
    work.index_step(app)
    duty.hold(session, firm, by=cast.zhou, reason="可能涉及应隐去的内容。")
    session.commit()
    with reading(app) as public:
        page = asking.ask(public, folder(app), Query(MIDDLE))
    assert (page.total, list(page.hits)) == (0, [])
    work.index_step(app)
    assert folder(app).ask(Query(MIDDLE)).total == 0


def test_a_withdrawal_is_dropped(app: Flask, session: Session, cast: Cast, firm: Publication) -> None:
    work.index_step(app)
    withdraw(session, cast, firm, "对象有误。")
    work.index_step(app)
    assert folder(app).ask(Query(MIDDLE)).total == 0


def test_the_ledger_is_followed_in_chunks_from_where_it_stopped(
    app: Flask, session: Session, cast: Cast, firm: Publication
) -> None:
    for at in range(4):
        disclose(session, cast, "result", examples.result(entity_name=f"示例第{'一二三四'[at]}恒昌餐馆"))
    steps = []
    while not steps or steps[-1]:
        with reading(app) as public:
            steps.append(catch_up(public, folder(app), limit=2))
    assert all(step <= 2 for step in steps)
    assert len(found(app, MIDDLE)) == 5


@pytest.mark.parametrize("harm", ["deleted", "emptied", "cut short", "of another ledger"])
def test_an_index_that_is_harmed_is_built_anew_by_itself(app: Flask, firm: Publication, harm: str) -> None:
    work.index_step(app)
    root = folder(app).root
    current = root / folder(app).current
    if harm == "deleted":
        shutil.rmtree(root)
    elif harm == "emptied":
        for path in current.iterdir():
            path.unlink()
    elif harm == "cut short":
        for path in current.glob("*.trm"):
            path.write_bytes(path.read_bytes()[:9])
    else:
        engine = WhooshEngine(current)
        engine.put([], [], engine.position()._replace(leaf_hash="00"))
        engine.close()
    del app.extensions["portal_search"]  # as a new process would come to it
    work.index_step(app)
    assert found(app, MIDDLE) == [number(firm)]


def test_a_rebuild_that_is_killed_goes_on_where_it_stopped_and_readers_keep_the_old(
    app: Flask, session: Session, cast: Cast, firm: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    disclose(session, cast, "result", examples.result(entity_name="示例东恒昌餐馆"))
    work.index_step(app)
    old = folder(app).current

    def killed(position: int) -> None:
        raise KeyboardInterrupt

    with reading(app) as public, pytest.raises(KeyboardInterrupt):
        rebuild(public, folder(app), limit=2, progress=killed)
    assert folder(app).current == old
    assert len(found(app, MIDDLE)) == 2
    seen: list[int] = []
    with reading(app) as public:
        rebuild(public, folder(app), limit=2, progress=seen.append)
    assert seen[0] > 1
    assert folder(app).current != old
    assert len(found(app, MIDDLE)) == 2


def test_two_followers_of_one_folder_do_not_meet(app: Flask, firm: Publication) -> None:
    other = IndexFolder(folder(app).root, WhooshEngine)
    with other.following(), reading(app) as public, pytest.raises(Followed):
        catch_up(public, folder(app))
    work.index_step(app)
    assert found(app, MIDDLE) == [number(firm)]


def test_numbers_codes_and_filters_need_no_index(
    app: Flask, session: Session, cast: Cast, firm: Publication
) -> None:
    task = disclose(session, cast, "task", examples.task())
    content = examples.result()
    for typed in (number(firm), number(firm).lower(), content["entity_code"], content["entity_code"][4:11]):
        assert found(app, typed) == [number(firm)]
    assert number(task) in found(app, examples.task()["source_number"])
    assert found(app, "", filters={"kind": "task"}) == [number(task)]
    with reading(app) as public:
        page = asking.ask(public, folder(app), Query(filters={"kind": "task"}, page=9))
    assert (page.total, list(page.hits)) == (1, [])
    assert page.facets["kind"] == {"list": 1, "result": 1, "task": 1}
    assert folder(app).position() == -1


def test_what_is_not_live_is_named_by_no_number_and_offered_by_no_likeness(
    app: Flask, session: Session, cast: Cast, firm: Publication
) -> None:
    code = examples.result()["entity_code"]
    session.get_one(Face, number(firm)).live = False  # and all its columns left as they were
    session.commit()
    with reading(app) as public:
        assert [listing.numbered(public, typed) for typed in (number(firm), code, code[4:11])] == [None] * 3
        assert "示例西恒昌餐饮店" not in helping.released_names(public, [number(firm)])


def test_sql_and_the_engine_give_one_answer(
    app: Flask, session: Session, cast: Cast, firm: Publication
) -> None:
    disclose(session, cast, "task", examples.task())
    correct(session, cast, firm, "漏记。", follow_up_note="已经核实。")
    work.index_step(app)
    engine: Engine = folder(app).engine()
    for filters in ({}, {"kind": "result"}, {"state": "corrected"}, {"department": "scjg", "outcome": "1"}):
        for sort in ("published", "inspected"):
            query = Query(filters=filters, sort=sort)
            with reading(app) as public:
                by_sql = asking.ask(public, folder(app), query)
            by_engine = engine.ask(query)
            assert [hit.number for hit in by_sql.hits] == [hit.number for hit in by_engine.hits]
            assert (by_sql.total, by_sql.facets) == (by_engine.total, by_engine.facets)
            assert by_sql.position == by_engine.position


def test_a_condition_that_does_not_exist_is_refused_in_a_sentence(app: Flask) -> None:
    for filters in (
        {"kind": "x"},
        {"department": "x"},
        {"outcome": "99"},
        {"year": "二〇"},
        {"nothing": "x"},
    ):
        with pytest.raises(Refused, match="请去掉它或者在页面上选择"):
            found(app, "", filters=filters)
    with pytest.raises(Refused, match="缩短"):
        found(app, "恒昌" * 200)


def test_the_loop_tries_a_failed_step_again_and_stops_when_told(app: Flask) -> None:
    tries: list[int] = []

    def fails(office: work.Office) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError
        worker.stopping.set()
        return 0

    worker = work.Worker(app, (fails,))
    worker.run()
    assert len(tries) == 2


def test_one_round_takes_figures_too(app: Flask, firm: Publication) -> None:
    done = work.once(app)
    assert done["index_step"] > 0
    assert done["figures_step"] > 0
    assert not any(work.once(app).values())


def test_an_office_that_has_published_nothing_yet_answers_that_nothing_is_found(app: Flask) -> None:
    work.index_step(app)
    assert found(app, MIDDLE) == []
    assert app.test_client().get("/search?q=恒昌餐").status_code == 200
