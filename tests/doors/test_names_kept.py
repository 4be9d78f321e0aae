"""Departments, codes and the calendar are read once for each state of what is public, and what stands is never an old name."""

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.codes.profiles import load_profile
from portal.publications.models import Publication
from portal.sessions import session_at
from portal.statistics.snapshot import take
from portal.web.kept.tables import tables
from tests import next_year
from tests.cast import Cast


def test_a_department_that_is_renamed_is_called_so_at_once(
    visitor: FlaskClient, session: Session, cast: Cast, result: Publication
) -> None:
    page = f"/results/{result.number}?lang=en"
    office = session.scalars(sa.select(Department).where(Department.code == result.department_code)).one()
    assert office.label_en in visitor.get(page).text
    office.label_en = "Shili Office of Renamed Things"
    take(session, load_profile("shili"))  # as `portal departments FILE` does
    session.commit()
    assert "Shili Office of Renamed Things" in visitor.get(page).text


def test_names_outlive_the_request_that_read_them(
    app: Flask, visitor: FlaskClient, result: Publication
) -> None:
    page = f"/results/{result.number}"
    first = visitor.get(page)
    assert visitor.get("/results/?page=none").status_code == 400  # it rolls its session back
    assert visitor.get(page).data == first.data


def test_the_second_reader_costs_no_reading_of_names(
    app: Flask, visitor: FlaskClient, result: Publication
) -> None:
    asked: list[str] = []

    def seen(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    page = f"/results/{result.number}"
    visitor.get(page)
    sa.event.listen(sa.Engine, "before_cursor_execute", seen)
    try:
        visitor.get(page)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", seen)
    small = ("FROM departments", "FROM code_values", "FROM calendar_notices")
    assert asked and not [each for each in asked if any(table in each for table in small)]


def test_a_notice_of_holidays_that_is_loaded_counts_at_once(
    app: Flask, session: Session, result: Publication
) -> None:
    def is_known() -> bool:
        with session_at(app, "public") as reading:
            return tables(reading).calendar(reading).knows(2027)

    assert not is_known()
    next_year.load(session)
    assert is_known()
