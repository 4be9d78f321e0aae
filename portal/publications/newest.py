"""The newest of several sorts, read off an index sort by sort: asked at once, a database looks through them all."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

Column = sa.ColumnElement[Any]
Key = InstrumentedAttribute[Any]


def newest_of_each(
    key: Key, sort: Key, sorts: Collection[str], *where: Column, order: tuple[Column, ...], most: int
) -> sa.Select[Any]:
    """Keys of the newest ``most`` rows of each sort; the newest ``most`` of all are among them.

    :param order: newest first; an index that begins with ``sort`` must go on with it.
    """
    parts = (sa.select(key).where(sort == each, *where).order_by(*order).limit(most) for each in sorts)
    wanted = [sa.select(part.subquery().c[0]) for part in parts]
    return sa.select(sa.union_all(*wanted).subquery().c[0])
