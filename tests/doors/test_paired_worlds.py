"""Paired worlds: two sites that differ in nothing but their secrets give the same bytes, sizes, counts and orders.

But for the named values of ``docs/decisions/0027``: the digests that cover what is withheld.
"""

import pytest

from portal.search.engines import ENGINES
from tests.secrets.addresses import searches
from tests.secrets.visiting import visits
from tests.secrets.worlds import World, first_difference, on_engine

pytestmark = pytest.mark.xdist_group("worlds")


def test_two_worlds_give_the_same_bytes(worlds: tuple[World, World]) -> None:
    one, other = worlds
    assert one.known == other.known
    asked, different = 0, {}
    for address in visits(one, other):
        asked += 1
        a, b = one.get(address), other.get(address)
        if a.data != b.data and a.plainly(one.named) != b.plainly(other.named):
            different[address] = first_difference(a.plainly(one.named), b.plainly(other.named))
    told = [f"{address.method} {address.path}\n{what}" for address, what in different.items()]
    print(f"proof: {asked} requests of two worlds, {len(different)} differ")  # noqa: T201
    assert not told, f"{len(told)} of {asked} differ:\n" + "\n".join(told[:5])
    assert asked > (150 if one.light else 1200)


# of what has no secret in it: two worlds have that in common
SAME = ("record", "line", "withheld", "commitment", "list", "file")


def test_what_is_named_does_differ(worlds: tuple[World, World]) -> None:
    """Else the names would hide nothing, and the worlds would not be two."""
    one, other = worlds
    assert len(one.named) == len(other.named)
    assert sorted(one.named.values()) == sorted(other.named.values())
    same = {one.named[each] for each in {*one.named} & {*other.named}}
    may_be_the_same = tuple(f"‹{each}".encode() for each in SAME)
    assert all(each.startswith(may_be_the_same) for each in same)
    assert len(same) < len(one.named) / 4


@pytest.mark.slow
@pytest.mark.parametrize("worlds", ["whole"], indirect=True)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_finds_the_same_in_both_worlds(worlds: tuple[World, World], engine: str) -> None:
    one, other = (on_engine(world, engine) for world in worlds)
    pieces = [piece for world in worlds for piece in world.secrets.pieces()]
    for address in searches(pieces[::12]):
        a, b = one.get(address), other.get(address)
        assert a.plainly(worlds[0].named) == b.plainly(worlds[1].named), address.path
