"""Counts that are kept are the counts of what is there: after every act, on both databases, whoever acts at once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import load_profile
from portal.erasing import expiring
from portal.publications import bulk, duty, months, pipeline, queries, tallying, totals
from portal.publications.models import Batch, Face, Publication, Tally
from portal.publications.queries import Filters
from portal.search import listing
from portal.search.engine import Query
from portal.sessions import session_at
from portal.statistics import counting
from portal.statistics.counting import Asked
from tests import examples
from tests.batches import batch_of
from tests.cast import Cast
from tests.erasing import PART, erased, marks, saying
from tests.office import carry_through, correct, disclose, propose, withdraw

Known = Counter[tuple[Any, ...]]
LATER = datetime(2044, 3, 1, 4, tzinfo=clock.SHANGHAI)


def kept(session: Session) -> Known:
    rows = session.execute(sa.select(Tally.__table__).order_by(*Tally.__table__.primary_key)).all()
    assert all(row.records > 0 for row in rows), "a row that came to nothing stayed"
    return Counter({tuple(row[:-1]): row[-1] for row in rows})


def true(session: Session) -> Known:
    """The same, counted face by face."""
    counts: Known = Counter()
    for face in session.scalars(
        sa.select(Face).where(Face.live), execution_options={"populate_existing": True}
    ):
        told = (face.kind, face.year, face.department_code)
        counts[0, *told, face.region, face.outcomes, face.corrected] += 1
        counts[face.published_on.month, *told, "", face.outcomes, False] += 1
    return counts


def agree(session: Session) -> None:
    session.commit()
    assert kept(session) == true(session)
    assert [*tallying.why_not_true(session)] == []
    session.rollback()


# ── every kind of act ────────────────────────────────────────


def test_acts_on_one_record_after_another(session: Session, cast: Cast, result: Publication) -> None:
    agree(session)
    found = examples.result()["items"]
    correct(session, cast, result, "漏记。", items=[found[0]])
    agree(session)
    assert sum(n for key, n in kept(session).items() if key[-1]) == 1  # one correction, in its year alone
    duty.hold(session, result, by=cast.zhou, reason="核实")
    agree(session)
    carry_through(session, cast, propose(session, cast, result, "restore", "核实无误。"))
    agree(session)
    withdraw(session, cast, result, "对象有误。")
    agree(session)
    assert not [key for key in kept(session) if key[1] == "result"]


def test_names_that_a_correction_takes_off_and_a_list_that_is_adjusted(
    session: Session, cast: Cast, result: Publication
) -> None:
    task = session.scalars(sa.select(Publication).where(Publication.kind == "task")).one()
    disclose(session, cast, "task", examples.task(title="另一次抽查", source_number="33990020261012009"))
    duty.hold(session, task, by=cast.zhou, reason="核实")
    agree(session)
    carry_through(session, cast, propose(session, cast, task, "restore", "核实无误。"))
    agree(session)  # what was hidden did not count, though it looked like the other
    hidden = {"names_shown": False, "names_withheld_ground": "检查前不宜告知。"}
    correct(session, cast, task, "不宜公示名单。", **hidden)
    agree(session)
    adjusted = session.scalars(sa.select(Publication).where(Publication.kind == "list")).one()
    revision = propose(session, cast, adjusted, "adjust", "事项有调整。", effective_from="2027-01-01")
    carry_through(session, cast, revision)
    agree(session)


def test_erased_in_part_and_whole(session: Session, cast: Cast, result: Publication) -> None:
    shown = disclose(session, cast, "result", saying("缺少鸢尾蓝七四一九记录。", entity_name="示例甲店"))
    revision = propose(session, cast, shown, "correct", "误公开了商业秘密。")
    revision.marks = marks("缺少鸢尾蓝七四一九记录。")
    carry_through(session, cast, revision)
    erased(session, cast, shown, PART)
    agree(session)
    erased(session, cast, result)
    agree(session)
    assert sum(n for key, n in kept(session).items() if key[:2] == (0, "result")) == 1


def test_whatever_is_over_goes_by_itself(session: Session, cast: Cast, result: Publication) -> None:
    profile = load_profile("shili")
    with clock.at(LATER):
        over = expiring.ending(session, profile, LATER.date())
        assert expiring.expire(session, over, profile, LATER.date()) > 0
        agree(session)
    assert not [key for key in kept(session) if key[1] == "result"]


def test_a_batch_costs_a_row_for_each_combination_and_not_for_each_record(
    session: Session, cast: Cast
) -> None:
    disclose(session, cast, "list", examples.item_list())
    batch = batch_of(session, 40, by=cast.he, submit=False).id
    sent: list[Any] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO tallies"):
            sent.append(parameters)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        for act, by in (("submit", cast.he), ("approve", cast.song), ("publish", cast.song)):
            bulk.act_on_batch(session, session.get_one(Batch, batch), act, by=session.merge(by))  # type: ignore[arg-type]
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    agree(session)
    assert len(session.scalars(sa.select(Face).where(Face.kind == "result")).all()) > 10
    rows = [
        row for parameters in sent for row in (parameters if isinstance(parameters, list) else [parameters])
    ]
    assert 2 <= len(rows) <= 2 * len(sent) + 4


# ── in the middle ────────────────────────────────────────────


def test_an_act_that_is_not_carried_through_counts_nothing(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    """Neither for a reader meanwhile, nor once it is rolled back; and from its commit on for everybody."""

    def public() -> int:
        with session_at(app, "public") as reader:
            count = totals.count(reader, "result", Filters())
            assert count == len(queries.browse(reader, "result", Filters(), limit=9))
            return count

    revision = pipeline.draft(session, "result", examples.result(entity_name="示例乙店"), by=cast.he)
    pipeline.submit(session, revision, by=cast.he)
    pipeline.approve(session, revision, by=cast.song)
    session.commit()
    assert public() == 1
    pipeline.carry_out(session, revision, by=cast.song)
    assert totals.count(session, "result", Filters()) == 2  # its own act
    assert public() == 1
    session.rollback()
    agree(session)
    assert public() == 1
    pipeline.carry_out(session, revision, by=cast.song)
    session.commit()
    assert public() == 2


# ── what is asked of them ────────────────────────────────────

FIRST = date(2024, 11, 3)


@pytest.fixture
def many(session: Session, result: Publication) -> Session:
    """Faces in two years that repeat in everything, so that every combination has several."""
    face = session.get_one(Face, result.number)
    plain = {each.key: getattr(face, each.key) for each in sa.inspect(Face).column_attrs}
    rows = [
        plain
        | {
            "number": f"JG-2024-{at:06}", "department_code": ("scjg", "yjgl")[at % 2], "live": at % 11 != 4,
            "kind": "task" if at % 7 == 0 else "result", "corrected": at % 5 == 0, "ad_hoc": at % 14 == 0,
            "region": ("", "339901", "339902")[at % 3], "outcomes": ("|1|", "|6|1|", "|16|", "")[at % 4],
            "published_on": (on := FIRST + timedelta(days=at * 2)), "year": on.year,
        }
        for at in range(60)
    ]  # fmt: skip
    session.execute(sa.insert(Face), rows)
    tallying.recount(session)
    agree(session)
    return session


def queries_asked() -> Iterator[Query]:
    filters = {
        "kind": ("", "result"), "department": ("", "yjgl", "wlj"), "year": ("", "2025"), "outcome": ("", "1", "6"),
        "state": ("", "corrected"),
    }  # fmt: skip
    without = (
        {},
        {"outcome": "1", "region": "339901"},
        {"kind": "task", "department": "scjg", "year": "2024"},
    )
    for *given, spared in islice(
        product(*filters.values(), without), 0, None, 7
    ):  # 7 shares no factor with them
        wanted = {name: value for name, value in zip(filters, given, strict=True) if value}
        yield Query(filters=wanted, without=spared)
    yield Query(filters={"region": "339902", "state": "live"})


def test_a_search_without_words_is_answered_as_if_each_face_were_counted(many: Session) -> None:
    for query in queries_asked():
        kept, counted = listing.answer(many, query), listing.answer(many, query, sa.true())
        assert (kept.total, kept.facets) == (counted.total, counted.facets), query
        assert [each.number for each in kept.hits] == [each.number for each in counted.hits]
        assert kept.total >= len(kept.hits)


def test_lists_offer_and_number_what_they_show(many: Session) -> None:
    shown = many.scalars(sa.select(Face).where(Face.live, Face.kind == "result")).all()
    for department, year, outcome, region in product(("", "scjg"), (0, 2025), ("", "6"), ("", "339901")):
        filters = Filters(department, year, outcome, region)
        assert totals.count(many, "result", filters) == len(queries.browse(many, "result", filters, limit=99))
    departments, years, regions = totals.choices(many, "result")
    assert departments == {each.department_code for each in shown}
    assert (years, regions) == ({each.year for each in shown}, {each.region for each in shown} - {""})
    many.execute(sa.update(Face).where(~Face.live).values(published_on=date(2031, 1, 1)))
    section = totals.sections(many)["result"]
    assert (section.count, section.newest) == (len(shown), max(each.published_on for each in shown))


def test_statistics_count_months_regions_and_years(many: Session) -> None:
    live = many.scalars(sa.select(Face).where(Face.live)).all()
    for asked in (Asked(2024), Asked(2025, "yjgl")):
        mine = [each for each in live if each.kind == "result" and each.year == asked.year]
        mine = [each for each in mine if asked.department in ("", each.department_code)]
        counts = Counter((each.published_on.month, each.department_code, each.outcomes) for each in mine)
        found = [
            (each.month, each.department, f"|{'|'.join(each.outcomes)}|" if each.outcomes else "", each.count)
            for each in counting.results(many, asked)
        ]
        assert found == [(*key, counts[key]) for key in sorted(counts)]
        assert counting.regions(many, asked) == Counter(each.region for each in mine)
    assert counting.by_year(many) == Counter((each.department_code, each.kind, each.year) for each in live)


def test_the_maps_of_the_months_know_how_many_and_when_the_last_changed(many: Session) -> None:
    faces = many.scalars(sa.select(Face).where(Face.live).order_by(Face.changed_at)).all()
    for at, face in enumerate(faces):
        face.changed_at += timedelta(minutes=at * 7 % 50)
    many.execute(sa.update(Face).where(~Face.live).values(changed_at=clock.now() + timedelta(days=9)))
    many.flush()
    counts = Counter((each.published_on.year, each.published_on.month) for each in faces)
    assert months.live_months(many) == [
        (
            *month,
            counts[month],
            max(each.changed_at for each in faces if each.published_on.timetuple()[:2] == month),
        )
        for month in sorted(counts)
    ]
