"""No order of acts breaks the life of an objection: see ``tests/objection_machine.py``."""

import pytest
from sqlalchemy.orm import Session

from portal.publications.models import Publication
from tests.cast import Cast
from tests.objection_machine import run


@pytest.mark.slow
def test_no_order_of_acts_breaks_an_objection(session: Session, cast: Cast, result: Publication) -> None:
    run(session, cast, result, examples=20, steps=50, anew=False)


@pytest.mark.proof
def test_no_order_of_acts_breaks_an_objection_at_length(
    session: Session, cast: Cast, result: Publication
) -> None:
    run(session, cast, result, examples=300, steps=80, anew=True)
