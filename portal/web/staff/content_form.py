"""A form for any kind, made from its fields: what stands there, what was typed, what it means.

Every value is text as an office writes it, read by :func:`portal.publications.content.read_content`. A value
whose text nobody touched keeps its code, table version and label. Long tables are edited in pages of rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.codes.book import CodeBook
from portal.publications.content import read_content
from portal.publications.fields import Field, Kind
from portal.web.staff.labels import as_text
from portal.web.typed import whole_number
from portal.words import Sentence

ROWS_PER_PAGE = 40
NEW_ROWS = 2

Content = Mapping[str, Any]


@dataclass
class TypedRow:
    """One row of a table as text; ``origin`` is its place before, none for a new row."""

    origin: int | None
    texts: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for text in self.texts.values())


@dataclass
class ContentForm:
    """A record being edited."""

    kind: Kind
    before: Content
    book: CodeBook
    page: int = 1
    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[TypedRow]] = field(default_factory=dict)
    problems: dict[str, Sentence] = field(default_factory=dict)

    # ── made ─────────────────────────────────────────────────

    @classmethod
    def of(cls, kind: Kind, content: Content, book: CodeBook, page: int = 1) -> "ContentForm":
        """The form as it is first shown."""
        made = cls(kind, content, book, page)
        made.texts = {each.name: as_text(each, content.get(each.name)) for each in made.scalars}
        made.rows = {table.name: made._rows_before(table) for table in kind.tables}
        return made

    @classmethod
    def typed(
        cls, kind: Kind, content: Content, book: CodeBook, page: int, form: Mapping[str, str]
    ) -> "ContentForm":
        """The form as somebody filled it in; rows on other pages stay as they were."""
        made = cls.of(kind, content, book, page)
        made.texts = {name: form.get(f"f-{name}", text) for name, text in made.texts.items()}
        for table in kind.tables:
            first, last = made.window(table)
            before = made.rows[table.name]
            made.rows[table.name] = before[:first] + list(_typed_rows(table, form, len(before))) + before[last:]
        return made

    # ── shown ────────────────────────────────────────────────

    @property
    def scalars(self) -> Sequence[Field]:
        return [each for each in self.kind.fields if each.type != "rows"]

    @property
    def pages(self) -> int:
        longest = max((len(self.before.get(table.name) or []) for table in self.kind.tables), default=0)
        return max(1, -(-longest // ROWS_PER_PAGE))

    def window(self, table: Field) -> tuple[int, int]:
        """First row and the row after the last, of the page that is being edited."""
        total = len(self.before.get(table.name) or [])
        first = min((self.page - 1) * ROWS_PER_PAGE, total)
        return first, min(first + ROWS_PER_PAGE, total)

    def shown_rows(self, table: Field) -> list[tuple[int, TypedRow]]:
        """Rows to draw with their place, and some empty ones at the very end."""
        first, last = self.window(table)
        added = len(self.rows[table.name]) - len(self.before.get(table.name) or [])
        shown = list(enumerate(self.rows[table.name]))[first : last + max(added, 0)]
        if self.page == self.pages:
            end = len(self.rows[table.name])
            shown += [(end + at, TypedRow(None, {})) for at in range(NEW_ROWS)]
        return shown

    def options(self, each: Field) -> list[str]:
        """What may be chosen for a code, department or yes-no field."""
        if each.type in ("department", "departments"):
            return [department.label for department in self.book.departments]
        if each.type == "yes_no":
            return ["是", "否"]
        return [value.label for value in self.book.options(each.table)]

    def option_lists(self) -> list[tuple[str, list[str]]]:
        """What fields that take several values may hold, by the name of their list, each list once."""
        columns = [each for table in self.kind.tables for each in table.rows]
        several = [each for each in (*self.scalars, *columns) if each.type in ("codes", "departments")]
        return list({(each.table or "departments"): self.options(each) for each in several}.items())

    # ── read ─────────────────────────────────────────────────

    def read(self) -> tuple[dict[str, Any], dict[str, dict[int, int]]]:
        """The content, and where rows moved to; :attr:`problems` says what could not be understood."""
        for table in self.kind.tables:
            self.rows[table.name] = [row for row in self.rows[table.name] if not row.is_empty]
        content, problems = read_content(self.kind.name, self._raw(), self.book)
        self.problems = {each.path: each.sentence for each in problems}
        moved = {
            name: {row.origin: at for at, row in enumerate(rows) if row.origin is not None}
            for name, rows in self.rows.items()
        }
        return content, moved

    def _raw(self) -> dict[str, Any]:
        """What was typed, and where nothing was touched the value itself."""
        raw = {each.name: _raw_value(each, self.texts[each.name], self.before) for each in self.scalars}
        for table in self.kind.tables:
            before = self.before.get(table.name) or []
            raw[table.name] = [
                {
                    each.name: _raw_value(
                        each, row.texts[each.name], before[row.origin] if row.origin is not None else {}
                    )
                    for each in table.rows
                }
                for row in self.rows[table.name]
            ]
        return raw

    def _rows_before(self, table: Field) -> list[TypedRow]:
        return [
            TypedRow(at, {each.name: as_text(each, row.get(each.name)) for each in table.rows})
            for at, row in enumerate(self.before.get(table.name) or [])
        ]


def _raw_value(field: Field, text: str, before: Content) -> Any:
    old = before.get(field.name)
    return old if old is not None and text == as_text(field, old) else text


def _typed_rows(table: Field, form: Mapping[str, str], known: int) -> Iterator[TypedRow]:
    """The rows of a table that the form sent, those marked for removal left out."""
    prefix = f"o-{table.name}-"
    given = (whole_number(name[len(prefix) :]) for name in form if name.startswith(prefix))
    places = sorted({at for at in given if at is not None and f"{prefix}{at}" in form})
    for at in places:
        if form.get(f"x-{table.name}-{at}"):
            continue
        origin = whole_number(form[f"{prefix}{at}"])
        texts = {each.name: form.get(f"r-{table.name}-{at}-{each.name}", "") for each in table.rows}
        yield TypedRow(origin if origin is not None and origin < known else None, texts)
