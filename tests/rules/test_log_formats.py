"""Signed notes, checkpoints, tiles and proofs, as the public formats have them."""

import random

import pytest

from portal.ledger import tiles
from portal.ledger.checkpoints import Checkpoint
from portal.ledger.hashing import EMPTY_ROOT, leaf_hash, root_of
from portal.ledger.notes import Note, SignerKey, VerifierKey, open_note, sign
from portal.ledger.tlog_proofs import TlogProof
from portal.ledger.trees import Tree, extends, is_included, joined

SIZES = (0, 1, 2, 3, 7, 8, 255, 256, 257, 1000, 70_000)
LEAVES = [leaf_hash(str(each).encode()) for each in range(max(SIZES))]
# from the specification of signed notes: a public key and what it signed
POEM = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n"


def tree_of(leaves: list[bytes]) -> Tree:
    levels = {0: leaves}
    while len(levels[len(levels) - 1]) >= 256:
        below = levels[len(levels) - 1]
        levels[len(levels)] = [joined(below[at : at + 256]) for at in range(0, len(below) // 256 * 256, 256)]
    return Tree(len(leaves), lambda level, number: levels.get(level, [])[number * 256 : (number + 1) * 256])


@pytest.mark.parametrize("size", SIZES)
def test_the_root_over_tiles_is_the_root_over_all_leaves(size: int) -> None:
    assert tree_of(LEAVES[:size]).root() == root_of(LEAVES[:size])


@pytest.mark.parametrize("size", SIZES[1:])
def test_each_leaf_can_be_shown_and_no_other_in_its_place(size: int) -> None:
    tree = tree_of(LEAVES[:size])
    for index in random.Random(size).sample(range(size), min(size, 8)):
        proof = tree.inclusion(index)
        assert is_included(LEAVES[index], index, size, tree.root(), proof)
        assert not is_included(LEAVES[index - 1], index, size, tree.root(), proof) or size == 1
        assert not is_included(LEAVES[index], index + 1, size, tree.root(), proof)
        assert not is_included(LEAVES[index], index, size, tree.root(), [*proof, bytes(32)])


@pytest.mark.parametrize("size", SIZES)
def test_a_log_extends_each_of_its_beginnings_and_nothing_else(size: int) -> None:
    tree = tree_of(LEAVES[:size])
    for earlier in random.Random(size).sample(range(size + 1), min(size + 1, 8)):
        proof = tree.consistency(earlier)
        assert extends(earlier, tree.root(earlier), size, tree.root(), proof)
        assert not extends(earlier, bytes(32), size, tree.root(), proof)
        assert earlier == 0 or not extends(earlier, tree.root(earlier), size, bytes(32), proof)
        if proof:
            assert not extends(earlier, tree.root(earlier), size, tree.root(), proof[:-1])


def test_a_short_tile_is_an_error_and_no_proof() -> None:
    with pytest.raises(ValueError, match="too short"):
        Tree(10, lambda _level, _number: LEAVES[:9]).root()


def test_nothing_can_be_shown_of_what_the_tree_never_held() -> None:
    tree = tree_of(LEAVES[:3])
    with pytest.raises(ValueError, match="no leaf 3"):
        tree.inclusion(3)
    with pytest.raises(ValueError, match="never 4"):
        tree.consistency(4)


def test_a_tree_of_70_000_entries_has_the_tiles_that_the_specification_counts() -> None:
    found = [each.path for each in tiles.tiles_of(70_000) if each.level >= 0]
    assert found[-4:] == ["0/273.p/112", "1/000", "1/001.p/17", "2/000.p/1"]
    assert len(found) == 273 + 1 + 1 + 1 + 1
    assert [each.path for each in tiles.tiles_of(256)] == ["entries/000", "0/000", "1/000.p/1"]
    assert [*tiles.tiles_of(0)] == []


def test_what_was_there_already_is_not_listed_again() -> None:
    assert [each.path for each in tiles.tiles_of(513, since=511)] == [
        "entries/001", "entries/002.p/1", "0/001", "0/002.p/1", "1/000.p/2",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["0/x001/x234/067", "entries/005.p/112", "63/000", "1/999.p/255"])
def test_a_path_leads_to_its_tile_and_back(path: str) -> None:
    assert tiles.parse_path(path).path == path


@pytest.mark.parametrize(
    "path",
    ["0/67", "0/1234", "00/001", "64/001", "-1/001", "0/x001", "0/x000/001", "entries/001.p/256", "0/001.p/0",
     "0/001.p/01", "0/001/", "../001", "0/００１"],
)  # fmt: skip
def test_no_tile_stands_anywhere_else(path: str) -> None:
    with pytest.raises(ValueError, match="no tile"):
        tiles.parse_path(path)


def test_entries_come_back_as_they_went_in() -> None:
    bodies = [b"", b"a", b"x" * 4096]
    assert tiles.unpack_entries(tiles.pack_entries(bodies)) == bodies
    for cut in (1, 3, 4):
        with pytest.raises(ValueError, match="middle"):
            tiles.unpack_entries(tiles.pack_entries(bodies[1:])[:-cut][:4])
    with pytest.raises(ValueError, match="32 bytes"):
        tiles.unpack_hashes(bytes(33))


def test_a_note_is_believed_only_from_known_keys_and_only_unchanged() -> None:
    mine, other = SignerKey.new("示例.example/log"), SignerKey.new("other.example")
    note = Note.parse(str(sign(POEM, [other, mine])))
    assert open_note(note, [mine.verifier]) == [mine.verifier]
    with pytest.raises(ValueError, match="nobody signed"):
        open_note(note, [SignerKey.new("示例.example/log").verifier])
    changed = Note(note.text.replace("sera", "sole"), note.signatures)
    with pytest.raises(ValueError, match="not over this text"):
        open_note(changed, [mine.verifier])


def test_keys_are_written_as_other_programs_write_them() -> None:
    # the vector of golang.org/x/mod/sumdb/note
    secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = SignerKey.parse(secret)
    assert (key.secret(), str(key.verifier)) == (secret, public)
    assert VerifierKey.parse(f"{public}\n") == key.verifier
    assert secret not in repr(key)


@pytest.mark.parametrize("text", ["", "a+b", "a b+00000000+AQ==", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"])  # fmt: skip
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        VerifierKey.parse(text)
    with pytest.raises(ValueError):
        SignerKey.parse(text)


@pytest.mark.parametrize("note", ["", "text\n", "text\n\nno dash x AAAAAAAA\n", "te\txt\n\n— a AAAAAAAA\n", "text\n\n— a AAAA\n"])  # fmt: skip
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(ValueError):
        Note.parse(note)


def test_a_checkpoint_is_three_lines() -> None:
    checkpoint = Checkpoint("示例.example/log", 0, EMPTY_ROOT)
    assert checkpoint.text == "示例.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert Checkpoint.parse(checkpoint.text) == checkpoint
    assert Checkpoint.parse(f"{checkpoint.text}an extension\n") == checkpoint
    for wrong in ("", "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "a\n1\nAA==\n", "a\n1\n"):
        with pytest.raises(ValueError):
            Checkpoint.parse(wrong)


def test_a_proof_can_be_kept_and_checked_offline() -> None:
    key, entries = SignerKey.new("示例.example/log"), [b'{"v":1}', b'{"v":2}', b'{"v":3}']
    tree = tree_of([leaf_hash(each) for each in entries])
    note = sign(Checkpoint("示例.example/log", 3, tree.root()).text, [key])
    kept = str(TlogProof(1, entries[1], tree.inclusion(1), note, ["abc"]))
    assert kept.startswith("c2sp.org/tlog-proof@v1\nextra ")
    proof = TlogProof.parse(kept)
    assert (proof.check([key.verifier]).size, proof.disclosures, proof.entry) == (3, ["abc"], entries[1])
    other = TlogProof(1, entries[2], tree.inclusion(1), note)
    with pytest.raises(ValueError, match="not in the log"):
        TlogProof.parse(str(other)).check([key.verifier])
    with pytest.raises(ValueError, match="nobody signed"):
        proof.check([SignerKey.new("示例.example/log").verifier])


@pytest.mark.parametrize("text", ["", "c2sp.org/tlog-proof@v1\nindex 1\n\na\n1\n", "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 1\n\nnote"])  # fmt: skip
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        TlogProof.parse(text)
