"""Marks carried over when the words under them change. Pure. When in doubt, more is withheld, never less."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.words import say

Mark = Mapping[str, Any]
Content = Mapping[str, Any]
RowsMoved = Mapping[str, Mapping[int, int]]  # table -> row before -> row now; a row not named is gone


def carry_marks(
    before: Content, after: Content, marks: Sequence[Mark], moved: RowsMoved
) -> list[dict[str, Any]]:
    """The marks as they stand on the changed content.

    A mark follows its row. Where the words around it changed it is looked for again, at every place where
    the withheld words now stand; where they can not be found, the whole field is withheld until somebody
    has looked: a changed digit must not bring a telephone number to light.
    """
    return [carried for mark in marks for carried in _carry(before, after, mark, moved)]


def _carry(before: Content, after: Content, mark: Mark, moved: RowsMoved) -> Iterator[dict[str, Any]]:
    path = path_after(mark["path"], moved)
    text = value_at(after, path) if path else None
    if path is None or text in (None, "", []):
        return
    old = value_at(before, mark["path"])
    if mark["start"] is None or text == old:
        yield {**mark, "path": path}
        return
    hidden = str(old)[mark["start"] : mark["end"]]
    found = list(occurrences(str(text), hidden))
    for start, end in found:
        yield {**mark, "path": path, "start": start, "end": end}
    if not found:
        note = say("原标注的文字已改动，暂按整栏隐去，请重新标注。")
        yield {**mark, "path": path, "start": None, "end": None, "note": note}


def carry_dismissed(
    before: Content, after: Content, dismissed: Sequence[Mark], moved: RowsMoved
) -> list[dict[str, Any]]:
    """What somebody decided to show, as it stands on the changed content.

    It holds where the very same words still stand, and nowhere else: of what changed somebody decides anew.
    """
    carried = []
    for each in dismissed:
        path = path_after(each["path"], moved)
        old, text = value_at(before, each["path"]), value_at(after, path) if path else None
        if text == old and old is not None:
            carried.append({**each, "path": path})
        elif each["start"] is not None and isinstance(old, str) and isinstance(text, str):
            words = old[each["start"] : each["end"]]
            carried += [
                {**each, "path": path, "start": start, "end": end} for start, end in occurrences(text, words)
            ]
    return carried


def occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Every place, start and end, where words stand in a text.

    >>> list(occurrences("甲乙甲乙", "甲乙"))
    [(0, 2), (2, 4)]
    """
    at = text.find(words) if words else -1
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + len(words))


def path_after(path: str, moved: RowsMoved) -> str | None:
    """Where a path points after rows moved; None when its row is gone."""
    table, _, rest = path.partition("/")
    row, _, column = rest.partition("/")
    if not rest or table not in moved:
        return path
    now = moved[table].get(int(row))
    return None if now is None else f"{table}/{now}/{column}"


def value_at(content: Content, path: str) -> Any:
    """The value at ``field`` or ``table/row/column``; None where there is none."""
    table, _, rest = path.partition("/")
    value = content.get(table)
    if not rest:
        return value
    row, _, column = rest.partition("/")
    if not isinstance(value, list) or not row.isdigit() or int(row) >= len(value):
        return None
    return value[int(row)].get(column)
