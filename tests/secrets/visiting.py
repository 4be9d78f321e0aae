"""What two worlds are asked: a little in the first tier, everything in the second."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.secrets.addresses import (
    Address,
    addresses,
    by_other_methods,
    in_english,
    in_other_displays,
    searches,
)
from tests.secrets.places import places
from tests.secrets.worlds import World

IN_FULL = ("public.record", "public.record_json")  # in the first tier too
ROOMS = ("staff.", "entity.")
LITTLE_TO_SAY = ("public.calendar", "public.due", "public.correction", "public.version")
FEW = 6  # of each other rule, in the first tier


def secrets_themselves(world: World, other: World) -> list[str]:
    """Secrets of both worlds where a name, a number or a code may stand: in each world half exist nowhere."""
    some = places()[:: len(places()) // (3 if world.light else 12)]
    return [secrets[place] for secrets in (world.secrets, other.secrets) for place in some]


def visits(world: World, other: World) -> Iterator[Address]:
    """Every request; the same of both worlds."""
    every = list(addresses(world.app, world.known, secrets_themselves(world, other)))
    pieces = [piece for each in (world, other) for piece in each.secrets.pieces()]
    if world.light:
        every = _few(every)
        yield from every
        yield from in_english(every[::8])
        yield from searches(pieces[:: len(pieces) // FEW])
    else:
        yield from every
        said = (each for each in every if each.rule.startswith("public.") and world.get(each).status != 404)
        yield from in_english(said)
        yield from in_other_displays(each for each in every[::10] if each.rule.startswith("public."))
        yield from by_other_methods(world.app, world.known)
        yield from searches(pieces)
    stems = [stem for each in (world, other) for stem in each.secrets.stems()]
    yield from (Address("public.search", f"/search?q={stem}") for stem in stems)


def everything_of(world: World) -> Iterator[Address]:
    """Every public address of a small world, and a few searches, once."""
    for address in addresses(world.app, world.known, ()):
        if address.rule.startswith("public.") and not address.rule.startswith(LITTLE_TO_SAY):
            yield address
    yield from searches(["示例", "商店", "risk", "信用风险"])


def _few(every: Sequence[Address]) -> list[Address]:
    by_rule: dict[str, list[Address]] = defaultdict(list)
    for address in every:
        if not address.rule.startswith(ROOMS):
            by_rule[address.rule].append(address)
    return [
        address
        for rule, some in by_rule.items()
        for address in (some if rule in IN_FULL else some[:: max(1, len(some) // FEW)])
    ]
