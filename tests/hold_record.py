"""Takes a record off, as 周立 would. Run by ``tests/doors/test_kept_pages.py`` as a process of its own."""

import sys

import sqlalchemy as sa

from portal.opening import office
from portal.people.models import Person
from portal.publications import duty
from portal.publications.models import Publication
from portal.sessions import session_at
from portal.settings import from_environment
from tests.cast import MEMBERS


def main() -> None:
    """Put the record that the command line names on hold, in the database that the environment names."""
    with session_at(office(from_environment()), "write") as session:
        record = session.scalars(sa.select(Publication).where(Publication.number == sys.argv[1])).one()
        by = session.scalars(sa.select(Person).where(Person.username == MEMBERS["zhou"].username)).one()
        duty.hold(session, record, by=by, reason="急。")
        session.commit()


if __name__ == "__main__":
    main()
