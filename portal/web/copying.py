"""Where the public reads a copy of the database: whoever just published finds it there too."""

from contextlib import suppress
from time import monotonic, sleep

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.db import is_copy
from portal.ledger import book
from portal.publications import queries
from portal.sessions import session_at

AT_MOST, LOOK_EACH = 2.0, 0.02  # seconds


def line_written(session: Session) -> int:
    """How many lines the ledger will have with the next commit; 0 when that writes none."""
    return queries.ledger_size(session) if session.info.get(book.WRITTEN) else 0


def wait_for(size: int) -> None:
    """Wait until the public door sees so many ledger lines, where it reads a copy; never for long.

    What was done is done: a copy that does not answer or does not come so far keeps nobody from going on.
    """
    if not size:
        return
    given_up = monotonic() + AT_MOST
    with suppress(SQLAlchemyError), session_at(current_app, "public") as session:
        if not is_copy(session):
            return
        while queries.ledger_size(session) < size and monotonic() < given_up:
            session.rollback()
            sleep(LOOK_EACH)
