"""How many of whom: strata, each with its ratio or its number. Pure.

An undirected draw (不定向) is one stratum of the whole pool. A directed one (定向) has a pool narrowed by kind, tag or
region, and one or more strata. The rounding is fixed: a ratio is counted over the **whole** stratum, the excluded
included (or excluding would lessen the inspections), rounded **up**, at least one, and at most as many as are left
when the excluded are taken out.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import rfc8785

from portal.draws import order, pool
from portal.words import Sentence, say

WHOLE = "全部"
_RATIO = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?%")
_COUNT = re.compile(r"\d{1,6}")
_WHOLE_RATIO = 10_000  # hundredths of a per cent


@dataclass(frozen=True)
class Stratum:
    """Objects among whom some are drawn.

    :param codes: canonical pool text, see :mod:`portal.draws.pool`.
    :param rule: ``5%``, ``0.25%`` (at most two decimals) or ``20``.
    """

    name: str
    codes: str
    rule: str


def take(rule: str, size: int, excluded: int = 0) -> int:
    """How many a rule takes out of a stratum of a size, of which some are excluded.

    :raises ValueError: when it is no rule.

    >>> take("5%", 41), take("5%", 3), take("20", 41, 30)
    (3, 1, 11)
    """
    if (problem := why_not_rule(rule)) is not None:
        raise ValueError(problem)
    wanted = int(rule) if _COUNT.fullmatch(rule) else max(1, -(-size * _hundredths(rule) // _WHOLE_RATIO))
    return min(wanted, size - excluded)


def why_not_rule(rule: str) -> Sentence | None:
    """Why this is neither a ratio nor a number; None when it is one."""
    ratio = _RATIO.fullmatch(rule) is not None
    if ratio and 0 < _hundredths(rule) <= _WHOLE_RATIO:
        return None
    if not ratio and _COUNT.fullmatch(rule) and int(rule) > 0:
        return None
    return say("“{rule}”不是抽取比例或者数量；请写成5%、0.5%（最多两位小数，不超过100%）或者20。", rule=rule)


def strata_text(strata: Sequence[Stratum], excluded: Collection[str] = ()) -> str:
    """What is committed to of the strata, canonical JSON (RFC 8785): of each its name, rule, size, how many are
    excluded, how many will be drawn, and the SHA-256 of its pool."""
    return rfc8785.dumps([*_described(strata, excluded)]).decode()


def described(strata: Sequence[Stratum], excluded: Collection[str] = ()) -> list[Mapping[str, str | int]]:
    """The same as values, for a table."""
    return list(_described(strata, excluded))


def _described(strata: Sequence[Stratum], excluded: Collection[str]) -> Iterator[dict[str, str | int]]:
    for each in strata:
        codes = pool.read_pool(each.codes)
        out = sum(code in excluded for code in codes)
        yield {
            "name": each.name,
            "rule": each.rule,
            "size": len(codes),
            "excluded": out,
            "take": take(each.rule, len(codes), out),
            "pool": pool.digest(each.codes),
        }


def whole_pool(strata: Sequence[Stratum]) -> list[str]:
    """The codes of all strata.

    :raises ValueError: when one of them stands in two.
    """
    codes = [code for each in strata for code in pool.read_pool(each.codes)]
    if len({*codes}) != len(codes):
        raise ValueError("an object stands in two strata")
    return sorted(codes)


def selection(
    strata: Sequence[Stratum], excluded: Collection[str], code: str, randomness: str
) -> list[list[str]]:
    """Whom the draw draws: of each stratum the first so many, in the order of the draw."""
    chosen = []
    for each in strata:
        codes = pool.read_pool(each.codes)
        out = sum(one in excluded for one in codes)
        chosen.append(order.first(codes, take(each.rule, len(codes), out), code, randomness, excluded))
    return chosen


def _hundredths(rule: str) -> int:
    found = _RATIO.fullmatch(rule)
    assert found is not None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
