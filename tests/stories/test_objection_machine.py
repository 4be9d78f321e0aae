"""No order of acts breaks the life of an objection: see ``tests/objection_machine.py``."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.orm import Session

from portal.publications.models import Publication
from tests.cast import Cast
from tests.objection_machine import Case


def run(session: Session, cast: Cast, result: Publication, examples: int, steps: int, *, anew: bool) -> None:
    """
    :param anew: other examples on each run, for the slow proofs; else always the same ones.
    """
    session.commit()
    Case.reached.clear()
    run_state_machine_as_test(
        lambda: Case(session, cast, result),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=not anew,
            suppress_health_check=list(HealthCheck), print_blob=True, database=None,
        ),
    )  # fmt: skip
    print("examples that got there:", dict(Case.reached.most_common()))  # noqa: T201
    for state in (
        "supplemented",
        "rechecking",
        "signed",
        "delivered",
        "withdrawn",
        "corrected",
        "maintained",
    ):
        assert Case.reached[state], f"no example got to {state}: nothing was shown about it"


@pytest.mark.slow
def test_no_order_of_acts_breaks_an_objection(session: Session, cast: Cast, result: Publication) -> None:
    run(session, cast, result, examples=20, steps=50, anew=False)


@pytest.mark.proof
def test_no_order_of_acts_breaks_an_objection_at_length(
    session: Session, cast: Cast, result: Publication
) -> None:
    run(session, cast, result, examples=300, steps=80, anew=True)
