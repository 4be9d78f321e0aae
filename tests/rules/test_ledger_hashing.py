"""The tree against RFC 6962: the definition written out, and vectors that others published."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.hashing import EMPTY_ROOT, Frontier, frontier_of, leaf_hash, node_hash, root_of

# the eight leaves and roots of the reference tests of Certificate Transparency
LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree_head(bodies: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word by word."""
    if not bodies:
        return hashlib.sha256(b"").digest()
    if len(bodies) == 1:
        return hashlib.sha256(b"\x00" + bodies[0]).digest()
    k = 1 << (len(bodies) - 1).bit_length() - 1  # the largest power of two smaller than n
    return hashlib.sha256(b"\x01" + tree_head(bodies[:k]) + tree_head(bodies[k:])).digest()


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == tree_head([])
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_reference_tests(size: int) -> None:
    assert root_of(map(leaf_hash, LEAVES[:size])).hex() == ROOTS[size - 1]


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_a_tree_grown_leaf_by_leaf_has_the_root_of_the_definition(bodies: list[bytes]) -> None:
    assert root_of(map(leaf_hash, bodies)) == tree_head(bodies)


@given(st.integers(0, 600), st.integers(0, 40))
def test_a_frontier_read_back_from_its_text_goes_on_growing(size: int, more: int) -> None:
    leaves = [leaf_hash(bytes([at % 256, at >> 8])) for at in range(size + more)]
    kept = frontier_of(leaves[:size])
    again = Frontier.from_text(kept.size, kept.to_text())
    assert again == kept
    for leaf in leaves[size:]:
        again = again.add(leaf)
    assert again.root() == root_of(leaves)


def test_a_frontier_is_never_changed_in_place() -> None:
    first = Frontier().add(leaf_hash(b"a"))
    first.add(leaf_hash(b"b"))
    assert first.root() == leaf_hash(b"a")


@pytest.mark.parametrize(
    ("size", "text"), [(1, ""), (2, "00" * 32 + " " + "00" * 32), (1, "00" * 31), (-1, "")]
)
def test_a_text_that_can_not_be_the_frontier_of_so_many_leaves_is_refused(size: int, text: str) -> None:
    with pytest.raises(ValueError, match="not the frontier"):
        Frontier.from_text(size, text)


def test_a_leaf_can_not_be_passed_off_as_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
