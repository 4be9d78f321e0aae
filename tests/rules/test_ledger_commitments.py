"""What a version commits to, how anyone checks a record against it, and what it never tells."""

import base64
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.commitments import (
    ORIGINAL,
    Commitments,
    commit_record,
    digest,
    element_disclosure,
    field_disclosure,
    masked_originals,
    new_key,
    original_disclosure,
    salt,
    verify_record,
)
from portal.publications.kinds import KINDS

KEY = bytes(range(32))
NAMES = ["name", "department", "note", "items", "phone", "risk_class", "pool"]
TABLES: dict[str, list[str]] = {"items": ["inspectors"], "pool": []}
CONTENT: dict[str, Any] = {
    "name": "示例甲有限公司",
    "department": {"code": "scjg", "label": "示例市市场监督管理局"},
    "note": "使用某配方三号。",
    "items": [
        {"item": "标签", "problem": "缺少标识", "inspectors": "甲、乙"},
        {"item": "卫生", "problem": "配方外泄", "inspectors": "丙"},
    ],
    "phone": "0000-1234567",
    "pool": [{"entity": "示例乙"}, {"entity": "示例丙"}],
}
RELEASED: dict[str, Any] = {
    "name": "示例甲有限公司",
    "department": {"code": "scjg", "label": "示例市市场监督管理局"},
    "note": "使用〔依法隐去：商业秘密〕。",
    "items": [
        {"item": "标签", "problem": "缺少标识"},
        {"item": "卫生", "problem": "〔依法隐去：商业秘密〕"},
    ],
}


def commit(content: dict[str, Any] = CONTENT, released: dict[str, Any] = RELEASED) -> Commitments:
    return commit_record(KEY, NAMES, content, released, TABLES)


def record_of(made: Commitments, fields: dict[str, Any] = RELEASED) -> dict[str, Any]:
    record = {"fields": fields, "salts": made.salts, "rows": made.rows, "withheld": made.withheld}
    return copy.deepcopy(record)


def test_disclosures_have_the_digests_of_the_examples_in_rfc_9901() -> None:
    family_name = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest(family_name) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    france = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0"
    assert digest(france) == "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"


def test_a_disclosure_is_canonical_json_in_base64url() -> None:
    disclosure = field_disclosure("s" * 22, "name", {"b": "示", "a": 1})
    padded = disclosure + "=" * (-len(disclosure) % 4)
    assert base64.urlsafe_b64decode(padded).decode() == '["' + "s" * 22 + '","name",{"a":1,"b":"示"}]'


def test_a_released_record_is_covered_by_its_commitments() -> None:
    made = commit()
    assert verify_record(record_of(made), made.digests) == []


def test_what_is_withheld_has_no_salt_and_no_value_in_the_record() -> None:
    text = json.dumps(record_of(commit()), ensure_ascii=False)
    for secret in ("0000-1234567", "甲、乙", "某配方三号", "配方外泄", "示例乙"):
        assert secret not in text
    for path in ("phone", "risk_class", "items/0/inspectors", ORIGINAL, f"{ORIGINAL}/note", "pool", "pool/0"):
        assert salt(KEY, path) not in text


def test_the_number_of_commitments_does_not_depend_on_what_the_record_holds() -> None:
    nothing = commit({}, dict.fromkeys(RELEASED))
    bare = {name: CONTENT[name] for name in RELEASED}
    bare["items"] = [{"item": row["item"], "problem": row["problem"]} for row in CONTENT["items"]]
    assert (
        len(commit().digests) == len(commit(CONTENT, bare).digests) == len(nothing.digests) == len(NAMES) + 1
    )
    assert len(commit().withheld) == len(nothing.withheld)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_full_field_list_of_every_kind_leaves_room_in_an_entry(kind: Any) -> None:
    released = {field.name: None for field in kind.public_fields()}
    made = commit_record(KEY, [field.name for field in kind.fields], {}, released, {})
    assert len(json.dumps(made.digests, separators=(",", ":"))) < 3000


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record["fields"].update(name="示例丁有限公司"),
        lambda record: record["fields"].update(more="一个字段"),
        lambda record: record["fields"].pop("name"),
        lambda record: record["fields"]["items"].pop(),
        lambda record: record["fields"]["items"].reverse(),
        lambda record: record["fields"]["items"][0].update(problem="没有问题"),
        lambda record: record["fields"]["items"][0].pop("problem"),
        lambda record: record["rows"]["items"]["rows"][0]["sd"].clear(),
        lambda record: record["rows"]["items"]["rows"][0].update(salt="x" * 22),
        lambda record: record["rows"].pop("items"),
        lambda record: record["salts"].update(name="x" * 22),
        lambda record: record["salts"].update(name="short"),
        lambda record: record["salts"].update(name=7),
        lambda record: record["salts"].pop("name"),
        lambda record: record["withheld"].pop(),
        lambda record: record["withheld"].append("x" * 43),
        lambda record: record["withheld"].append(record["withheld"][0]),
        lambda record: record["withheld"].append([]),
        lambda record: record.pop("withheld"),
        lambda record: record.update(fields=[1]),
        lambda record: record.update(rows=None),
        lambda record: record.update(salts="…"),
    ],
)
def test_a_record_changed_anywhere_is_found_out_in_sentences(change: Any) -> None:
    made = commit()
    record = record_of(made)
    change(record)
    problems = verify_record(record, made.digests)
    assert problems
    assert all(problem.endswith("。") for problem in problems)


def test_a_commitment_that_the_record_does_not_account_for_is_found_out() -> None:
    made = commit()
    assert verify_record(record_of(made), [*made.digests, "x" * 43])
    assert verify_record(record_of(made), made.digests[1:])


def test_one_row_can_be_shown_alone() -> None:
    made = commit()
    record = record_of(made)
    kept, row = record["rows"]["items"]["rows"][1], record["fields"]["items"][1]
    hidden = digest(element_disclosure(kept["salt"], {**row, "_sd": kept["sd"]}))
    record["rows"]["items"]["rows"][1], record["fields"]["items"][1] = {"...": hidden}, None
    assert verify_record(record, made.digests) == []


def test_a_withheld_field_can_be_proven_to_a_court_later() -> None:
    made = commit()
    assert digest(field_disclosure(salt(KEY, "phone"), "phone", "0000-1234567")) in made.withheld
    assert digest(field_disclosure(salt(KEY, "risk_class"), "risk_class", None)) in made.withheld


def test_the_words_under_one_mark_can_be_proven_alone() -> None:
    originals = masked_originals(CONTENT, RELEASED, TABLES)
    assert originals == {"note": "使用某配方三号。", "items/1/problem": "配方外泄"}
    disclosure = original_disclosure(KEY, originals)
    assert digest(disclosure) in commit().withheld
    _, name, inner = json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
    assert name == ORIGINAL
    assert digest(field_disclosure(salt(KEY, f"{ORIGINAL}/note"), "note", "使用某配方三号。")) in inner["_sd"]


def test_a_withheld_table_can_be_proven_row_by_row() -> None:
    made = commit()
    rows = [
        {"...": digest(element_disclosure(salt(KEY, f"pool/{at}"), {**row, "_sd": []}))}
        for at, row in enumerate(CONTENT["pool"])
    ]
    assert digest(field_disclosure(salt(KEY, "pool"), "pool", rows)) in made.withheld


def test_a_table_withheld_as_a_whole_keeps_its_rows_under_the_original() -> None:
    released = {**RELEASED, "items": None}
    made = commit(CONTENT, released)
    assert verify_record(record_of(made, released), made.digests) == []
    assert masked_originals(CONTENT, released, ())["items"] == CONTENT["items"]


def test_two_versions_with_the_same_words_share_no_digest() -> None:
    first, second = (commit_record(new_key(), NAMES, CONTENT, RELEASED, TABLES) for _ in range(2))
    assert not {*first.digests} & {*second.digests}


def test_a_record_that_two_worlds_differ_in_secretly_differs_in_digests_only() -> None:
    other = {**CONTENT, "phone": "0000-7654321", "note": "使用某配方四十四号。", "risk_class": "D"}
    here, there = record_of(commit()), record_of(commit(other))
    assert here.pop("withheld") != there.pop("withheld")
    assert here == there


@pytest.mark.parametrize(
    ("names", "released", "tables", "sentence"),
    [
        (["name", "name"], {}, {}, "twice"),
        (["#original"], {}, {}, "plain name"),
        (["a/b"], {}, {}, "plain name"),
        (["name"], {"other": 1}, {}, "fixed field list"),
        (["items"], {"items": [{}]}, {"items": []}, "one for one"),
        (["items"], {"items": [{"_sd": 1}, {}]}, {"items": []}, "RFC 9901"),
    ],
)
def test_what_can_not_be_committed_to_is_refused(
    names: list[str], released: dict[str, Any], tables: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        commit_record(KEY, names, CONTENT, released, tables)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = (
    st.none() | words | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.lists(words, max_size=3)
)


@given(
    content=st.fixed_dictionaries(
        {name: values for name in NAMES if name not in TABLES}
        | {"items": st.lists(st.fixed_dictionaries({"item": values, "inspectors": values}), max_size=4)}
    ),
    masked=st.sets(st.sampled_from(["name", "department", "note"])),
)
def test_every_record_is_covered_whatever_its_words(content: dict[str, Any], masked: set[str]) -> None:
    released = {
        name: "〔隐〕" if name in masked else content[name] for name in ("name", "department", "note")
    }
    released["items"] = [{"item": row["item"]} for row in content["items"]]
    made = commit(content, released)
    assert verify_record(record_of(made, released), made.digests) == []
    assert len(made.digests) == len(NAMES) + 1
