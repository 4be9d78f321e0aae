"""公示存证: what is published is signed with it, and what was signed can not be unsaid."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger import book, sealing, tile_files
from portal.ledger.checkpoints import Checkpoint
from portal.ledger.entry import EntryDraft
from portal.ledger.hashing import leaf_hash, root_of
from portal.ledger.models import Entry, LedgerHead, SignedCheckpoint
from portal.ledger.notes import Note, open_note
from portal.ledger.signer import Signer
from portal.ledger.tiles import ENTRIES, WIDTH, Tile, unpack_entries, unpack_hashes
from portal.settings import Settings
from tests.signing import LOG_KEY


def write(session: Session, count: int) -> None:
    drafts = [EntryDraft(type="publish", number=f"JG-2026-{at:06}", version=1) for at in range(count)]
    book.write_all(session, drafts)
    session.commit()


def signed(session: Session) -> list[SignedCheckpoint]:
    return list(session.scalars(sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size)))


def test_acts_and_their_checkpoint_are_one_transaction(session: Session) -> None:
    book.write_all(session, [EntryDraft(type="publish", number="JG-2026-000001", version=1)])
    session.rollback()
    assert signed(session) == []
    write(session, 3)
    (last,) = signed(session)
    assert open_note(Note.parse(last.note), [LOG_KEY.verifier]) == [LOG_KEY.verifier]
    leaves = session.scalars(sa.select(Entry.leaf_hash).order_by(Entry.index)).all()
    assert Checkpoint.parse(Note.parse(last.note).text) == Checkpoint(LOG_KEY.name, 3, root_of(leaves))
    assert sealing.keys(session) == [LOG_KEY.verifier]


@pytest.mark.about_sqlite
def test_a_long_log_has_all_its_tiles(session: Session, settings: Settings) -> None:
    write(session, 255)
    for _each in range(3):
        write(session, 1)
    last = signed(session)[-1]
    assert (last.size, sealing.tree(session, last.size).root().hex()) == (258, last.root)
    tile_files.bring_up(session, settings.log_dir)
    there = {
        str(path.relative_to(settings.log_dir)) for path in settings.log_dir.rglob("*") if path.is_file()
    }
    assert there == {
        "checkpoint", "key", "tile/0/000", "tile/0/001.p/2", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/2",
        "tile/0/001.p/1", "tile/entries/001.p/1",  # of the checkpoint between
    }  # fmt: skip
    entries = unpack_entries((settings.log_dir / "tile/entries/000").read_bytes())
    hashes = unpack_hashes((settings.log_dir / "tile/0/000").read_bytes())
    assert [*map(leaf_hash, entries)] == hashes
    assert tile_files.tile_bytes(session, Tile(ENTRIES, 1, WIDTH)) is None
    write(session, 254)
    assert tile_files.is_behind(session, settings.log_dir)
    tile_files.bring_up(session, settings.log_dir)
    assert not (settings.log_dir / "tile/0/001.p").exists()
    assert (settings.log_dir / "tile/0/001").stat().st_size == 8192
    before = {path: path.read_bytes() for path in settings.log_dir.rglob("*") if path.is_file()}
    tile_files.rebuild(session, settings.log_dir)
    assert {path: path.read_bytes() for path in settings.log_dir.rglob("*") if path.is_file()} == before


def test_a_ledger_rewritten_behind_the_signers_back_is_signed_no_more(
    session: Session, settings: Settings
) -> None:
    write(session, 3)
    forge(session, keep=3, words="JG-2026-999999")
    for _each in range(2):
        with pytest.raises(Refused, match="与已经签名公开的不一致"):
            write(session, 1)
        session.rollback()
    assert signed(session) == []
    reasons = sealing.why_not_write(session, Signer(settings.log_key_dir), settings.log_dir)
    assert "与已经签名公开的不一致" in reasons[0]


def forge(session: Session, keep: int, words: str) -> None:
    """Write the last line anew, with a root, a frontier and a checkpoint row that fit it."""
    lines = list(session.scalars(sa.select(Entry).order_by(Entry.index)))
    lines[keep - 1].body = lines[keep - 1].body.replace(b"JG-2026-000002", words.encode())
    lines[keep - 1].leaf_hash = leaf_hash(lines[keep - 1].body)
    from_leaves = book.Frontier()
    for line in lines:
        from_leaves = from_leaves.add(line.leaf_hash)
    head = session.get_one(LedgerHead, book.HEAD)
    head.root, head.frontier = from_leaves.root().hex(), from_leaves.to_text()
    session.execute(sa.delete(SignedCheckpoint))
    session.commit()


def test_a_backup_that_lost_the_last_lines_is_not_written_to(session: Session, settings: Settings) -> None:
    write(session, 2)
    kept = [(row.index, row.body) for row in session.scalars(sa.select(Entry))]
    head = session.get_one(LedgerHead, book.HEAD)
    size, root, frontier = head.size, head.root, head.frontier
    write(session, 2)
    session.execute(sa.delete(Entry).where(Entry.index >= len(kept)))
    session.execute(sa.delete(SignedCheckpoint).where(SignedCheckpoint.size > size))
    head.size, head.root, head.frontier = size, root, frontier
    session.commit()
    with pytest.raises(Refused, match="数据库缺少最后的记录"):
        write(session, 1)
    session.rollback()
    write_refused = sealing.why_not_write(session, Signer(settings.log_key_dir), settings.log_dir)
    assert [str(each)[:12] for each in write_refused] == ["数据库只有2条公示存证，"[:12]]


def test_two_heads_of_one_size_are_never_signed(tmp_path: Path) -> None:
    signer = Signer(tmp_path)
    signer.make("disclosure.example/log")
    first, other = (Checkpoint("disclosure.example/log", 1, leaf_hash(each)) for each in (b"a", b"b"))
    signer.sign(first, [], lambda _size: first.root)
    signer.confirm(first)
    signer.sign(first, [], lambda _size: first.root)
    with pytest.raises(Refused, match="不一致"):
        signer.sign(other, [], lambda _size: other.root)


def test_a_head_whose_transaction_came_to_nothing_binds_nobody(tmp_path: Path) -> None:
    signer = Signer(tmp_path)
    signer.make("disclosure.example/log")
    lost, came = (Checkpoint("disclosure.example/log", 1, leaf_hash(each)) for each in (b"a", b"b"))
    signer.sign(lost, [], lambda _size: lost.root)
    signer.sign(came, [], lambda _size: came.root)
    signer.confirm(came)
    with pytest.raises(Refused, match="不一致"):
        signer.sign(lost, [], lambda _size: lost.root)


def test_a_process_that_died_before_it_noted_the_commit_is_bound_by_it(tmp_path: Path) -> None:
    signer = Signer(tmp_path)
    signer.make("disclosure.example/log")
    first = Checkpoint("disclosure.example/log", 1, leaf_hash(b"a"))
    signer.sign(first, [], lambda _size: first.root)  # committed, and killed before confirm()
    second = Checkpoint("disclosure.example/log", 2, bytes(32))
    with pytest.raises(Refused, match="不一致"):
        signer.sign(second, [Checkpoint("", 1, leaf_hash(b"b"))], lambda _size: leaf_hash(b"b"))


def test_a_new_key_is_announced_and_both_sign_once(session: Session, settings: Settings) -> None:
    write(session, 1)
    signer = Signer(settings.log_key_dir)
    following = signer.make(LOG_KEY.name, "next")
    sealing.announce(session, signer)
    session.commit()
    signer.replace()
    note = Note.parse(signed(session)[-1].note)
    assert open_note(note, [LOG_KEY.verifier]) and open_note(note, [following.verifier])
    write(session, 1)
    assert sealing.keys(session) == [following.verifier, LOG_KEY.verifier]
    with pytest.raises(ValueError, match="nobody"):
        open_note(Note.parse(signed(session)[-1].note), [LOG_KEY.verifier])


def test_a_portal_that_began_without_a_key_signs_its_ledger_as_it_is(
    session: Session, settings: Settings
) -> None:
    (settings.log_key_dir / "key").unlink()
    write(session, 3)
    assert signed(session) == []
    Signer(settings.log_key_dir).make("disclosure.example/log")
    sealing.begin(session)
    session.commit()
    assert [each.size for each in signed(session)] == [3]


def test_files_that_somebody_changed_are_told_of(session: Session, settings: Settings) -> None:
    write(session, 257)
    tile_files.bring_up(session, settings.log_dir)
    signer = Signer(settings.log_key_dir)
    assert sealing.why_not_write(session, signer, settings.log_dir) == []
    tile = settings.log_dir / "tile/0/000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    (reason,) = sealing.why_not_write(session, signer, settings.log_dir)
    assert "tile/0/000" in reason
    (settings.log_dir / "checkpoint").write_text("x")
    with pytest.raises(Refused, match="已损坏"):
        write(session, 1)
