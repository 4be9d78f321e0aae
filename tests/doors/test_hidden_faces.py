"""A record that is not live is nowhere but in the logs, by each question's own condition.

Taking a record down also empties what lists and links would find it by. Here that is left undone, so that no
layer hides what another one lets through: every page must be as if the record had never been.
"""

from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.publications import pipeline, tallying
from portal.publications.models import DrawnFace, Face
from portal.redaction.masking import has_marker
from portal.search.following import rebuild
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import without_tombstones
from tests.office import disclose
from tests.secrets.addresses import Known, addresses
from tests.secrets.worlds import World, first_difference

NOT_ASKED = (  # the logs and the feeds, where its line stays; and what lists no record
    "public.withdrawals", "public.corrections", "public.log", "public.feed", "public.calendar", "public.due",
    "public.about", "public.healthz", "public.readyz", "public.api_changes", "public.api_corrections", "public.department_feed",
)  # fmt: skip
NAME = "示例隐名商店"


def by_the_other_department(
    session: Session, cast: Cast, kind: str, content: dict[str, Any], **more: Any
) -> str:
    """方若谷 drafts and 祁慕白 agrees: a sheet of its own in a joint inspection (D15)."""
    content = content | {"department": examples.EMERGENCY}
    revision = pipeline.draft(session, kind, content, by=cast.fang, **more)
    pipeline.submit(session, revision, by=cast.fang)
    pipeline.approve(session, revision, by=cast.qi)
    pipeline.carry_out(session, revision, by=cast.qi)
    session.commit()
    return revision.publication.number or ""


@pytest.fixture
def numbers(app: Flask, session: Session, cast: Cast) -> dict[str, str]:
    """A list, a plan, a task, a result of it, another department's sheet, a second entry, one alone: all linked."""
    disclose(session, cast, "list", examples.item_list())
    by_the_other_department(session, cast, "list", examples.item_list())
    plan = disclose(session, cast, "plan", examples.plan())
    task = disclose(session, cast, "task", examples.task(plan_no="33990020260001"))
    named = examples.result(plan_no="33990020260001", entity_name=NAME)
    result = disclose(session, cast, "result", named)
    sheet = by_the_other_department(session, cast, "result", named)
    second = examples.result(rectifies=result.number, task_no="33990020261012009", entity_name="示例整改商店")
    alone = examples.result(entity_name="示例独户商店", entity_code="91339900QD7612PLX9")
    known = {"plan": plan, "task": task, "result": result}
    known |= {
        "second": disclose(session, cast, "result", second),
        "alone": disclose(session, cast, "result", alone),
    }
    work.once(app)
    session.commit()
    return {name: each.number or "" for name, each in known.items()} | {"sheet": sheet}


def asked(app: Flask, session: Session, hidden: str) -> list[str]:
    """Every public address that has nothing to say of a record whose words are off."""
    every = addresses(app, Known.of(session), ())
    session.commit()
    paths = [
        each.path
        for each in every
        if each.rule.startswith("public.")
        and not each.rule.startswith(NOT_ASKED)
        and hidden not in each.path
        and not (each.rule == "public.search_feed" and "q=" not in each.path)  # by what lasts: its line stays
    ]
    words = (NAME, "33990020261012003", "33990020260001", "抽查", hidden)
    return [*paths, *(f"/search?q={quote(each)}" for each in words)]


@pytest.mark.proved_on_postgres
@pytest.mark.parametrize("kind", ["plan", "task", "result", "sheet", "second", "alone"])
def test_every_page_is_as_if_there_were_no_such_record(
    app: Flask, session: Session, numbers: dict[str, str], visitor: FlaskClient, kind: str
) -> None:
    face = session.get_one(Face, numbers[kind])
    face.live, face.face = False, "held"
    tallying.recount(session)
    paths = asked(app, session, numbers[kind])
    hidden = [without_tombstones(visitor.get(path).data) for path in paths]
    session.delete(session.get_one(Face, numbers[kind]))
    tallying.recount(session)  # and forgets what was counted: no line of the ledger is between the two
    session.commit()
    for path, before in zip(paths, hidden, strict=True):
        now = without_tombstones(visitor.get(path).data)
        assert before == now, f"{path}\n{first_difference(before, now)}"


def test_an_index_that_is_built_while_a_record_is_hidden_does_not_know_it(
    app: Flask, session: Session, numbers: dict[str, str], visitor: FlaskClient
) -> None:
    face = session.get_one(Face, numbers["result"])
    face.live = False
    session.commit()
    with work.session_at(app, "public") as public:
        rebuild(public, work.index_folder(app))
    session.get_one(Face, numbers["result"]).live = True
    session.commit()
    assert numbers["result"] not in visitor.get("/search", query_string={"q": NAME}).text


def test_a_masked_number_leads_nowhere(worlds: tuple[World, World]) -> None:
    """One page for all whose code is withheld on one ground would bring together what has nothing in common."""
    with worlds[0].session("public") as session:
        leading = (Face.entity_code, Face.task_no, Face.plan_no, Face.source_number, Face.rectifies, DrawnFace.entity_code)  # fmt: skip
        for column in leading:
            assert not [value for value in session.scalars(sa.select(column)) if has_marker(value)], column


def test_two_masked_objects_of_one_task_are_not_brought_together(
    app: Flask, session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    """Two departments' sheets whose objects are withheld look alike, and need not be of one object."""
    disclose(session, cast, "list", examples.item_list())
    by_the_other_department(session, cast, "list", examples.item_list())
    whole = {"start": None, "end": None, "ground": "personal_info", "basis": "条例第十五条", "by": 0}
    marks = [{"path": path, **whole} for path in ("entity_name", "entity_code")]
    one = disclose(session, cast, "result", examples.result(entity_name="示例甲"), marks=marks)
    other = examples.result(entity_name="示例乙", entity_code="91339900QD7612PLT6")
    number = by_the_other_department(session, cast, "result", other, marks=marks)
    assert number not in visitor.get(f"/results/{one.number}").text
