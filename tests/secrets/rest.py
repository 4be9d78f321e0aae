"""What acts do not fill: a secret in each column of words of each internal table, written into its newest row."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import Base, UtcDateTime
from tests.secrets.places import column_places, is_structural, place_of
from tests.secrets.secret import Secrets

WHEN = datetime(2026, 11, 23, 2, tzinfo=UTC)


def plant_rest(session: Session, secrets: Secrets) -> None:
    """Plant what is not planted yet; a table without a row gets one."""
    for place in unplanted(session, secrets):
        column = column_places()[place]
        table = column.table
        newest = sa.select(table).order_by(*(each.desc() for each in table.primary_key)).limit(1)
        row = session.execute(newest).mappings().first()
        if row is None:
            session.execute(sa.insert(table).values(**_first_row(session, table, secrets)))
            continue
        itself = sa.and_(*(each == row[each.name] for each in table.primary_key))
        value = _fitting(column, secrets[place], row[column.name])
        session.execute(sa.update(table).where(itself).values({column.name: value}))


def unplanted(session: Session, secrets: Secrets) -> list[str]:
    """The columns in which no row holds its secret."""
    return [
        place
        for place, column in column_places().items()
        if not any(secrets[place] in text for text in _texts(session, column))
    ]


def _texts(session: Session, column: sa.Column) -> Iterator[str]:
    for value in session.scalars(sa.select(column)):
        yield value if isinstance(value, str) else str(value)


def _fitting(column: sa.Column, secret: str, now: Any) -> Any:
    if isinstance(column.type, sa.JSON):
        return [*now, secret] if isinstance(now, list) else {**(now or {}), secret: secret}
    return secret.encode() if isinstance(column.type, sa.LargeBinary) else secret


def _first_row(session: Session, table: sa.Table, secrets: Secrets) -> dict[str, Any]:
    return {
        column.name: _value(session, column, secrets)
        for column in table.columns
        if not (column.primary_key and column.name == "id")
    }


def _value(session: Session, column: sa.Column, secrets: Secrets) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        there: Any = session.scalar(sa.select(key.column).order_by(key.column.desc()).limit(1))
        if there is None and not column.nullable:
            target = key.column.table
            session.execute(sa.insert(target).values(**_first_row(session, target, secrets)))
            return _value(session, column, secrets)
        return there
    if place_of(column) in column_places():
        return _fitting(column, secrets[place_of(column)], None)
    if is_structural(column):
        return column.default.arg if column.default is not None and column.default.is_scalar else "x"
    return _plain(column)


def _plain(column: sa.Column) -> Any:
    if column.nullable:
        return None
    kinds: dict[type, Any] = {UtcDateTime: WHEN, sa.Date: date(2026, 11, 23), sa.Boolean: False, sa.JSON: []}
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), 1)


def tables_without_rows(session: Session) -> list[str]:
    return [
        name
        for name, table in Base.metadata.tables.items()
        if session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    ]
