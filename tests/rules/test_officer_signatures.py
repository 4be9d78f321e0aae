"""What anybody who reads the log can say about an act's signatures."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger.entry import EntryDraft, entry_bytes, read_entry, statement
from portal.ledger.officer_signatures import OfficerKeys, problems_of
from portal.ledger.schemes import is_key, to_text

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HAN, SUN, LI, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in range(1, 5))
ACT = {"number": "JG-2026-000001", "version": 2, "record": "0" * 64, "basis": "O2", "reason": "日期有误。"}
SHEET = {"scheme": "paper", "sheet": "a" * 64}


def public(key: Ed25519PrivateKey) -> str:
    return to_text(key.public_key().public_bytes_raw())


def announcement(key: Ed25519PrivateKey, role: str, department: str = "scjg", **more: str) -> dict[str, Any]:
    said = {"purpose": "officer", "key": public(key), "role": role, "department": department, **more}
    return read_entry(entry_bytes(EntryDraft(type="key_rotate", extra=said), None, AT))


def ended(key: Ed25519PrivateKey) -> dict[str, Any]:
    said = {"purpose": "officer", "ends": public(key)}
    return read_entry(entry_bytes(EntryDraft(type="key_rotate", extra=said), None, AT))


def required() -> dict[str, Any]:
    return read_entry(entry_bytes(EntryDraft(type="signatures_required"), None, AT))


def knowing(*entries: dict[str, Any]) -> OfficerKeys:
    keys = OfficerKeys()
    for members in entries:
        assert problems_of(members, keys) == []
        keys = keys.after(members)
    return keys


def signature(key: Ed25519PrivateKey, role: str, **act: Any) -> dict[str, str]:
    draft = EntryDraft(**{"type": "correct", **ACT, **act})
    return {"key": public(key), "role": role, "scheme": "ed25519", "sig": to_text(key.sign(statement(draft)))}


def corrected(*signatures: dict[str, str], **act: Any) -> dict[str, Any]:
    draft = EntryDraft(**{"type": "correct", **ACT, **act}, signatures=signatures)
    return read_entry(entry_bytes(draft, 7, AT))


OFFICE = (announcement(HAN, "head"), announcement(SUN, "officer"), announcement(LI, "officer"), required())
KEYS = knowing(*OFFICE)


def test_two_people_the_head_among_them_signed() -> None:
    assert problems_of(corrected(signature(HAN, "head"), signature(SUN, "officer")), KEYS) == []


def test_what_an_act_adds_to_its_entry_is_not_signed() -> None:
    signed = corrected(signature(HAN, "head"), signature(SUN, "officer"), extra={"objection": 3})
    assert problems_of(signed, KEYS) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "JG-2026-000002"},
        {"version": 3},
        {"record": "1" * 64},
        {"commitments": ("a" * 43,)},
        {"reason": "别的理由。"},
        {"type": "withdraw"},
    ],
)
def test_an_act_altered_after_signing_is_found(changed: dict[str, Any]) -> None:
    altered = corrected(signature(HAN, "head"), signature(SUN, "officer"), **changed)
    assert [each for each in problems_of(altered, KEYS) if "内容签名后被改动过" in each] != []


def test_somebody_else_signing_anew_does_not_help() -> None:
    anew = corrected(signature(OTHER, "head"), signature(SUN, "officer"))
    assert problems_of(anew, KEYS) == ["主要负责人的签名所用的公钥在此之前没有公布过。"]
    under_her_key = {**signature(OTHER, "head"), "key": public(HAN)}
    (wrong,) = problems_of(corrected(under_her_key, signature(SUN, "officer")), KEYS)
    assert "不是用这把密钥签的" in wrong


def test_one_person_twice_is_one_person() -> None:
    twice = corrected(signature(HAN, "head"), signature(HAN, "head"))
    assert problems_of(twice, KEYS) == ["没有另一名经办人的签名；同一人的两个签名只算一个。"]


def test_two_officers_without_the_head_are_not_enough() -> None:
    without = corrected(signature(LI, "officer"), signature(SUN, "officer"))
    assert problems_of(without, KEYS) == ["没有主要负责人的签名。"]


def test_an_officers_key_does_not_sign_as_the_heads() -> None:
    wrong = problems_of(corrected(signature(SUN, "head"), signature(LI, "officer")), KEYS)
    assert wrong == ["主要负责人的签名所用的密钥不是作为主要负责人的密钥公布的。"]


def test_after_it_was_announced_again_the_acting_heads_key_signs_as_the_heads() -> None:
    acting = knowing(*OFFICE, announcement(SUN, "head"))
    assert problems_of(corrected(signature(SUN, "head"), signature(LI, "officer")), acting) == []
    assert problems_of(corrected(signature(SUN, "officer"), signature(HAN, "head")), acting) != []


def test_an_ended_key_signs_nothing_more() -> None:
    keys = knowing(*OFFICE, ended(SUN))
    wrong = problems_of(corrected(signature(HAN, "head"), signature(SUN, "officer")), keys)
    assert wrong == ["经办人员的签名所用的密钥在此之前已经停用。"]
    assert problems_of(announcement(SUN, "officer"), keys) == ["所公布的密钥已经停用，停用的密钥不能再用。"]
    assert keys.after(announcement(SUN, "officer")) == keys


def test_a_new_key_ends_the_earlier_one() -> None:
    keys = knowing(*OFFICE, announcement(OTHER, "officer", ends=public(SUN)))
    assert problems_of(corrected(signature(HAN, "head"), signature(OTHER, "officer")), keys) == []
    assert problems_of(corrected(signature(HAN, "head"), signature(SUN, "officer")), keys) != []


def test_a_key_counts_only_from_its_announcement_on() -> None:
    before = knowing(OFFICE[0], required())
    wrong = problems_of(corrected(signature(HAN, "head"), signature(SUN, "officer")), before)
    assert wrong == ["经办人员的签名所用的公钥在此之前没有公布过。"]


def test_an_unknown_scheme_is_refused() -> None:
    sm2 = {**signature(SUN, "officer"), "scheme": "sm2"}
    wrong = problems_of(corrected(signature(HAN, "head"), sm2), KEYS)
    assert wrong == ["经办人员的签名所用的签名方式不认识，无法核对。"]
    assert problems_of(announcement(OTHER, "officer", scheme="sm2"), KEYS) != []


def test_keys_of_two_departments_do_not_sign_together() -> None:
    keys = knowing(*OFFICE, announcement(OTHER, "officer", "yjj"))
    wrong = problems_of(corrected(signature(HAN, "head"), signature(OTHER, "officer")), keys)
    assert wrong == ["签名的几把密钥不属于同一个部门。"]
    assert problems_of(announcement(OTHER, "officer"), keys) != []


def test_a_sheet_signed_by_both_on_paper_counts_for_both() -> None:
    head, officer = {"role": "head", **SHEET}, {"role": "officer", **SHEET}
    assert problems_of(corrected(head, officer), KEYS) == []
    assert problems_of(corrected(head, signature(SUN, "officer")), KEYS) == []
    assert problems_of(corrected(signature(HAN, "head"), officer), KEYS) == []


def test_paper_that_may_be_the_same_persons_is_not_a_second_person() -> None:
    head = {"role": "head", **SHEET}
    for signatures in ((head, head), (head, signature(HAN, "head")), (head,)):
        assert problems_of(corrected(*signatures), KEYS) != []
    assert problems_of(corrected({"role": "head", "scheme": "paper"}, signature(SUN, "officer")), KEYS) != []


def test_before_signatures_are_required_an_act_may_go_without_but_not_with_a_wrong_one() -> None:
    before = knowing(*OFFICE[:3])
    assert problems_of(corrected(), before) == []
    assert problems_of(corrected(signature(HAN, "head")), before) == []
    assert problems_of(corrected(signature(HAN, "head"), record="1" * 64), before) != []
    assert problems_of(corrected(), KEYS) == ["没有主要负责人的签名。", "没有另一名经办人的签名。"]


def test_other_acts_need_none() -> None:
    held = EntryDraft(type="hold", number="JG-2026-000001", version=1, basis="W1")
    assert problems_of(read_entry(entry_bytes(held, 3, AT)), KEYS) == []


@pytest.mark.parametrize(
    "wrong", [None, "x", [None], [[]], ["x"], [{}], [{"role": ["head"]}], [{"role": "head"}]]
)
def test_signatures_that_are_none_are_said_to_be_wrong(wrong: Any) -> None:
    assert problems_of({**corrected(), "signatures": wrong}, KEYS) != []


@pytest.mark.parametrize("member", ["key", "ends", "role", "department"])
@pytest.mark.parametrize("value", [None, 3, [], {}, "AAAA", ""])
def test_announcements_that_are_none_announce_nothing(member: str, value: Any) -> None:
    odd = {**announcement(OTHER, "officer"), member: value}
    if member != "department" or value != "AAAA":
        assert problems_of(odd, KEYS) != []
        assert KEYS.after(odd) == KEYS


def test_a_key_with_which_anybody_can_sign_is_no_key() -> None:
    weak = [bytes(32), b"\x01" + bytes(31), bytes.fromhex("ec" + "ff" * 30 + "7f")]
    for key in weak:
        assert not is_key("ed25519", to_text(key))
    assert is_key("ed25519", public(HAN))
    assert not is_key("ed25519", public(HAN).rstrip("="))


def test_two_signatures_and_forty_commitments_fit_into_an_entry() -> None:
    many = {"commitments": tuple(f"{at:043d}" for at in range(40)), "extra": {"objection": 10**9}}
    signed = corrected(
        signature(HAN, "head", commitments=many["commitments"]),
        signature(SUN, "officer", commitments=many["commitments"]),
        **many,
    )
    assert problems_of(signed, KEYS) == []
    assert len(json.dumps(signed)) < 4096
