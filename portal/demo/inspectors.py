"""The demo's inspectors: ten invented ones, matched in pairs to whom a task drew (D10)."""

from collections.abc import Iterator
from itertools import cycle, permutations

from portal.demo.reading import facts
from portal.registries.models import joined


def names(department: str) -> list[str]:
    """Who inspects for a department; the market administration's lend theirs where there are none."""
    of = [row["name"] for row in facts("inspectors") if row["department"] == department]
    return of or names("scjg")


def pairs(department: str) -> Iterator[tuple[str, str]]:
    """A leader and a second inspector, one pair after the other, without end."""
    return cycle(permutations(names(department), 2))


def columns(row: dict[str, str]) -> dict[str, object]:
    """One inspector as the registry keeps them."""
    return {
        "name": row["name"],
        "department_code": row["department"],
        "qualifications": joined(row["qualifications"].split("|")),
        "items": joined(row["items"].split("|")),
        "active": True,
    }
