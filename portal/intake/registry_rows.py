"""One row of a registry's file: what it says of a line, or why it comes back."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from portal.codes.book import CodeBook, allowed
from portal.intake.cells import Taken, shown
from portal.intake.heading import Head
from portal.intake.judging import Refusal
from portal.intake.records import Complaint, SourceRow
from portal.intake.registry_fields import COLUMNS, REGISTRY_KINDS, WIDTHS
from portal.people import roles
from portal.people.models import Person
from portal.publications.entity_codes import read_entity_code
from portal.publications.fields import Field
from portal.publications.values import plain, read_yes_no
from portal.redaction.recognising.numbers import is_identity_number
from portal.registries.keeping import Line, inspector_key
from portal.registries.models import joined
from portal.words import Sentence, label_of, say

WITHOUT_USCC = ("product", "project", "act", "other")  # D20: they have numbers of their own
LONGEST_CODE = 60
SEVERAL = frozenset({"tags", "qualifications", "item_scope"})
SECRET = "identity_number"  # never kept, not even with a row that comes back (W3)
_PARTED = re.compile(r"[、,，;；|\n]")


@dataclass
class Read:
    """What one row came to: a line, a line that still needs a number of its own, or refusals."""

    row: SourceRow
    key: str = ""
    is_own: bool = False  # an object that has no number but the one we give (D20)
    told: dict[str, Any] = field(default_factory=dict)
    otherwise: dict[str, Any] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def line(self, source: str) -> Line:
        return Line(self.key, self.told, self.otherwise, source)


class Reader:
    """Reads the rows of one file in their order. ``seen`` grows by one number per row, nothing else."""

    def __init__(self, kind: str, book: CodeBook, by: Person, department: str, secret: str) -> None:
        self.kind = kind
        self.book = book
        self.by = by
        self.department = department
        self.secret = secret
        self.seen: set[int] = set()
        self._strangers: dict[str, list[Sentence]] = {}

    def read(self, row: SourceRow, head: Head) -> Read:
        """A row below the head, judged."""
        read, complaints = Read(row), list(row.complaints)
        for name in {*head.columns.fields.values()}:
            self._take(name, row.values.get(name), read, complaints)
        self._who_keeps(read, complaints)
        self._name(read, complaints)
        if not complaints:
            key = self._object_key if self.kind == "object" else self._inspector_key
            key(row, read, complaints)
        if not complaints and self._came_before(read.key or _without_code(read)):
            complaints.append(
                Complaint("", "", say("前面的行里已经有这一条，没有重复导入；请核对后只保留一行。"))
            )
        read.refusals = [_refusal(each, row, head) for each in complaints]
        return read

    def _take(self, name: str, value: Taken, read: Read, complaints: list[Complaint]) -> None:
        """One cell into its column; what the file has a column for, it has the say about, blank cells too."""
        each = REGISTRY_KINDS[self.kind].by_name[name]
        column = COLUMNS[self.kind].get(name)
        if column is None or (value is None and (each.required or each.type != "text")):
            return
        taken, sentence = self._value(each, value)
        if sentence is not None:
            complaints.append(Complaint(each.label, shown(value), sentence))
        else:
            read.told[column] = taken

    def _value(self, each: Field, value: Taken) -> tuple[Any, Sentence | None]:
        text = "" if value is None else plain(value)
        if each.name in SEVERAL:
            text = joined(_PARTED.split(str(value or "")))
        if len(text) > WIDTHS.get(each.name, 2000):
            return None, say(
                "“{label}”超过{limit}个字，请缩短后重新上传。", label=label_of(each), limit=WIDTHS[each.name]
            )
        if each.type == "yes_no":
            found = read_yes_no(value)
            return found, None if found is not None else say(
                "“{value}”看不出是否在岗，请填“是”或者“否”。", value=text
            )
        if each.type == "department":
            known = self.book.department(text)
            return (
                (known["code"], None)
                if known
                else (None, say("没有叫“{value}”的部门；请按部门全称填写。", value=text))
            )
        if each.type == "code":
            return self._code(each, text)
        return text, None

    def _code(self, each: Field, text: str) -> tuple[Any, Sentence | None]:
        known = self.book.value(each.table, text)
        if known is not None:
            return known["code"], None
        if each.table == "region":
            return None, say("地区“{value}”对应不到行政区划代码，请改填六位代码。", value=text)
        return None, say(
            "“{label}”没有“{value}”这一项；可以填：{options}。",
            label=label_of(each),
            value=text,
            options=allowed(self.book.options(each.table)),
        )

    def _who_keeps(self, read: Read, complaints: list[Complaint]) -> None:
        """Who keeps, imports (G28.4): nobody for another department."""
        department = read.told.setdefault("department_code", self.department)
        if department not in self._strangers:
            self._strangers[department] = roles.why_not(self.by, "keep_registries", department=department)
        complaints += [Complaint("", "", each) for each in self._strangers[department]]

    def _name(self, read: Read, complaints: list[Complaint]) -> None:
        if not read.told.get("name") and not complaints:
            label = label_of(REGISTRY_KINDS[self.kind].fields[0])
            complaints.append(
                Complaint(
                    "", "", say("这一行没有填写“{label}”；请补上，或者删除这一行后重新上传。", label=label)
                )
            )

    def _object_key(self, row: SourceRow, read: Read, complaints: list[Complaint]) -> None:
        raw = row.values.get("entity_code")
        own = read.told.get("kind") in WITHOUT_USCC
        if raw is None and not own:
            complaints.append(Complaint("", "", _no_code()))
        if raw is None:
            read.is_own = True  # gets a number of its own, see registering.py
            return
        code, sentence = read_entity_code(raw, own_number=own)
        if sentence is None and len(code or "") > LONGEST_CODE:
            sentence = say("编号超过{limit}个字，请核对后重新填写。", limit=LONGEST_CODE)
        if sentence is not None or not code:
            label = label_of(REGISTRY_KINDS["object"].by_name["entity_code"])
            complaints.append(Complaint(label, shown(raw), sentence or _no_code()))
            return
        read.key = code
        read.otherwise = {"kind": kind_by_code(code), "region": self._region_by_code(code)}

    def _inspector_key(self, row: SourceRow, read: Read, complaints: list[Complaint]) -> None:
        number = _bare(row.values.get(SECRET))
        if not is_identity_number(number):
            label = label_of(REGISTRY_KINDS["inspector"].by_name[SECRET])
            complaints.append(
                Complaint(
                    label,
                    "",
                    say(
                        "身份证件号码与校验位不符或者没有填写；请对照证件逐位核对后重新填写。号码只用来认出同一个人，不保存。"
                    ),
                )
            )
            return
        read.key = inspector_key(self.secret, number)

    def _came_before(self, key: str) -> bool:
        known = hash(key) in self.seen
        self.seen.add(hash(key))
        return known

    def _region_by_code(self, code: str) -> str:
        region = code[2:8] if len(code) == 18 else code[:6]
        return region if region in self.book.regions else ""


def kind_by_code(code: str) -> str:
    """The type of an object that its number tells; 其他 where it tells none.

    USCC (GB 32100): 91 firms, 92 individual businesses, 93 cooperatives, other registrars' bodies. Old numbers of
    15 digits (GS 15-2006): the seventh is 6 to 9 for individual businesses.

    >>> [kind_by_code(code) for code in ("91339900QD7612PLT6", "92339900MA2A00001X", "330100600000017")]
    ['company', 'individual', 'individual']
    """
    if len(code) == 18:
        return {"91": "company", "92": "individual", "93": "coop"}.get(code[:2], "public_body")
    if len(code) == 15 and code.isdigit():
        return "individual" if code[6] in "6789" else "company"
    return "other"


def _bare(value: Taken) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", str(value or ""))).upper()


def _without_code(read: Read) -> str:
    """What tells an object without a code from others: type, name and address."""
    return "\n".join(str(read.told.get(name, "")) for name in ("kind", "name", "address"))


def _no_code() -> Sentence:
    return say(
        "这一行没有统一社会信用代码或者注册号；产品、项目、行为等没有代码的，请在“对象类型”一列写明，系统会编号。"
    )


def _refusal(complaint: Complaint, row: SourceRow, head: Head) -> Refusal:
    """As any refused row, but for what must not be kept."""
    hidden = head.columns.of(SECRET)
    cells = [shown(cell) if at != hidden else "" for at, cell in enumerate(row.cells)]
    if any(is_identity_number(_bare(text)) for text in cells):
        cells = ["" if is_identity_number(_bare(text)) else text for text in cells]
    cells += [""] * (len(head.columns.names) - len(cells))
    column_is_secret = hidden is not None and complaint.column == head.columns.names[hidden]
    value = "" if column_is_secret or is_identity_number(_bare(complaint.value)) else complaint.value
    return Refusal(row.sheet, row.number, complaint.column, value, complaint.sentence, cells)
