"""Canonical JSON as the library for the whole of RFC 8785 writes it, byte for byte."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.canonical import canonical

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_it_writes_the_same_bytes(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ['\x00\x1f\x7f\u2028"\\/\b\t\n\f\r', "é\U0001f600\ue000", "二", -0.0, 1e21])
def test_characters_that_are_written_in_their_own_way(value: object) -> None:
    assert canonical([value]) == rfc8785.dumps([value])  # type: ignore[list-item]


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), "\ud800", b"bytes", {1: "a"}])
def test_what_the_rule_does_not_know_is_refused_as_there(value: object) -> None:
    with pytest.raises((ValueError, TypeError, AttributeError)):
        rfc8785.dumps(value)  # type: ignore[arg-type]
    with pytest.raises((ValueError, TypeError, AttributeError)):
        canonical(value)
