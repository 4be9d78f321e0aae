"""Two verifiers that share nothing agree on what is right and on what is wrong."""

import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.ledger.entry import EntryDraft
from portal.ledger.hashing import leaf_hash
from portal.ledger.notes import SignerKey
from portal.ledger.tiles import unpack_entries
from tests.logs import (
    BOTH,
    ONE,
    SIGNER,
    SOMEBODY_ELSE,
    THREE,
    TWO,
    Log,
    changed,
    checkpoint_of,
    lay_down_log,
    objection,
    office_log,
    plain_log,
)
from tests.verifiers import Verifiers

# ── what is right ────────────────────────────────────────────


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 1000])
def test_a_whole_log_of_any_size_is_right(size: int, verifiers: Verifiers, tmp_path: Path) -> None:
    log = plain_log(size)
    log.lay_down(tmp_path)
    told = verifiers(tmp_path, records=False)
    assert told.agree_that_it_is_right, (told.ours.wrong, told.theirs)
    assert told.ours.counts["entries"] == size
    assert f"Checked {size} entries of {size} numbers" in told.theirs


@pytest.mark.proof
def test_seventy_thousand_entries_take_seconds(verifiers: Verifiers, tmp_path: Path) -> None:
    plain_log(70_000).lay_down(tmp_path)
    began = time.monotonic()
    told = verifiers(tmp_path, records=False)
    took = time.monotonic() - began
    assert told.agree_that_it_is_right, (told.ours.wrong, told.theirs)
    assert told.ours.counts["tiles"] == 277
    print(f"proof: 70,000 entries verified by both programs in {took:.0f} s")  # noqa: T201


@pytest.mark.parametrize("kept", [0, 1, 255, 256, 300])
def test_a_log_that_grew_extends_the_checkpoint_that_was_kept(
    kept: int, verifiers: Verifiers, tmp_path: Path
) -> None:
    log = plain_log(300)
    log.lay_down(tmp_path)
    told = verifiers(tmp_path, earlier=keep(tmp_path, log.bodies[:kept]), records=False)
    assert told.agree_that_it_is_right, (told.ours.wrong, told.theirs)


def keep(folder: Path, bodies: list[bytes], signer: SignerKey = SIGNER) -> Path:
    path = folder / "kept"
    path.write_text(str(checkpoint_of([leaf_hash(body) for body in bodies], [signer])))
    return path


def test_records_signatures_and_objections_of_an_office_are_right(
    verifiers: Verifiers, tmp_path: Path
) -> None:
    told = verifiers(office_log().lay_down(tmp_path))
    assert told.agree_that_it_is_right, (told.ours.wrong, told.theirs)
    counts = told.ours.counts
    assert (counts["records"], counts["versions"], counts["gone"], counts["signatures"]) == (2, 1, 1, 2)
    assert (
        "2 signatures of officers, 2 records, 1 earlier versions, 1 taken down; 2 objections" in told.theirs
    )


def test_an_objection_past_its_last_day_says_that_the_office_is_late_and_the_log_whole(
    verifiers: Verifiers, tmp_path: Path
) -> None:
    log = office_log()
    log.write(objection(TWO, due="2026-11-25"))
    told = verifiers(log.lay_down(tmp_path))
    assert told.agree_that_the_office_is_late, (told.ours.wrong, told.theirs)
    assert "2026-11-25" in told.ours.late[0]
    assert "by 2026-11-25" in told.theirs


def test_a_new_last_day_counts(verifiers: Verifiers, tmp_path: Path) -> None:
    log = office_log()
    received = log.write(objection(TWO, due="2026-11-25"))
    again = {"received": received, "term": "recheck", "due": "2026-11-26", "provisional": False}
    log.write(EntryDraft(type="objection_redated", number=TWO, extra=again))
    told = verifiers(log.lay_down(tmp_path))
    assert told.agree_that_it_is_right, (told.ours.wrong, told.ours.late, told.theirs)


# ── what is not ──────────────────────────────────────────────


def edit_bundle(folder: Path, edit: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the entries and nothing else: the tiles and the checkpoint stay as they were signed."""
    (bundle,) = (folder / "log" / "tile" / "entries").rglob("*.p/*")
    bodies = edit(unpack_entries(bundle.read_bytes()))
    bundle.write_bytes(b"".join(struct.pack(">H", len(body)) + body for body in bodies))


def altered(bodies: list[bytes]) -> list[bytes]:
    return [*bodies[:4], changed(bodies[4], record="0" * 64), *bodies[5:]]


def dropped(bodies: list[bytes]) -> list[bytes]:
    return [*bodies[:4], *bodies[5:]]


def swapped(bodies: list[bytes]) -> list[bytes]:
    return [*bodies[:4], bodies[5], bodies[4], *bodies[6:]]


@pytest.mark.parametrize("edit", [altered, dropped, swapped])
def test_entries_altered_dropped_or_swapped_after_signing_are_found(
    edit: Callable[[list[bytes]], list[bytes]], verifiers: Verifiers, tmp_path: Path
) -> None:
    edit_bundle(office_log().lay_down(tmp_path), edit)
    assert verifiers(tmp_path).agree_that_it_is_wrong


@pytest.mark.parametrize("edit", [altered, dropped, swapped])
def test_a_log_made_anew_and_signed_with_another_key_is_found(
    edit: Callable[[list[bytes]], list[bytes]], verifiers: Verifiers, tmp_path: Path
) -> None:
    lay_down_log(tmp_path, edit(office_log().bodies), [SOMEBODY_ELSE])
    told = verifiers(tmp_path, records=False)
    assert told.agree_that_it_is_wrong
    assert any("不是用所给的密钥签的" in each for each in told.ours.wrong)
    assert "not signed with the key given" in told.theirs


def test_a_log_that_its_own_key_rewrote_is_found_by_a_checkpoint_that_was_kept(
    verifiers: Verifiers, tmp_path: Path
) -> None:
    log = plain_log(300)
    kept = keep(tmp_path, log.bodies[:280])
    log.bodies[7] = changed(log.bodies[7], record="0" * 64)
    log.lay_down(tmp_path)
    assert verifiers(tmp_path, records=False).agree_that_it_is_right  # nobody else could know
    told = verifiers(tmp_path, earlier=kept, records=False)
    assert told.agree_that_it_is_wrong
    assert any("与留存的存证头不符" in each for each in told.ours.wrong)
    assert "not those of the kept checkpoint" in told.theirs


def test_two_heads_of_one_size_are_found(verifiers: Verifiers, tmp_path: Path) -> None:
    log = plain_log(256)
    kept = keep(tmp_path, log.bodies)
    log.bodies[-1] = changed(log.bodies[-1], record="0" * 64)
    log.lay_down(tmp_path)
    assert verifiers(tmp_path, earlier=kept, records=False).agree_that_it_is_wrong


def test_a_log_that_lost_its_last_entries_is_found(verifiers: Verifiers, tmp_path: Path) -> None:
    log = plain_log(20)
    kept = keep(tmp_path, log.bodies)
    lay_down_log(tmp_path, log.bodies[:17])
    told = verifiers(tmp_path, earlier=kept, records=False)
    assert told.agree_that_it_is_wrong
    assert any("最后3条不见了" in each for each in told.ours.wrong)
    assert "has shrunk" in told.theirs


def test_a_tile_that_does_not_fit_is_found(verifiers: Verifiers, tmp_path: Path) -> None:
    plain_log(257).lay_down(tmp_path)
    tile = tmp_path / "log/tile/1/000.p/1"
    tile.write_bytes(bytes(32))
    assert verifiers(tmp_path, records=False).agree_that_it_is_wrong


@pytest.mark.parametrize("roles", [(), ("officer",), ("head",)])
def test_a_correction_without_two_signatures_the_heads_among_them_is_found(
    roles: tuple[str, ...], verifiers: Verifiers, tmp_path: Path
) -> None:
    log = office_log()
    log.show(TWO, "correct", roles)
    told = verifiers(log.lay_down(tmp_path))
    assert told.agree_that_it_is_wrong
    assert any("签名不成立" in each for each in told.ours.wrong)
    assert "not signed by two different people" in told.theirs


def test_a_signature_moved_to_another_act_is_found(verifiers: Verifiers, tmp_path: Path) -> None:
    log = office_log()
    log.show(TWO, "correct", BOTH)
    log.bodies[-1] = changed(log.bodies[-1], record="0" * 64)
    told = verifiers(log.lay_down(tmp_path))
    assert told.agree_that_it_is_wrong
    assert "not over what the entry says" in told.theirs


def a_record_changed(log: Log) -> None:
    log.records[ONE] = log.records[ONE].replace("示例商店".encode(), "示例酒店".encode())


def an_earlier_version_changed(log: Log) -> None:
    at = f"{ONE}/versions/1"
    log.records[at] = log.records[at].replace("示例商行".encode(), "示例银行".encode())


def a_record_missing(log: Log) -> None:
    del log.records[TWO]


def a_held_record_shown(log: Log) -> None:
    del log.statuses[THREE]


def a_live_record_said_to_be_gone(log: Log) -> None:
    log.statuses[TWO] = 410


@pytest.mark.parametrize(
    "tamper",
    [a_record_changed, an_earlier_version_changed, a_record_missing, a_held_record_shown, a_live_record_said_to_be_gone],
)  # fmt: skip
def test_what_is_shown_must_be_what_the_newest_entry_says(
    tamper: Callable[[Log], None], verifiers: Verifiers, tmp_path: Path
) -> None:
    log = office_log()
    tamper(log)
    told = verifiers(log.lay_down(tmp_path))
    assert told.agree_that_it_is_wrong
    assert len(told.ours.wrong) == 1
