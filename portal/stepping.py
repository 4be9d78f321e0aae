"""A life told in steps: one row for each state that something held, and a pointer to the latest.

The pointer is swapped only if it still is what the person was looking at: of two people acting at once one
succeeds, and SQLite, which loses a concurrent update without an error, loses none.
"""

from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session


class Step(Protocol):
    """A row that says which state something was in, since when, by whom."""

    id: Any
    state: Any


class Stepped(Protocol):
    """Something that has steps: a revision, an objection, a concern."""

    id: Any
    state: Any
    step_id: Any


def take(session: Session, thing: Stepped, step: Step, seen: int | None = None) -> bool:
    """Add a step and move to its state; whether nobody moved first.

    :param seen: the step that the person was looking at; without it, the one in memory.
    """
    expected, model = seen or thing.step_id, type(thing)
    session.add(step)
    session.flush()
    moved = session.execute(
        sa.update(model)
        .where(model.id == thing.id, model.step_id == expected)
        .values(step_id=step.id, state=step.state)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        return False
    session.refresh(thing, ["step_id", "state"])
    return True
