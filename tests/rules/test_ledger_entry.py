"""The bytes of a ledger line."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.entry import EntryDraft, entry_bytes, read_entry, reason_hash, stated, statement

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DRAFT = EntryDraft(
    type="correct",
    number="JG-2026-000001",
    version=2,
    commitments=("b" * 43, "a" * 43),
    record="0" * 64,
    basis="O2",
    reason="检查日期录入有误。",
    department_code="scjg",
)


def test_an_entry_is_these_bytes_for_good() -> None:
    reason = hashlib.sha256("检查日期录入有误。".encode()).hexdigest()
    assert entry_bytes(DRAFT, 7, AT).decode() == (
        '{"basis":"O2","commitments":["' + "a" * 43 + '","' + "b" * 43 + '"],"number":"JG-2026-000001",'
        f'"previous":7,"reason":"{reason}","record":"{"0" * 64}","signatures":[],'
        '"time":"2026-11-23T08:00:00Z","type":"correct","v":1,"version":2}'
    )


def test_no_words_of_the_act_are_in_its_entry() -> None:
    assert entry_bytes(DRAFT, None, AT).isascii()
    assert reason_hash("") is None


def test_the_statement_that_officers_sign_is_what_the_act_says_without_time_and_index() -> None:
    reason = hashlib.sha256("检查日期录入有误。".encode()).hexdigest()
    assert statement(DRAFT).decode() == (
        '{"basis":"O2","commitments":["' + "a" * 43 + '","' + "b" * 43 + '"],"number":"JG-2026-000001",'
        f'"reason":"{reason}","record":"{"0" * 64}","type":"correct","v":1,"version":2}}'
    )


def test_an_outsider_makes_the_statement_again_from_an_entrys_bytes() -> None:
    signed = replace(DRAFT, signatures=({"key": "head-1", "sig": "c2ln"},), extra={"objection": 12})
    members = json.loads(entry_bytes(signed, 7, AT))
    kept = ("v", "type", "number", "version", "commitments", "record", "basis", "reason")
    by_hand = rfc8785.dumps({name: members[name] for name in kept})
    assert by_hand == stated(members) == statement(signed) == statement(DRAFT)


def test_further_members_stand_beside_the_fixed_ones() -> None:
    draft = EntryDraft(type="objection_received", number="JG-2026-000001", extra={"due": "2026-12-14"})
    assert read_entry(entry_bytes(draft, 3, AT))["due"] == "2026-12-14"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "rewrite"},
        {"number": "JG 2026"},
        {"version": 2**53},
        {"commitments": ("short",)},
        {"record": "A" * 64},
        {"basis": "监管办法第二十条"},
        {"extra": {"note": "张三不同意"}},
        {"extra": {"share": 0.5}},
        {"extra": {"time": "now"}},
        {"extra": {"number": "x"}},
        {"extra": {"Due": "2026-12-14"}},
        {"extra": {"strata": [{"名": "A"}]}},
        {"signatures": ({"key": "张三"},)},
    ],
)
def test_what_has_no_place_in_a_ledger_line_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(DRAFT, **wrong)


def test_an_entry_of_more_than_4_kib_is_refused() -> None:
    fits, too_many = (tuple(f"{at:043d}" for at in range(count)) for count in (80, 90))
    assert len(entry_bytes(replace(DRAFT, commitments=fits), 7, AT)) <= 4096
    with pytest.raises(ValueError, match="4096"):
        entry_bytes(replace(DRAFT, commitments=too_many), 7, AT)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[1]",
        b"not json",
        b"\xff",
        b'{"v":1,"type":"publish"}',
        b'{ "v": 1}',
        b'{"a":"\\u4e2d","v":1}',
    ],
)
def test_bytes_that_are_no_entry_are_not_read_as_one(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_entry(body)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.from_regex(r"\A[A-Za-z0-9._:@/+=-]{1,128}\Z"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"\A[a-z][a-z0-9_]{0,31}\Z"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain)
def test_what_may_stand_in_an_entry_is_written_as_rfc_8785_says(value: Any) -> None:
    draft = EntryDraft(type="draw_commit", extra={"more_of_it": value})
    body = entry_bytes(draft, None, AT)
    assert body == rfc8785.dumps(json.loads(body))
    assert json.dumps(read_entry(body)["more_of_it"], sort_keys=True) == json.dumps(value, sort_keys=True)
