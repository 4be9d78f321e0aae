"""依法删除: what should never have been shown leaves every place there is, and the ledger stays whole."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.erasing import deciding, requirements, working
from portal.erasing.blanking import MARKER
from portal.erasing.requirements import Proposed
from portal.errors import Overtaken, Refused
from portal.ledger import book
from portal.outbox.posting import post
from portal.publications import duty, pipeline, queries
from portal.publications.models import Prepared, Publication, Revision, TakenDown
from portal.sessions import session_at
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.erasing import (
    BASIS,
    CANARY,
    FIRM,
    PART,
    REASON,
    WHOLE,
    erased,
    finished,
    found_in,
    imported,
    lines,
    marks,
    saying,
)
from tests.office import carry_through, correct, disclose


@pytest.fixture(autouse=True)
def the_list(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())


@pytest.fixture
def planted(session: Session, cast: Cast, app: Flask, tmp_path: Path) -> Publication:
    """A firm's result with a canary wherever a record has words, corrected once, told of, imported again."""
    problem = f"使用{CANARY}。"
    content = saying(problem, entity_name=FIRM, internal_note=f"内部：{CANARY}")
    publication = disclose(session, cast, "result", content, marks=marks(problem))
    correct(session, cast, publication, f"{CANARY}有误", entity_name=FIRM + "（个体）")
    post(
        session, key="x", topic="x", channel="email", to_address="a@example.com",
        subject="请看", body=f"{publication.number}：{FIRM}", about=publication.number or "",
    )  # fmt: skip
    session.commit()
    imported(session, cast, tmp_path)
    work.index_step(app)
    return session.get_one(Publication, publication.id)


def test_a_whole_record_leaves_every_file_and_every_table(
    app: Flask, session: Session, cast: Cast, settings: Settings, planted: Publication
) -> None:
    assert {"revisions", "releases", "prepared", "entries", "outbox", "import_refusals"} <= found_in(
        session, settings
    )
    before = lines(session)
    erasure = finished(app, session, erased(session, cast, planted))
    assert found_in(session, settings) == set()
    assert erasure.state == "done"
    assert all(place.done_at for place in erasure.places)
    assert {"intake": 1, "messages": 1, "revisions": 2, "prepared": 2}.items() <= {
        place.name: place.count for place in erasure.places
    }.items()
    after = lines(session)
    assert after[: len(before)] == before and len(after) == len(before) + 1
    assert book.check(session) == []


def test_the_gap_is_marked_and_says_what_was_removed_and_why(
    session: Session, cast: Cast, visitor: FlaskClient, planted: Publication
) -> None:
    erased(session, cast, planted)
    for rest in ("", "/record.json", "/versions/", "/versions/1", "/versions/2", "/corrections/2"):
        answer = visitor.get(f"/results/{planted.number}{rest}")
        assert answer.status_code == 410
        assert REASON in answer.text and BASIS in answer.text and CANARY not in answer.text
    assert f"/results/{planted.number}" in visitor.get("/withdrawals/").text
    assert CANARY not in visitor.get("/corrections/").text
    assert visitor.get("/entities/9133990075TNM5LB3J").status_code == 404


def test_a_part_goes_and_the_public_version_stays_as_it_is(
    app: Flask, session: Session, cast: Cast, settings: Settings, visitor: FlaskClient
) -> None:
    problem = f"使用{CANARY}，已责令改正。"
    publication = disclose(session, cast, "result", saying(problem))
    hidden = pipeline.draft(
        session, "result", {}, by=cast.he, act="rescope", publication=publication, marks=marks(problem)
    )
    carry_through(session, cast, hidden)
    shown = visitor.get(f"/results/{publication.number}/record.json").data
    erasure = finished(app, session, erased(session, cast, publication, PART))
    assert erasure.state == "done"
    assert found_in(session, settings) == set()
    assert visitor.get(f"/results/{publication.number}/record.json").data == shown
    assert visitor.get(f"/results/{publication.number}/versions/1").status_code == 410
    assert session.scalars(sa.select(Prepared.salt_key).where(Prepared.revision_id == hidden.id)).one() == ""
    assert hidden.content["items"][0]["problem"] == f"使用{MARKER}，已责令改正。"
    assert "〔依法隐去：商业秘密〕" in str(pipeline.preview(hidden).fields)


def test_a_part_that_was_corrected_away_goes_from_the_version_before(
    app: Flask, session: Session, cast: Cast, settings: Settings
) -> None:
    publication = disclose(session, cast, "result", saying(f"使用{CANARY}。"))
    correct(session, cast, publication, "文字有误", items=saying("已责令改正。")["items"])
    finished(app, session, erased(session, cast, publication, PART))
    assert found_in(session, settings) == set()
    versions = sa.select(Revision).where(Revision.publication_id == publication.id).order_by(Revision.id)
    first, second = session.scalars(versions)
    assert (first.content["items"][0]["problem"], second.content["items"][0]["problem"]) == (
        MARKER, "已责令改正。",
    )  # fmt: skip


def test_a_part_of_what_is_on_hold_goes_and_the_rest_can_be_restored(
    app: Flask, session: Session, cast: Cast, settings: Settings, visitor: FlaskClient
) -> None:
    problem = f"使用{CANARY}，已责令改正。"
    publication = disclose(session, cast, "result", saying(problem))
    hidden = pipeline.draft(
        session, "result", {}, by=cast.he, act="rescope", publication=publication, marks=marks(problem)
    )
    carry_through(session, cast, hidden)
    duty.hold(session, publication, by=cast.zhou, reason=f"涉及{CANARY}")
    finished(app, session, erased(session, cast, publication, PART))
    assert visitor.get(f"/results/{publication.number}").status_code == 451
    assert found_in(session, settings) == set()
    carry_through(
        session,
        cast,
        pipeline.draft(
            session,
            "result",
            {**hidden.content},
            by=cast.he,
            act="restore",
            publication=publication,
            reason="已经隐去",
        ),
    )
    assert "〔依法隐去：商业秘密〕" in visitor.get(f"/results/{publication.number}").text
    assert visitor.get(f"/results/{publication.number}/versions/1").status_code == 410


def test_what_is_still_public_is_not_erased_behind_its_back(session: Session, cast: Cast) -> None:
    publication = disclose(session, cast, "result", saying(f"使用{CANARY}。"))
    with pytest.raises(Refused, match="请先调整公示范围"):
        deciding.propose(session, publication, PART, by=cast.he)


def test_an_erasure_takes_two_people_and_a_head(session: Session, cast: Cast, planted: Publication) -> None:
    with pytest.raises(Refused, match="没有“提出依法删除”的权限"):
        deciding.propose(session, planted, WHOLE, by=cast.song)
    erasure = deciding.propose(session, planted, WHOLE, by=cast.zhou)
    for other in (cast.he, cast.song, cast.zhou, cast.qin):
        with pytest.raises(Refused):
            deciding.agree(session, erasure, by=other)
    deciding.agree(session, erasure, by=cast.lin)
    with pytest.raises(Refused):
        deciding.agree(session, erasure, by=cast.lin)


def test_in_a_small_office_the_head_who_proposed_does_not_agree(session: Session, cast: Cast) -> None:
    content = examples.item_list(department={"code": "wlj", "label": "示例市文化和旅游局"})
    revision = pipeline.draft(session, "list", content, by=cast.su)
    pipeline.submit(session, revision, by=cast.su)
    pipeline.approve(session, revision, by=cast.pei)
    pipeline.carry_out(session, revision, by=cast.pei)
    erasure = deciding.propose(session, revision.publication, WHOLE, by=cast.ning)
    assert "不能自己同意" in str(requirements.why_not_agree(session, erasure, cast.ning))


def test_of_two_who_decide_at_once_one_is_told(session: Session, cast: Cast, planted: Publication) -> None:
    erasure = deciding.propose(session, planted, WHOLE, by=cast.he)
    seen = erasure.step_id
    deciding.refuse(session, erasure, by=cast.lin, note="先暂停公示")
    erasure.state = "proposed"  # as the other one still sees it
    with pytest.raises(Overtaken):
        deciding.refuse(session, erasure, by=cast.lin, note="晚了一步", seen=seen)


@pytest.mark.parametrize(
    ("proposed", "sentence"),
    [
        (Proposed("", BASIS, REASON), "请从清单中选择"),
        (Proposed("personal_info", " ", REASON), "请写明删除依据"),
        (Proposed("personal_info", BASIS, ""), "请写明公开的理由"),
        (Proposed("personal_info", BASIS, f"误公开了{CANARY}"), "写有要删除的文字"),
        (Proposed("personal_info", BASIS, "误公开了9133990075TNM5LB3J"), "写有要删除的文字"),
        (Proposed("personal_info", BASIS, REASON, ["items/7/problem"]), "没有可以删除的"),
        (Proposed("personal_info", BASIS, REASON, ["items/x/problem", "../etc"]), "没有可以删除的"),
        (Proposed("personal_info", BASIS, REASON, ["inspected_on"]), "没有可以删除的"),
    ],
)
def test_a_proposal_is_refused_in_a_sentence(
    session: Session, cast: Cast, planted: Publication, proposed: Proposed, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        deciding.propose(session, planted, proposed, by=cast.he)


def test_a_worker_that_was_killed_goes_on_where_it_stopped(
    app: Flask, session: Session, cast: Cast, settings: Settings, planted: Publication,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    erasure = erased(session, cast, planted)
    reach, seen = working._reach, list[str]()

    def killed(doors: Any, one: Any, index_at: Any) -> int:
        if one.name == "prepared" and "prepared" not in seen:
            seen.append("prepared")
            raise KeyboardInterrupt
        seen.append(one.name)
        return reach(doors, one, index_at)

    monkeypatch.setattr(working, "_reach", killed)
    with pytest.raises(KeyboardInterrupt):
        work.erasing_step(app)
    finished(app, session, erasure)
    assert erasure.state == "done"
    assert seen.count("intake") == seen.count("messages") == 1
    assert found_in(session, settings) == set()


def test_a_withdrawn_record_and_one_on_hold_can_be_erased_and_never_come_back(
    app: Flask, session: Session, cast: Cast, planted: Publication
) -> None:
    duty.hold(session, planted, by=cast.zhou, reason=f"涉及{CANARY}")
    erasure = finished(app, session, erased(session, cast, planted))
    assert erasure.state == "done"
    assert session.scalars(sa.select(TakenDown)).all() == []
    with pytest.raises(Refused):
        pipeline.draft(session, "result", {}, by=cast.he, act="restore", publication=planted, reason="x")
    face = queries.face(session, planted.number or "")
    assert face is not None and (face.face, face.title) == ("erased", "")


@pytest.mark.about_sqlite
def test_with_a_reader_in_the_way_the_log_is_emptied_later(
    app: Flask, session: Session, cast: Cast, settings: Settings, planted: Publication
) -> None:
    with session_at(app, "reads") as reader:
        reader.execute(sa.text("SELECT count(*) FROM revisions"))
        erasure = finished(app, session, erased(session, cast, planted))
        assert [place.name for place in erasure.places if not place.done_at] == ["database"]
        session.commit()
    finished(app, session, erasure)
    assert erasure.state == "done"
    assert found_in(session, settings) == set()


def test_a_build_of_the_index_that_was_broken_off_goes_too(
    app: Flask, session: Session, cast: Cast, settings: Settings, planted: Publication
) -> None:
    folder = work.index_folder(app)
    (folder.root / "0009").mkdir()
    (folder.root / "0009" / "old").write_text(CANARY)
    finished(app, session, erased(session, cast, planted))
    assert found_in(session, settings) == set()
