"""公示前告知, as a profile sets it: of which records the inspected entity is told before they are public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

When = Literal["problem", "always", "never"]
KINDS = ("result",)  # a list, a plan or a task is about nobody in particular


@dataclass(frozen=True)
class PriorNoticeRule:
    """When a notice before disclosure is owed; until when it may be answered is the term ``prior_notice``.

    :param when: of every record, of one that found a problem, or of none.
    """

    kinds: tuple[str, ...]
    when: When


NO_NOTICE = PriorNoticeRule((), "never")


def prior_rule(data: Mapping[str, Any]) -> PriorNoticeRule:
    """The rule as a profile's ``[prior_notice]`` writes it.

    :raises ValueError: for a kind nobody can be told of, or a word that is none of the three.

    >>> prior_rule({"kinds": ["result"], "when": "problem"}).when
    'problem'
    """
    kinds: Sequence[str] = data.get("kinds", ())
    when = data.get("when", "never")
    if when not in get_args(When) or not set(kinds) <= set(KINDS):
        raise ValueError(f"[prior_notice] takes kinds of {KINDS} and when of {get_args(When)}")
    return PriorNoticeRule(tuple(kinds), when)
