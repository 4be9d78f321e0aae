"""What a reader sees of our own draws: before the code is told, after it, and never by risk class."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.cli import main
from portal.draws import drawing, pool
from portal.draws.models import Draw, DrawFace
from portal.draws.verify import problems, read_bundle
from portal.draws.wanted import Conditions, Task
from portal.errors import Refused
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.publications import duty
from portal.publications.models import Publication, Release
from portal.publications.queries import fields_of
from portal.registries.models import InspectedObject, joined
from tests.cast import Cast
from tests.drawn import (
    BEFORE,
    ITEMS,
    TASK_NO,
    committed,
    drawn_through,
    fill_registries,
    locked,
    revealed,
    run,
    want,
)

# what every announcement has of its own: whom it drew, how many, by which line
OF_EACH = {"drawn", "sample_size", "source_number", "draw_mode"}


@pytest.fixture(autouse=True)
def registries(session: Session) -> None:
    fill_registries(session)


def public(session: Session, draw: Draw) -> str:
    number = session.get_one(DrawFace, draw.commit_index).number
    session.commit()
    return f"/tasks/{number}/draw"


def test_before_the_code_is_told_a_reader_sees_the_commitments_alone(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    draw = committed(session, cast.he)
    locked(session, cast, draw, run(session, draw, cast.he))
    address, codes, code = public(session, draw), draw.codes, draw.code
    session.commit()
    page, data = visitor.get(address), visitor.get(f"{address}.json")
    assert page.status_code == 200 and "检查全部结束后公布" in page.text
    assert json.loads(data.text)["format"] == "portal.draw-commitments/1"
    assert not [each for each in codes if each in page.text or each in data.text]
    assert code not in page.text + data.text
    assert "抽取核对" in visitor.get(address.removesuffix("/draw")).text


def test_after_it_everybody_has_what_it_takes(
    session: Session, cast: Cast, visitor: FlaskClient, tmp_path: Path
) -> None:
    address = public(session, drawn_through(session, cast, Conditions(by="tag")))
    page, data = visitor.get(address).text, visitor.get(f"{address}.json")
    assert "任何人都可以把名单重新抽一遍" in page and "static/draw." in page
    record = visitor.get(address.removesuffix("/draw") + "/record.json").data
    assert problems(read_bundle(data.data), json.loads(record)["fields"]) == []
    assert visitor.get(f"{address}?lang=en").status_code == 200
    assert visitor.get(f"{address}/commit/proof").text.startswith("c2sp.org/tlog-proof@v1")
    (tmp_path / "draw.json").write_bytes(data.data)
    (tmp_path / "record.json").write_bytes(record)
    told = CliRunner().invoke(
        main, ["draw", "verify", str(tmp_path / "draw.json"), "--record", str(tmp_path / "record.json")]
    )
    assert told.exit_code == 0 and "核对通过" in told.output


@pytest.mark.parametrize("conditions", [Conditions(by="risk"), Conditions(risk=("D",))])
def test_a_draw_by_risk_class_shows_nothing_that_tells_a_class(
    session: Session, cast: Cast, visitor: FlaskClient, conditions: Conditions
) -> None:
    """W2: neither a class, nor how many are in it, nor the code from which a rank could be worked out."""
    draw = drawn_through(session, cast, conditions)
    address, code, salt = public(session, draw), draw.code, draw.salt
    session.commit()
    shown = [visitor.get(each).text for each in (address, f"{address}.json", "/log/draws", "/log/")]
    for text in shown:
        assert not [word for word in ("信用风险", "高风险", "risk", code, salt) if word in text]
    assert "由联席会议办公室核对" in shown[0] and "static/draw." not in shown[0]
    said = json.loads(json.loads(shown[1])["commit"]["body"])
    assert conditions.by or said["size"] is said["excluded_count"] is None
    assert session.scalars(sa.select(DrawFace.bundle)).all() == [None]


@pytest.mark.parametrize("conditions", [Conditions(by="risk"), Conditions(risk=("D",))])
def test_two_towns_that_differ_in_their_risk_classes_commit_in_the_same_words(
    session: Session, cast: Cast, conditions: Conditions
) -> None:
    """But for digests, which are salted, and what every draw has of its own."""
    own = {"pool", "excluded", "strata", "inspectors", "commitment", "task", "time"}
    said, shown = [], []
    for task, classes in ((TASK_NO, "ABCD"), ("33990020230915002", "DDDC")):
        for at, firm in enumerate(session.scalars(sa.select(InspectedObject).order_by(InspectedObject.code))):
            firm.risk_class = classes[at % 4]
        draw = committed(session, cast.he, conditions, task=Task(task, "抽查", ITEMS))
        entry = read_entry(session.get_one(Entry, draw.commit_index).body)
        said.append({name: value for name, value in entry.items() if name not in own})
        face = session.get_one(DrawFace, draw.commit_index)
        shown.append((face.strata, face.is_public, face.bundle, face.state, face.source))
    assert said[0] == said[1] and shown[0] == shown[1]


def test_nothing_public_tells_a_draw_narrowed_by_risk_class_from_one_in_strata_or_one_without_names(
    session: Session, cast: Cast
) -> None:
    """W2: who knows that a list was narrowed by class knows something of everybody on it."""
    said, sizes = [], []
    worlds = ((Conditions(by="risk"), ""), (Conditions(risk=("D",)), ""), (Conditions(), "检查前不宜告知"))
    for at, (conditions, ground) in enumerate(worlds):
        task = Task(f"3399002023091500{at}", "抽查", ITEMS)
        draw = committed(session, cast.he, conditions, task=task, names_withheld=ground)
        entry = read_entry(session.get_one(Entry, draw.commit_index).body)
        said.append(
            {name: value for name, value in entry.items() if name in ("size", "excluded_count", "checked_by")}
        )
        locked(session, cast, draw, run(session, draw, cast.he))
        number = session.get_one(DrawFace, draw.commit_index).number
        release = session.scalars(sa.select(Release).where(Release.number == number)).one()
        fields = fields_of(release)
        sizes.append({name: value for name, value in fields.items() if name not in OF_EACH})
    assert (
        said[0] == said[1] == said[2] == {"size": None, "excluded_count": None, "checked_by": "coordinator"}
    )
    assert sizes[0] == sizes[1]


def test_who_was_excluded_and_why_can_not_be_found_by_trying_before_the_code_is_told(
    session: Session, cast: Cast
) -> None:
    excluded = {"91339900MA2CY0001X": "apart"}
    draw = committed(session, cast.he, excluded=excluded)
    said = read_entry(session.get_one(Entry, draw.commit_index).body)
    assert said["checked_by"] == "public"
    assert said["excluded"] != pool.digest(pool.exclusions_text(excluded))
    face = session.get_one(DrawFace, draw.commit_index)
    assert "pool" not in face.strata[0] and draw.salt != draw.told_salt


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        (Conditions(), "店主身份证号码110101199003074514填错。"),
        (Conditions(by="risk"), "D类的太少。"),
        (Conditions(risk=("D",)), "风险分类更新了。"),
    ],
)
def test_the_reason_of_a_redraw_which_nobody_reviews_gives_nothing_away(
    session: Session, cast: Cast, conditions: Conditions, reason: str
) -> None:
    draw = committed(session, cast.he, conditions)
    with clock.at(BEFORE), pytest.raises(Refused, match="会原样公开"):
        drawing.commit(session, want(session, conditions), by=cast.he, replaces=draw, reason=reason)
    session.rollback()
    with clock.at(BEFORE):
        drawing.commit(session, want(session, conditions), by=cast.he, replaces=draw, reason="名录库更新。")


def test_a_tag_that_is_called_after_a_class_makes_no_public_draw(session: Session, cast: Cast) -> None:
    session.execute(sa.update(InspectedObject).values(tags=joined(["信用D类"])))
    session.commit()
    conditions = Conditions(tags=("信用D类",), by="tag")
    for changes in (
        {},
        {"task": Task(TASK_NO, "抽查", ITEMS, "标签：信用D类"), "names_withheld": "不宜告知"},
    ):
        with clock.at(BEFORE), pytest.raises(Refused, match="写着信用分类"):
            drawing.commit(session, want(session, conditions, **changes), by=cast.he)


def test_a_list_that_is_withheld_is_in_no_bundle_either(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    draw = committed(session, cast.he)
    revision = run(session, draw, cast.he)
    revision.marks = [{"path": "drawn/0/entity_code", "start": None, "end": None, "ground": "privacy"}]
    with pytest.raises(Refused, match="隐去了抽取名单"):
        drawing.lock(session, draw, revision, by=cast.song)
    session.rollback()
    locked(session, cast, draw, revision)
    revealed(session, cast, draw)
    address, a_code = public(session, draw), draw.codes[0]
    assert a_code in visitor.get(f"{address}.json").text
    release = session.scalars(sa.select(Release)).one()
    record = json.loads(release.body or "")
    record["fields"]["drawn"] = None  # its scope was narrowed afterwards (W1)
    release.body = json.dumps(record)
    session.commit()
    assert a_code not in visitor.get(f"{address}.json").text


def test_a_draw_goes_off_with_its_announcement(session: Session, cast: Cast, visitor: FlaskClient) -> None:
    draw = drawn_through(session, cast)
    address = public(session, draw)
    publication = session.get_one(Publication, draw.publication_id)
    duty.hold(session, publication, by=cast.zhou, reason="急。")
    session.commit()
    for each in (address, f"{address}.json", f"{address}/commit/proof"):
        assert visitor.get(each).status_code == 451
    assert visitor.get("/tasks/RW-2023-9999/draw").status_code == 404


def test_a_task_that_was_not_drawn_here_has_no_draw(visitor: FlaskClient, result: Publication) -> None:
    assert (
        visitor.get("/tasks/RW-2026-0001/draw").status_code
        == visitor.get("/results/JG-2026-000001/draw").status_code
        == 404
    )
    assert "抽取核对" not in visitor.get("/tasks/RW-2026-0001").text
