"""Python 3.11 alone: what SQLAlchemy keeps of an object is given its dictionary while the object is held.

Until 3.12 the collector of cycles runs inside the asking for memory. SQLAlchemy sets attributes of an object's
state as the object ends. Ended by the collector in the very moment in which that state's dictionary was being made, as
``Session.expunge_all`` makes it, it made a second dictionary of the same values and freed them; the process died of
it at any time thereafter, under load about once in ten thousand requests. See decision 57.
"""

import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

COLLECTS_IN_BETWEEN = sys.version_info >= (3, 12)


def settle(base: type[DeclarativeBase]) -> None:
    """See to it for every object of some models that is loaded."""
    if not COLLECTS_IN_BETWEEN:
        sa.event.listen(base, "load", _settled, raw=True, propagate=True)


def _settled(state: Any, _: Any) -> None:
    vars(state)
