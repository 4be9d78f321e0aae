"""What is on hold, withdrawn, expired or erased is off every public place at once; its line stays."""

from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock, timers, work
from portal.publications import duty
from portal.publications.models import Publication
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import without_tombstones
from tests.erasing import CANARY, REASON, erased, finished
from tests.office import correct, disclose, withdraw

CODE = "9133990075TNM5LB3J"
LATER = datetime(2030, 6, 1, 1, 0, tzinfo=clock.SHANGHAI)
START = [
    "/", "/lists/", "/plans/", "/tasks/", "/results/", "/corrections/", "/withdrawals/", "/statistics/", "/log/",
    "/sitemap.xml", "/feeds/", f"/search?q={quote(CANARY)}", f"/search?q={quote(CANARY[2:4])}", "/?lang=en",
    f"/search.atom?q={quote(CANARY)}", f"/search.rss?q={quote(CANARY)}", "/search.csv?kind=result", "/search.jsonl", "/exports/", f"/search.json?q={quote(CANARY)}",
    f"/embed/entities/{CODE}", f"/entities/{CODE}", f"/entities/{CODE}.atom",
    *(f"/feeds/{name}.{form}" for name in ("lists", "tasks", "results", "corrections", "all") for form in ("atom", "rss", "json")),
]  # fmt: skip
OFF = {"held": 451, "withdrawn": 410, "expired": 410, "erased": 410}


def held(app: Flask, session: Session, cast: Cast, publication: Publication) -> None:
    duty.hold(session, publication, by=cast.zhou, reason=f"写了{CANARY}")
    session.commit()


def withdrawn(app: Flask, session: Session, cast: Cast, publication: Publication) -> None:
    withdraw(session, cast, publication, "不应当公示")


def expired(app: Flask, session: Session, cast: Cast, publication: Publication) -> None:
    with clock.at(LATER):
        timers.timers_step(app)
    session.expire_all()


def erased_(app: Flask, session: Session, cast: Cast, publication: Publication) -> None:
    finished(app, session, erased(session, cast, publication))


ACTS = {"held": held, "withdrawn": withdrawn, "expired": expired, "erased": erased_}


@pytest.fixture
def shown(session: Session, cast: Cast) -> Publication:
    """A result with a canary in every word of its own, corrected once, beside another department's sheet."""
    disclose(session, cast, "list", examples.item_list())
    content = examples.result(entity_name=f"示例{CANARY}商行", follow_up_note=f"{CANARY}已办")
    publication = disclose(session, cast, "result", content)
    other = examples.result(inspected_on="2026-10-21", entity_name="示例北顺达商贸有限公司")
    disclose(session, cast, "result", other)
    return correct(session, cast, publication, f"{CANARY}有误", follow_up_note="已办结")


def addresses(publication: Publication) -> Iterator[str]:
    yield from START
    for rest in ("", "/record.json", "/versions/", "/versions/1", "/versions/2", "/corrections/2"):
        yield f"/results/{publication.number}{rest}"
    yield f"/embed/results/{publication.number}"
    yield f"/objections/new?result={publication.number}"


def places_with(visitor: FlaskClient, publication: Publication) -> set[str]:
    """The addresses whose answer holds the canary; of a search, which repeats the question, the number."""
    return {
        address
        for address in addresses(publication)
        if (str(publication.number) if address.startswith("/search") else CANARY)
        in without_tombstones(visitor.get(address).data).decode()
    }


@pytest.mark.parametrize("face", OFF)
def test_it_is_off_every_public_place_at_once(
    app: Flask, session: Session, cast: Cast, visitor: FlaskClient, shown: Publication, face: str
) -> None:
    work.once(app)
    before = places_with(visitor, shown)
    assert {
        "/",
        "/results/",
        f"/entities/{CODE}",
        "/feeds/all.atom",
        "/corrections/",
        f"/search.rss?q={quote(CANARY)}",
        "/search.jsonl",
    } <= before
    act: Callable[..., None] = ACTS[face]
    act(app, session, cast, shown)
    work.index_step(app)
    assert places_with(visitor, shown) == set()
    assert visitor.get(f"/results/{shown.number}").status_code == OFF[face]
    assert str(shown.number) in visitor.get("/withdrawals/").text


def test_it_comes_off_the_page_of_the_task_that_drew_it_and_of_the_entity(
    app: Flask, session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    drawn = [{"seq": "1", "entity_name": f"示例{CANARY}商行", "entity_code": CODE}]
    task = disclose(session, cast, "task", examples.task(drawn=drawn, sample_size=1))
    assert CANARY in visitor.get(f"/entities/{CODE}").text
    finished(app, session, erased(session, cast, task))
    assert visitor.get(f"/entities/{CODE}").status_code == 404
    assert visitor.get(f"/entities/{CODE}.atom").status_code == 404


def test_feed_readers_are_told_to_drop_what_was_erased(
    app: Flask, session: Session, cast: Cast, visitor: FlaskClient, shown: Publication
) -> None:
    before = visitor.get("/feeds/results.atom").text
    erased(session, cast, shown)
    atom, rss = visitor.get("/feeds/results.atom").text, visitor.get("/feeds/results.rss").text
    name = next(line for line in before.splitlines() if f"/results/{shown.number}</id>" in line)
    ref = name.strip().removeprefix("<id>").removesuffix("</id>")
    assert f'deleted-entry ref="{ref}"' in atom
    assert f"<title>{shown.number}（依法删除）</title>" in atom
    assert f"<title>{shown.number}（依法删除）</title>" in rss and "deleted-entry" not in rss
    assert REASON in atom and CANARY not in atom + rss
    assert "tombstones" not in visitor.get("/feeds/lists.atom").text
