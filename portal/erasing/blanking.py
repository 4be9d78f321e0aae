"""Which words an erasure takes away, and texts and records without them. Pure.

What is erased is found as it was written: the same number typed with blanks between is another text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from portal.publications.changes import ROW_KEYS
from portal.publications.fields import Field, Kind
from portal.publications.remarking import occurrences, value_at

Content = Mapping[str, Any]
Mark = Mapping[str, Any]

MARKER = "〔已删除〕"
SHORTEST = 2  # a single character is taken away where it is marked, and looked for nowhere else
LONGEST_RUN = 6  # characters in a row that a public reason may share with what is erased, not more
TEXTS = ("text", "prose", "texts")

# what a record shares with others and would be taken from them too
SHARED = {
    "seq", "item", "sub_item", "item_code", "task_no", "task_name", "plan_no", "plan_name",
    "registration_authority", "inspectors", "leader", "experts", "inspector_ids", "publish_by",
}  # fmt: skip

_CODE = re.compile(r"[0-9A-Za-z]{4,}")
_LAW = re.compile("《[^》]*》")


# ── which words ──────────────────────────────────────────────


def words_of_record(kind: Kind, content: Content) -> set[str]:
    """The words of a record that is erased as a whole, without those it shares with others."""
    return {
        text for field, text in _texts(kind, content) if field.name not in SHARED and len(text) >= SHORTEST
    }


def words_at(kind: Kind, path: str, content: Content, marks: Sequence[Mark]) -> set[str]:
    """The words that a version withholds at a path; of a path that is a table, all of its texts."""
    here = [mark for mark in marks if mark["path"] == path]
    value = value_at(content, path)
    if path in {table.name for table in kind.tables}:
        return (
            {text for field, text in _texts(kind, {path: value}) if len(text) >= SHORTEST} if here else set()
        )
    if any(mark["start"] is None for mark in here):
        return set(_strings(value))
    return {str(value)[mark["start"] : mark["end"]] for mark in here}


def former_words(path: str, standing: Content, before: Content) -> set[str]:
    """What an earlier version said at a path and the standing one does not say any more."""
    value = value_at(before, moved(path, standing, before) or "")
    return set(_strings(value)) - set(_strings(value_at(standing, path)))


def moved(path: str, standing: Content, before: Content) -> str | None:
    """Where a path of the standing version points in another; by what names the row, else by its place."""
    table, _, rest = path.partition("/")
    if not rest:
        return path
    at, _, column = rest.partition("/")
    row = _row(standing, table, int(at))
    for key in ROW_KEYS.get(table, ()):
        known = [name for name in key if name != column and row.get(name)]
        for there, other in enumerate(before.get(table) or []):
            if known and all(other.get(name) == row.get(name) for name in known):
                return f"{table}/{there}/{column}"
    return path if value_at(before, path) is not None else None


def quoted(words: Iterable[str], text: str) -> bool:
    """Whether a public text gives away what is erased: a word of it, a number, or some characters in a row.

    Names of laws are left out: a record often quotes the same.
    """
    text = _LAW.sub("", text)
    runs = [text[at : at + LONGEST_RUN + 1] for at in range(len(text) - LONGEST_RUN)]
    pieces = [*runs, *_CODE.findall(text)]
    return any(
        (len(word) >= SHORTEST and word in text) or any(piece in word for piece in pieces) for word in words
    )


# ── without them ─────────────────────────────────────────────


def blanked(text: str, words: Iterable[str]) -> str:
    """A text with the marker in the place of each word.

    >>> blanked("电话13800000000，电话13800000000", ["13800000000"])
    '电话〔已删除〕，电话〔已删除〕'
    """
    for word in _longest_first(words):
        text = text.replace(word, MARKER)
    return text


def emptied(kind: Kind, content: Content) -> dict[str, Any]:
    """A record of which only department and dates are left: the office's own clocks still read them."""
    kept = {field.name for field in kind.fields if field.type in ("department", "date")}
    return {name: value for name, value in content.items() if name in kept} | {kind.title_field: MARKER}


def without(
    kind: Kind,
    content: Content,
    marks: Sequence[Mark],
    words: Iterable[str],
    *,
    marked: Iterable[str] = (),
    whole: Iterable[str] = (),
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A record and its marks without some words; marks still cover what stands in their place.

    :param marked: paths at which everything under a mark goes.
    :param whole: paths whose value goes as it is; of a table, all texts of its rows.
    """
    wanted, under, all_of = _longest_first(words), set(marked), set(whole)
    left = [dict(mark) for mark in marks]

    def clean(path: str, text: str) -> str:
        here = [mark for mark in left if mark["path"] == path]
        if path in all_of or path.partition("/")[0] in all_of or (path in under and _covers_all(here)):
            for mark in here:
                mark["start"] = mark["end"] = None
            return MARKER
        return _cut(text, wanted, here, path in under)

    for mark in left:
        if mark.get("note"):
            mark["note"] = blanked(str(mark["note"]), wanted)
    return _rewritten(kind.fields, content, "", clean), left


def _rewritten(
    fields: Sequence[Field], values: Content, prefix: str, clean: Callable[[str, str], str]
) -> dict[str, Any]:
    types = {field.name: field for field in fields}
    return {
        name: _rewritten_value(types.get(name), value, prefix + name, clean) for name, value in values.items()
    }


def _rewritten_value(field: Field | None, value: Any, path: str, clean: Callable[[str, str], str]) -> Any:
    if field is None or not value:
        return value
    if field.type == "rows" and isinstance(value, list):
        return [_rewritten(field.rows, row, f"{path}/{at}/", clean) for at, row in enumerate(value)]
    if field.type == "texts" and isinstance(value, list):
        return [clean(path, str(each)) for each in value]
    return clean(path, value) if isinstance(value, str) and field.type in TEXTS else value


def _cut(text: str, words: Sequence[str], marks: Sequence[dict[str, Any]], under: bool) -> str:
    """Replace the words, and what is under the marks if asked, and let the marks follow."""
    spans = [span for word in words for span in occurrences(text, word)]
    spans += [(mark["start"], mark["end"]) for mark in marks if under and mark["start"] is not None]
    apart = _apart(spans)
    for mark in marks:
        if mark["start"] is not None:
            mark["start"], mark["end"] = _shifted(mark["start"], apart, 0), _shifted(mark["end"], apart, 1)
    for start, end in reversed(apart):
        text = text[:start] + MARKER + text[end:]
    return text


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _shifted(at: int, spans: Sequence[tuple[int, int]], edge: int) -> int:
    """Where an offset stands after the spans were replaced; one inside a span goes to its start or its end."""
    moved_by = 0
    for start, end in spans:
        if end <= at:
            moved_by += len(MARKER) - (end - start)
        elif start < at:
            return start + moved_by + edge * len(MARKER)
    return at + moved_by


def _covers_all(marks: Sequence[Mark]) -> bool:
    return any(mark["start"] is None for mark in marks)


def _texts(kind: Kind, content: Content) -> Iterator[tuple[Field, str]]:
    for field in kind.fields:
        value = content.get(field.name)
        if field.type == "rows":
            for row in value if isinstance(value, list) else []:
                for each in field.rows:
                    if each.type in TEXTS:
                        yield from ((each, text) for text in _strings(row.get(each.name)))
        elif field.type in TEXTS:
            yield from ((field, text) for text in _strings(value))


def _strings(value: Any) -> list[str]:
    """The texts of a text field's value; nothing of a code, a date or a number."""
    found = value if isinstance(value, list) else [value]
    return [text for text in found if isinstance(text, str) and text and text != MARKER]


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(
        (word for word in set(words) if len(word) >= SHORTEST and word != MARKER), key=len, reverse=True
    )


def _row(content: Content, table: str, at: int) -> Mapping[str, Any]:
    rows = content.get(table)
    return rows[at] if isinstance(rows, list) and at < len(rows) else {}
