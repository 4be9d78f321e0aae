"""Turn an office's own words into a revision's content, with every reason why a value can not be taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.codes.book import CodeBook, Value, allowed
from portal.publications import values
from portal.publications.entity_codes import read_entity_code
from portal.publications.fields import Field
from portal.publications.kinds import KINDS
from portal.words import Sentence, label_of, say

Content = dict[str, Any]
_OWN_NUMBERS = {"product", "project", "act", "other"}  # D20
_NOT_IN_FUTURE = ("inspected_on", "completed_on", "follow_up_closed_on", "drawn_on", "locked_on")
_IN_ORDER = (
    ("inspected_on", "completed_on"),
    ("inspected_on", "follow_up_closed_on"),
    ("starts_on", "ends_on"),
    ("effective_from", "effective_to"),
)
_LONGEST = {
    "title": 300, "entity_name": 200, "entity_code": 40, "task_no": 60, "plan_no": 60,
    "source_number": 60, "item_code": 60, "item": 300, "sub_item": 300,
}  # fmt: skip
_LONGEST_TEXT, _LONGEST_PROSE = 2_000, 20_000


@dataclass(frozen=True)
class Problem:
    """One value that was not taken: where (``items/0/outcomes``), what it said, and what to do about it."""

    path: str
    value: str
    sentence: Sentence


def read_content(kind: str, raw: Mapping[str, Any], book: CodeBook) -> tuple[Content, list[Problem]]:
    """Read one record.

    :param raw: field name -> what the office wrote (text, a spreadsheet's number or date, or a value that is
        content already); for a ``rows`` field a list of such mappings. Names that are no fields are ignored.
    :return: the content without empty fields, and every problem found, not only the first.
    """
    reading = _Reading(book)
    content = reading.fields(KINDS[kind].fields, raw, "")
    reading.check_dates(content, raw)
    return content, reading.problems


class _Reading:
    """One record being read; collects the problems on the way."""

    def __init__(self, book: CodeBook) -> None:
        self.book = book
        self.problems: list[Problem] = []

    def refuse(self, path: str, value: object, sentence: Sentence) -> None:
        self.problems.append(Problem(path, values.plain(value), sentence))

    def fields(self, fields: tuple[Field, ...], raw: Mapping[str, Any], prefix: str) -> Content:
        content: Content = {}
        for field in fields:
            given = raw.get(field.name)
            if given is None and not field.required:
                continue
            if _is_empty(given):
                if field.required:
                    self.refuse(prefix + field.name, "", _missing(field))
                continue
            value = self.value(field, given, prefix + field.name, raw)
            if value is not None:
                content[field.name] = value
        return content

    def value(self, field: Field, given: Any, path: str, beside: Mapping[str, Any]) -> Any:
        if field.name == "entity_code":
            return self.entity_code(given, path, beside)
        match field.type:
            case "text" | "prose":
                return self.text(field, given, path)
            case "rows":
                return self.rows(field, given, path)
            case "texts":
                return _texts(given)
            case "date" | "number" | "yes_no":
                return self.simple(field, given, path)
        return self.coded(field, given, path)

    def text(self, field: Field, given: Any, path: str) -> str | None:
        text = values.prose(given) if field.type == "prose" else values.plain(given)
        longest = _LONGEST.get(field.name, _LONGEST_PROSE if field.type == "prose" else _LONGEST_TEXT)
        return text if self.is_short(field, text, longest, path) else None

    def is_short(self, field: Field, text: str, longest: int, path: str) -> bool:
        """Whether a text is no longer than it may be; refused when it is."""
        if len(text) > longest:
            self.refuse(
                path,
                text[:40] + "…",
                say(
                    "“{label}”有{count}个字，最多{longest}个字；请缩短后重新填写。",
                    label=label_of(field),
                    count=len(text),
                    longest=longest,
                ),
            )
        return len(text) <= longest

    def simple(self, field: Field, given: Any, path: str) -> Any:
        value = _READ[field.type](given)
        if value is None:
            sentence = _HOW_TO_WRITE[field.type].template
            self.refuse(path, given, say(sentence, label=label_of(field), value=values.plain(given)))
        return value

    def entity_code(self, given: Any, path: str, beside: Mapping[str, Any]) -> str | None:
        told = beside.get("entity_type")
        kind = self.book.value("entity_type", str(told)) if told else None
        own = kind is not None and kind["code"] in _OWN_NUMBERS
        code, sentence = read_entity_code(given, own_number=own)
        if sentence is not None:
            self.refuse(path, given, sentence)
        return code

    def coded(self, field: Field, given: Any, path: str) -> Any:
        """A code, codes, a department or departments."""
        single = field.type in ("code", "department")
        given = given if isinstance(given, list) else [given]
        found: list[Value] = []
        for each in given:
            for value in self.find(field, each, path, single):
                if value not in found:
                    found.append(value)
        if not found:
            return None
        return found[0] if single else found

    def find(self, field: Field, given: Any, path: str, single: bool) -> list[Value]:
        if isinstance(given, Mapping):
            return [dict(given)]
        text = values.plain(given) if single else values.prose(given)
        if not self.is_short(field, text, _LONGEST_TEXT, path):
            return []
        if single:
            value = self.look_up(field, text)
            found, unknown = ([value], []) if value else ([], [text])
        else:
            found, unknown = values.read_several(text, lambda words: self.look_up(field, words))
        for word in unknown:
            self.refuse(path, word, self.unknown(field, word))
        return found

    def look_up(self, field: Field, text: str) -> Value | None:
        if field.type in ("department", "departments"):
            return self.book.department(text)
        return self.book.value(field.table, text)

    def unknown(self, field: Field, word: str) -> Sentence:
        if field.type in ("department", "departments"):
            names = "、".join(each.label for each in self.book.departments[:12])
            return say(
                "没有名为“{value}”的部门；请写部门全称或者简称，现有：{names}。", value=word, names=names
            )
        if field.table == "region":
            return say("认不出地区“{value}”；请写六位行政区划代码，例如370322。", value=word)
        return say(
            "“{label}”没有“{value}”这一项；请改为以下之一：{allowed}。",
            label=label_of(field),
            value=word,
            allowed=allowed(self.book.options(field.table)),
        )

    def rows(self, field: Field, given: Any, path: str) -> list[Content]:
        rows: list[Content] = []
        for row in given:
            if all(_is_empty(value) for value in row.values()):
                continue
            rows.append(self.fields(field.rows, row, f"{path}/{len(rows)}/"))
        if not rows and field.required:
            self.refuse(path, "", _missing(field))
        return rows

    def check_dates(self, content: Content, raw: Mapping[str, Any]) -> None:
        today = clock.today().isoformat()
        for name in _NOT_IN_FUTURE:
            if name in content and content[name] > today:
                self.refuse(
                    name, raw[name], say("“{value}”还没有到；请核对日期后重新填写。", value=content[name])
                )
        for earlier, later in _IN_ORDER:
            if earlier in content and later in content and content[later] < content[earlier]:
                self.refuse(
                    later,
                    raw[later],
                    say(
                        "“{later}”早于“{earlier}”，前后矛盾；请核对这两个日期后重新填写。",
                        later=content[later],
                        earlier=content[earlier],
                    ),
                )


_READ: Mapping[str, Callable[[object], Any]] = {
    "date": values.read_date,
    "number": values.read_number,
    "yes_no": values.read_yes_no,
}
_HOW_TO_WRITE = {
    "date": say("“{label}”的“{value}”不是日期；请写成2026-11-23或者2026年11月23日。"),
    "number": say("“{label}”的“{value}”不是整数；请只写数字，例如120。"),
    "yes_no": say("“{label}”的“{value}”看不出是或否；请写“是”或者“否”。"),
}


def _is_empty(given: Any) -> bool:
    if isinstance(given, str):
        return values.is_blank(given)
    return given is None or given == [] or given == {}


def _missing(field: Field) -> Sentence:
    return say("缺少“{label}”；请补上后重新提交。", label=label_of(field))


def _texts(given: Any) -> list[str]:
    parts = given if isinstance(given, list) else values.prose(given).replace("；", "\n").split("\n")
    return [text for text in (values.plain(each) for each in parts) if text]
