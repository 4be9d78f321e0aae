"""Publishes one draft after the other until it is killed; prints each number once its commit has returned.

Run by ``tests/stories/test_killed_while_publishing.py`` as a process of its own.
"""

import sys

import sqlalchemy as sa

from portal.app import create_app
from portal.db import db, open_at
from portal.publications import pipeline
from portal.publications.models import Revision
from portal.settings import from_environment
from tests.cast import Cast


def main() -> None:
    """Publish every approved revision of the database that the environment names."""
    app = create_app(from_environment())
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
            sys.stdout.write(f"{entry.number if entry else ''}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
