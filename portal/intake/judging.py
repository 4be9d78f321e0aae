"""What becomes of each record: the content of a draft, or the reasons why its rows come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.codes.book import CodeBook
from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.intake.cells import shown
from portal.intake.columns import KEY, ROWS, known_fields
from portal.intake.item_book import ItemBook
from portal.intake.readers.rows import is_blank
from portal.intake.records import Complaint, Record, SourceRow
from portal.people import roles
from portal.people.models import Person
from portal.publications.content import Problem, read_content
from portal.publications.dating import Terms
from portal.publications.proposing import identity_of
from portal.publications.values import plain, read_date, read_several
from portal.words import Sentence, label_of, say

Complaints = list[Complaint]
_MUST_SAY = KEY | {"result": "items.item"}


@dataclass
class Refusal:
    """One reason why one row came back."""

    sheet: str
    row: int
    column: str
    value: str
    sentence: Sentence
    cells: list[str] = field(default_factory=list)


@dataclass
class Judged:
    """A record with its content, or with its refusals.

    ``beside`` is a record made from others, such as a task from its results: none of the file's rows.
    """

    record: Record
    content: dict[str, Any] = field(default_factory=dict)
    identity: str = ""
    held: list[Sentence] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    beside: bool = False

    @property
    def source(self) -> str:
        """The row it begins with."""
        first = self.record.rows[0]
        return f"{first.sheet}!{first.number}" if first.sheet else str(first.number)

    def refuse(self, sentence: Sentence) -> None:
        """Send all its rows back for one reason."""
        self.refusals = [_refusal(self.record, row, Complaint("", "", sentence)) for row in self.record.rows]


class Judge:
    """Judges the records of one file in their order.

    ``seen`` holds a 64-bit hash per sheet, the only thing that grows with the file.
    """

    def __init__(
        self, book: CodeBook, items: ItemBook, by: Person, given: Mapping[str, Any], terms: Terms
    ) -> None:
        self.book = book
        self.terms = terms
        self.items = items
        self.by = by
        self.given = given
        self.seen: set[int] = set()
        self.warnings: dict[str, None] = {}
        self._strangers: dict[str, list[Sentence]] = {}

    @classmethod
    def load(cls, session: Session, by: Person, given: Mapping[str, Any], profile: str) -> "Judge":
        """A judge who knows today's codes, lists and terms.

        :param profile: the rule profile by which a result's last day of disclosure is counted (D11).
        """
        terms = Terms(load_profile(profile), load_calendar(session))
        return cls(CodeBook.load(session), ItemBook.load(session), by, given, terms)

    def note(self, record: Record) -> bool:
        """Whether a sheet is new; a second part of it further down is not."""
        key = hash(record.key)
        known = key in self.seen and any(record.key)
        self.seen.add(key)
        return not known

    def judge(self, record: Record) -> Judged:
        """Read a record whose rows come for the first time in this file."""
        judged = Judged(record)
        raw = record.raw(self.given)
        self._ease(record, raw)
        content, problems = read_content(record.kind, raw, self.book)
        complaints = self._complaints(record, raw, problems)
        if any(complaints):
            judged.refusals = _come_back(record, complaints)
            if record.kind != "result":
                self.warn(_whole(sum(1 for each in complaints if each)))
            return judged
        if stranger := self.why_not_theirs(content["department"]["code"]):
            judged.refuse(stranger[0])
            return judged
        judged.identity = identity(record.kind, content)
        judged.content = self.terms.with_publish_by(record.kind, content)
        if record.kind == "result":
            judged.held = self.items.why_held(content)
        return judged

    def _ease(self, record: Record, raw: dict[str, Any]) -> None:
        """Fill in what the file leaves to be understood."""
        if is_blank(raw.get("title")) and record.kind != "result" and record.head.title:
            raw["title"] = record.head.title
        self._find_region(raw)
        if record.kind in ("list", "plan"):
            self._keep_methods_as_printed(raw["items"])
        if record.kind == "result":
            department = self.book.department(str(raw.get("department") or "")) or {}
            day = read_date(raw.get("inspected_on") or "")
            on = None if day is None else date.fromisoformat(day)
            for row in raw["items"]:
                self.items.resolve(row, department.get("code", ""), on)

    def _find_region(self, raw: dict[str, Any]) -> None:
        """A region that no code says (there are four 鼓楼区) is left out and told, it is no reason to refuse."""
        text = str(raw.get("region") or "")
        if text and self.book.value("region", text) is None:
            del raw["region"]
            self.warn(
                say(
                    "地区“{region}”对应不到行政区划代码，没有导入地区；需要的请改填六位代码。",
                    region=text[:40],
                )
            )

    def _keep_methods_as_printed(self, rows: list[dict[str, Any]]) -> None:
        """Lists and plans print methods as free text: what no code says becomes 其他, the words a remark."""
        for row in rows:
            printed = plain(row.get("methods") or "")
            known, unknown = read_several(printed, lambda words: self.book.value("method", words))
            if unknown:
                row["methods"] = "、".join([*(each["label"] for each in known), "其他"])
                row["remark"] = "；".join(
                    filter(None, [plain(row.get("remark") or ""), f"检查方式：{printed}"])
                )
                self.warn(
                    say("检查方式“{printed}”不全在代码表内，按“其他”处理，原文写入备注。", printed=printed)
                )

    def warn(self, sentence: Sentence) -> None:
        """Say something once per file."""
        if len(self.warnings) < 100:
            self.warnings[sentence] = None

    def why_not_theirs(self, department: str) -> list[Sentence]:
        """Who inspects, enters (G28.4)."""
        if department not in self._strangers:
            self._strangers[department] = roles.why_not(self.by, "import", department=department)
        return self._strangers[department]

    def _complaints(
        self, record: Record, raw: Mapping[str, Any], problems: list[Problem]
    ) -> list[Complaints]:
        """By row: what its cells say wrong, then what reading them found."""
        complaints = [list(row.complaints) for row in record.rows]
        taken = [at for at, row in enumerate(raw[ROWS[record.kind]]) if not _says_nothing(row)]
        for at in set(range(len(raw[ROWS[record.kind]]))) - set(taken):
            if not complaints[at]:
                complaints[at].append(_empty_row(record.kind))
        for problem in problems:
            at, path = _place(record, taken, problem.path)
            column = record.head.columns.of(path)
            name = record.head.columns.name_of(path) if column is not None else _label(record.kind, path)
            sentence = problem.sentence
            if record.kind != "result" and column is None and "/" not in problem.path and not problem.value:
                sentence = _not_in_file(name)
            if not any(each.column in (name, "") for each in complaints[at]):
                complaints[at].append(Complaint(name, problem.value, sentence))
        return complaints


def identity(kind: str, content: Mapping[str, Any]) -> str:
    """What makes a source's record this one, whatever file it comes in."""
    department = content["department"]["code"]
    if kind == "result":
        items = sorted(str(row.get("item_code") or row["item"]) for row in content["items"])
        entity = content.get("entity_code") or content["entity_name"]
        again = str(content.get("rectifies") or "")
        return identity_of(
            department, content["task_no"], entity, "|".join(items), content["inspected_on"], again
        )
    if kind == "task":
        return identity_of(str(content["source_number"]))
    number = str(content.get("source_number") or content["title"])
    since = str(content["effective_from"] if kind == "list" else content["plan_year"])
    return identity_of(department, number, since, str(content.get("edition") or ""))


def _says_nothing(row: Mapping[str, Any]) -> bool:
    return all(is_blank(value) for value in row.values())


def _empty_row(kind: str) -> Complaint:
    label = label_of(known_fields(kind)[_MUST_SAY[kind]])
    return Complaint("", "", say("这一行没有填写“{label}”；请补上，或者删除这一行后重新上传。", label=label))


def _not_in_file(label: str) -> Sentence:
    """What no cell can mend: the file has no such column, and nobody said it for the whole file."""
    return say("文件里缺少“{label}”；请在导入时填写，或者在表中加上这一列，再重新上传。", label=label)


def _place(record: Record, taken: Sequence[int], path: str) -> tuple[int, str]:
    """The row and the field of a problem's path such as ``items/2/outcomes``; empty rows are not counted."""
    parts = path.split("/")
    if len(parts) == 3 and parts[0] == ROWS[record.kind]:
        return taken[int(parts[1])], f"{parts[0]}.{parts[2]}"
    return _first_with(record, parts[0]), parts[0]


def _first_with(record: Record, path: str) -> int:
    return next((at for at, row in enumerate(record.rows) if row.values.get(path) is not None), 0)


def _label(kind: str, path: str) -> str:
    known = known_fields(kind).get(path)
    return label_of(known) if known else path


def _come_back(record: Record, complaints: list[Complaints]) -> list[Refusal]:
    """A sheet comes back whole, so that it can be mended and sent again; of a document, the faulty rows."""
    wrong = [row.number for row, each in zip(record.rows, complaints, strict=True) if each]
    found = []
    for row, each in zip(record.rows, complaints, strict=True):
        if not each and record.kind == "result":
            sentence = say(
                "同一张检查表的第{row}行有误，整张表没有导入；改好后请一起重新上传。", row=wrong[0]
            )
            each = [Complaint("", "", sentence)]
        found += [_refusal(record, row, complaint) for complaint in each]
    return found


def _whole(faulty: int) -> Sentence:
    return say("有{count}行未通过，整份没有生成草稿；请按所列原因改好，再重新上传整份文件。", count=faulty)


def _refusal(record: Record, row: SourceRow, complaint: Complaint) -> Refusal:
    cells = [shown(cell) for cell in row.cells]
    cells += [""] * (len(record.head.columns.names) - len(cells))
    cells += record.head.labelled.values()
    return Refusal(row.sheet, row.number, complaint.column, complaint.value, complaint.sentence, cells)
