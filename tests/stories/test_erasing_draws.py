"""依法删除 of an announcement that our own draw drafted."""

from flask import Flask
from sqlalchemy.orm import Session

from portal.draws.models import DrawFace
from portal.draws.wanted import Task
from portal.publications.models import Publication
from portal.settings import Settings
from tests.cast import Cast
from tests.drawn import ITEMS, TASK_NO, drawn_through, fill_registries
from tests.erasing import CANARY, erased, finished, found_in


def test_our_own_draw_keeps_no_word_of_an_announcement_that_is_erased(
    app: Flask, session: Session, cast: Cast, settings: Settings
) -> None:
    fill_registries(session)
    draw = drawn_through(session, cast, task=Task(TASK_NO, f"{CANARY}抽查", ITEMS))
    publication = session.get_one(Publication, draw.publication_id)
    session.commit()
    finished(app, session, erased(session, cast, publication))
    assert found_in(session, settings) == set()
    assert session.get_one(DrawFace, draw.commit_index).bundle is None
