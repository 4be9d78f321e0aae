"""Publishes one draft after the other until it is killed; tells each number once its commit has returned.

Run by ``tests/stories/test_killed_while_publishing.py`` as a process of its own.
"""

from multiprocessing.connection import Connection

import sqlalchemy as sa

from portal.app import create_app
from portal.db import db, open_at
from portal.publications import pipeline
from portal.publications.models import Revision
from portal.settings import Settings
from tests.cast import Cast


def publish_on(settings: Settings, acknowledged: Connection) -> None:
    """Publish every approved revision of the database that the settings name."""
    app = create_app(settings)
    with app.app_context():
        open_at("write")
        session = db.session()
        while True:
            waiting = session.scalar(
                sa.select(Revision).where(Revision.state == "approved").order_by(Revision.id)
            )
            if waiting is None:
                return
            entry = pipeline.carry_out(session, waiting, by=Cast(session).song)
            session.commit()
            acknowledged.send(entry.number if entry else "")
