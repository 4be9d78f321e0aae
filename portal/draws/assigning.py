"""Which inspectors go to which drawn object: by the same order as the objects, so that nobody chooses. Pure.

For each object the inspectors of a department stand in an order of their own: the label is ``inspector``, the
inspector's key and the object's code, each on its line. The first of the first department leads. Whoever is recused or
replaced is followed by the next in that order, who goes to the end of the line: nobody chooses a substitute either.
"""

from collections.abc import Collection, Iterable, Sequence

from portal.draws import order


def inspectors_text(inspectors: Iterable[tuple[str, str]]) -> str:
    """The canonical text of an inspector pool: department, tab, key; sorted.

    >>> inspectors_text([("scjg", "b"), ("scjg", "a")])
    'scjg\\ta\\nscjg\\tb\\n'
    """
    return "".join(f"{department}\t{key}\n" for department, key in sorted(set(inspectors)))


def read_inspectors(text: str) -> dict[str, list[str]]:
    """The keys of each department."""
    found: dict[str, list[str]] = {}
    for line in text.split("\n")[:-1]:
        department, _tab, key = line.partition("\t")
        found.setdefault(department, []).append(key)
    return found


def assigned(
    text: str, lead: str, per_object: int, object_code: str, code: str, randomness: str
) -> list[str]:
    """The keys of those who inspect an object, the leader first.

    :param text: canonical, of :func:`inspectors_text`.
    :param lead: the department that leads; its inspectors come first.
    """
    by_department = read_inspectors(text)
    departments = sorted(by_department, key=lambda each: (each != lead, each))
    return [
        key
        for department in departments
        for key in in_order(by_department[department], object_code, code, randomness)[:per_object]
    ]


def in_order(keys: Iterable[str], object_code: str, code: str, randomness: str) -> list[str]:
    """Inspectors in the order in which they would go to an object."""
    place = order.places(code, randomness)
    return sorted(keys, key=lambda key: place(f"inspector\n{key}\n{object_code}"))


def next_one(
    text: str, leaving: str, gone: Collection[str], object_code: str, code: str, randomness: str
) -> str | None:
    """Who follows an inspector that does not go to an object: the next of the same department.

    :param gone: who is there already, or left before.
    """
    for keys in read_inspectors(text).values():
        if leaving in keys:
            line = in_order(keys, object_code, code, randomness)
            return next((key for key in line if key != leaving and key not in gone), None)
    return None


def assignments_text(drawn: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The canonical text of who goes where, to be committed to: object, tab, keys; sorted by object."""
    return "".join("\t".join([code, *keys]) + "\n" for code, keys in sorted(drawn))
