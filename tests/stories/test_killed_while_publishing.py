"""A server killed in the middle of publishing: what it acknowledged is there, nothing is there half."""

import multiprocessing
import os
import random
import signal
import time
from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ledger import book
from portal.ledger.models import Entry
from portal.publications import pipeline
from portal.publications.models import Face, Release, Revision
from portal.publications.proposing import Proposal
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.office import disclose
from tests.publish_on import publish_on

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("PORTAL_TEST_KILLS", "12"))
DRAFTS = 40 * KILLS
# each publisher is a copy of one process that has read the portal's code and done nothing else
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.publish_on"])


def prepare(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    contents = [examples.result(entity_name=f"示例第{at}商店") for at in range(DRAFTS)]
    proposals = [Proposal(content) for content in contents]
    for revision in pipeline.draft_many(session, "result", proposals, by=cast.he):
        pipeline.submit(session, revision, by=cast.he)
        pipeline.approve(session, revision, by=cast.song)
    session.commit()


def publish_until_killed(settings: Settings, lives_for: float) -> list[str]:
    """Start the publisher, let it publish for some seconds, kill it; the numbers it acknowledged."""
    hears, tells = PROCESSES.Pipe(duplex=False)
    publisher = PROCESSES.Process(target=publish_on, args=(settings, tells))
    publisher.start()
    tells.close()
    acknowledged = [hears.recv()]
    time.sleep(lives_for)
    publisher.kill()
    with suppress(EOFError):  # the end of what it said
        while True:
            acknowledged.append(hears.recv())
    publisher.join()
    assert publisher.exitcode == -signal.SIGKILL
    return acknowledged


def check_whole(session: Session, acknowledged: set[str]) -> None:
    session.rollback()
    session.expire_all()
    faces = set(session.scalars(sa.select(Face.number).where(Face.kind == "result")))
    released = set(session.scalars(sa.select(Release.number).where(Release.kind == "result")))
    entered = set(session.scalars(sa.select(Entry.number).where(Entry.number.like("JG-%"))))
    done = session.scalar(
        sa.select(sa.func.count()).where(Revision.kind == "result", Revision.state == "done")
    )
    assert acknowledged <= faces
    assert faces == released == entered
    assert done == len(faces)
    serials = sorted(int(number.rsplit("-", 1)[1]) for number in faces)
    assert serials == list(range(1, len(serials) + 1))
    assert book.check(session) == []
    session.rollback()  # or the next publisher would wait for this session's lock


def test_killed_again_and_again_it_loses_nothing_and_leaves_nothing_half(
    settings: Settings, session: Session, cast: Cast
) -> None:
    prepare(session, cast)
    rng = random.Random(20261123)  # noqa: S311
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        acknowledged |= set(publish_until_killed(settings, rng.uniform(0.0, 0.15)))
        check_whole(session, acknowledged)
    assert len(acknowledged) >= KILLS
