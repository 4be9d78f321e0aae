"""Which of the run's workers gets which test: what shares something costly goes to one of them, and first.

The mark ``xdist_group`` would say the same beside the tests, but under pytest 9.2 it says nothing and every
worker builds a demo (pytest-xdist issue 1386). What the scheduler is told here needs node ids alone.
"""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {  # the beginnings of addresses, and what their tests share
    "tests/stories/test_demo": "the demo",
    "tests/doors/test_nothing_withheld_leaks": "the worlds",
    "tests/doors/test_paired_worlds": "the worlds",
    "tests/doors/test_hidden_faces": "the worlds",
    "tests/browser/test_every_page": "the walk",
    "tests/doors/test_messages_carry_numbers": "the worlds",
}


def shared_by(nodeid: str) -> str | None:
    """What this test shares with others, if it does."""
    return next((thing for start, thing in TOGETHER.items() if nodeid.startswith(start)), None)


class Together(LoadScopeScheduling):
    """A test at a time to whoever is free, and groups whole. The largest group is given out first."""

    def _split_scope(self, nodeid: str) -> str:
        return shared_by(nodeid) or nodeid
