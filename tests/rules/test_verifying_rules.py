"""What a log may not say although it is signed, and how it changes its key: both verifiers hold it to its own rules."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.ledger.entry import EntryDraft, entry_bytes
from portal.ledger.hashing import leaf_hash
from portal.ledger.notes import SignerKey
from portal.verifying.mirroring import mirror
from portal.verifying.sources import Directory
from tests.logs import BEGAN, ONE, ORIGIN, SIGNER, TWO, Log, changed, checkpoint_of, lay_down_log, office_log
from tests.verifiers import Verifiers


def time_runs_backwards(log: Log) -> None:
    log.write(EntryDraft(type="signatures_required"), at=BEGAN - timedelta(days=1))


def an_entry_of_a_chain_is_passed_over(log: Log) -> None:
    draft = EntryDraft(type="hold", number=ONE, version=2)
    log.bodies.append(entry_bytes(draft, 3, BEGAN + timedelta(hours=1)))


def a_version_is_passed_over(log: Log) -> None:
    log.versions[TWO] = 2
    log.show(TWO, "adjust")


def an_entry_is_not_canonical(log: Log) -> None:
    log.bodies.append(json.dumps(json.loads(log.bodies[0]), sort_keys=True).encode())


def an_entry_holds_words(log: Log) -> None:
    log.bodies.append(changed(log.bodies[0], key="张三"))


def an_objection_ends_twice(log: Log) -> None:
    for _ in range(2):
        log.write(EntryDraft(type="objection_ended", number=ONE, extra={"received": 10, "outcome": "withdrawn"}))  # fmt: skip


def an_objection_ends_that_nobody_filed(log: Log) -> None:
    log.write(EntryDraft(type="objection_ended", number=ONE, extra={"received": 3, "outcome": "withdrawn"}))


def a_record_is_published_twice(log: Log) -> None:
    log.show(TWO, "publish")


def a_calendar_replaces_what_was_none(log: Log) -> None:
    log.write(EntryDraft(type="calendar_update", extra={"year": 2027, "replaces": 3}))


def commit(log: Log, **more: Any) -> int:
    extra = {"draw": "own", "task": "33990020261012003", "commitment": "a" * 43, "step": 1, **more}
    return log.write(EntryDraft(type="draw_commit", extra=extra))


def lock(log: Log, commit: int, **more: Any) -> int:
    return log.write(EntryDraft(type="draw_result", extra={"draw": "own", "commit": commit, **more}))


def a_second_draw_hides_the_first(log: Log) -> None:
    commit(log)
    commit(log)


def a_draw_counts_its_attempts_wrongly(log: Log) -> None:
    commit(log, replaces=commit(log), step=3)


def a_replaced_draw_is_locked(log: Log) -> None:
    first = commit(log)
    commit(log, replaces=first, step=2)
    lock(log, first, list="b" * 43)


def a_list_is_locked_twice(log: Log) -> None:
    first = commit(log)
    for _ in range(2):
        lock(log, first, list="b" * 43)


def a_list_replaces_what_was_none(log: Log) -> None:
    log.write(EntryDraft(type="draw_result", extra={"draw": "platform", "list": "b" * 43, "replaces": 3}))


def test_a_draw_replaced_in_the_open_locked_and_told_is_right(verifiers: Verifiers, tmp_path: Path) -> None:
    log = office_log()
    second = commit(log, replaces=commit(log), step=2)
    lock(log, second, list="b" * 43)
    lock(log, second, code="c" * 43)
    first = log.write(EntryDraft(type="draw_result", extra={"draw": "platform", "list": "b" * 43}))
    log.write(EntryDraft(type="draw_result", extra={"draw": "platform", "list": "c" * 43, "replaces": first}))
    told = verifiers(log.lay_down(tmp_path))
    assert told.agree_that_it_is_right, (told.ours.wrong, told.theirs)
    commit(log, commitment="d" * 43)
    told = verifiers(log.lay_down(tmp_path))
    assert told.agree_that_it_is_right
    assert "互不相干的抽取承诺" in told.ours.noted[0]


@pytest.mark.parametrize(
    "tamper",
    [
        a_second_draw_hides_the_first, a_draw_counts_its_attempts_wrongly, a_replaced_draw_is_locked,
        a_list_is_locked_twice, a_list_replaces_what_was_none,
        time_runs_backwards, an_entry_of_a_chain_is_passed_over, a_version_is_passed_over, an_entry_is_not_canonical,
        an_entry_holds_words, an_objection_ends_twice, an_objection_ends_that_nobody_filed, a_record_is_published_twice,
        a_calendar_replaces_what_was_none,
    ],
)  # fmt: skip
def test_a_log_that_was_signed_but_breaks_its_own_rules_is_found(
    tamper: Callable[[Log], None], verifiers: Verifiers, tmp_path: Path
) -> None:
    log = office_log()
    tamper(log)
    assert verifiers(log.lay_down(tmp_path), records=False).agree_that_it_is_wrong


@pytest.mark.parametrize(
    "members",
    [
        {"type": ["publish"]}, {"number": {"a": 1}}, {"signatures": 7}, {"signatures": [7]}, {"time": None}, {"record": "x"},
        {"type": "key_rotate", "purpose": "officer", "key": ["a"]}, {"type": "objection_ended", "received": {"a": 1}},
        {"type": "objection_redated", "received": True}, {"type": "draw_commit", "replaces": ["a"], "step": "x"},
        {"type": "calendar_update", "replaces": {"a": 1}}, {"type": "no_such_act"}, {"v": 2},
    ],
)  # fmt: skip
def test_whatever_a_forger_writes_is_told_in_a_sentence(
    members: dict[str, Any], verifiers: Verifiers, tmp_path: Path
) -> None:
    log = office_log()
    log.bodies.append(changed(log.bodies[0], **members))
    told = verifiers(log.lay_down(tmp_path), records=False)
    assert not told.ours.whole
    assert told.code == 1, told.theirs


@pytest.mark.parametrize("record", [b"[]", b"7", b"{}", b"no json", b'{"fields":7,"kind":"result"}'])
def test_a_record_that_was_signed_but_is_none_is_told_in_a_sentence(
    record: bytes, verifiers: Verifiers, tmp_path: Path
) -> None:
    log = office_log()
    log.bodies[4] = changed(log.bodies[4], record=hashlib.sha256(record).hexdigest())
    log.records[TWO] = record
    assert verifiers(log.lay_down(tmp_path)).agree_that_it_is_wrong


# ── the log's key ────────────────────────────────────────────

NEXT = SignerKey(ORIGIN, bytes(range(2, 34)))


def rotated() -> Log:
    log = office_log()
    extra = {"purpose": "log", "key": str(NEXT.verifier), "ends": str(SIGNER.verifier)}
    log.write(EntryDraft(type="key_rotate", extra=extra))
    return log


def test_the_checkpoint_that_both_keys_signed_is_right_by_either(
    verifiers: Verifiers, tmp_path: Path
) -> None:
    rotated().lay_down(tmp_path, [SIGNER, NEXT])
    for each in (SIGNER, NEXT):
        told = verifiers(tmp_path, key=str(each.verifier))
        assert told.agree_that_it_is_right, (told.ours.wrong, told.theirs)


def test_a_later_checkpoint_is_believed_by_the_old_key_only_over_the_one_that_both_signed(
    verifiers: Verifiers, tmp_path: Path
) -> None:
    log = rotated()
    kept = tmp_path / "kept"
    kept.write_text(str(checkpoint_of([leaf_hash(body) for body in log.bodies], [SIGNER, NEXT])))
    log.show("JG-2026-000004")
    log.lay_down(tmp_path, [NEXT])
    told = verifiers(tmp_path)
    assert told.agree_that_it_is_wrong
    assert any("已经更换" in each for each in told.ours.wrong)
    assert "was replaced" in told.theirs
    told = verifiers(tmp_path, earlier=kept)
    assert told.agree_that_it_is_right, (told.ours.wrong, told.theirs)
    assert verifiers(tmp_path, key=str(NEXT.verifier)).agree_that_it_is_right


def test_who_goes_on_with_the_old_key_after_changing_it_is_found(
    verifiers: Verifiers, tmp_path: Path
) -> None:
    assert verifiers(rotated().lay_down(tmp_path, [SIGNER])).agree_that_it_is_wrong


@pytest.mark.parametrize("number", ["JG-../../../x", "/JG-x", "JG-x/../y", ".", "JG-2026-000009/versions/1"])
def test_a_number_that_is_a_path_leads_nowhere(number: str, tmp_path: Path) -> None:
    log = Log()
    log.show(number)
    log.show(number, "adjust")
    lay_down_log(tmp_path / "site", log.bodies)
    before = {*tmp_path.rglob("*")}
    mirror(Directory(tmp_path / "site"), tmp_path / "copy", lambda done, size: None)
    new = {*tmp_path.rglob("*")} - before
    assert all(tmp_path / "copy" in (path, *path.parents) for path in new)
    assert not (tmp_path / "copy" / "results").exists()
