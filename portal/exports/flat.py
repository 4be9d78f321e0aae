"""A publication as rows of a table: released words alone, one fact a column, a code beside its label. Pure.

Rows are made of the publication's one JSON shape (:mod:`portal.exports.resource`), so that tables and JSON say the
same. A kind has one table of its publications and one for each list inside them (items, drawn objects), whose rows carry
the number of the publication they belong to. What is withheld stays what the public reads: 〔依法隐去：…〕.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from portal.clock import shanghai_date
from portal.exports.resource import Resource
from portal.publications import facing
from portal.publications.fields import Field
from portal.publications.kinds import KINDS

Type = Literal["text", "date", "number", "yes_no"]
Value = str | int | bool | None
Row = Sequence[Value]
Labelled = Callable[[Mapping[str, Any]], str]

BETWEEN_CODES, BETWEEN_WORDS = "|", "；"


@dataclass(frozen=True)
class Column:
    """One column. ``table`` is the code table that its codes are of."""

    name: str
    label: str
    label_en: str
    type: Type = "text"
    table: str = ""


@dataclass(frozen=True)
class Table:
    """One table.

    :param inside: the rows field whose rows it lists; empty when it has a row for each publication.
    """

    name: str
    label: str
    label_en: str
    kind: str
    inside: str
    columns: tuple[Column, ...]


def as_published(value: Mapping[str, Any]) -> str:
    """A code's label, as it was published with the record."""
    return str(value.get("label", ""))


NUMBER = Column("number", "公示编号", "Publication number")
STANDING = (
    Column("version", "版本", "Version", "number"),
    Column("corrected", "更正过", "Corrected", "yes_no"),
    Column("contested", "异议处理中", "Under objection", "yes_no"),
    Column("published_on", "公示日期", "Published on", "date"),
    Column("changed_on", "最近变动日期", "Last changed on", "date"),
    Column("address", "网址", "Address"),
)
FACTS = Table(
    "publications", "公示", "Publications", "", "",
    (
        NUMBER, Column("kind", "公示类别代码", "Kind, code"), Column("kind_label", "公示类别", "Kind"),
        Column("title", "名称", "Title"), Column("entity_code", "统一社会信用代码/注册号", "USCC or registration number"),
        Column("department", "公示部门代码", "Department, code"), Column("department_label", "公示部门", "Department"),
        Column("outcomes", "检查结果代码", "Outcomes, codes", table="outcome"),
        Column("outcomes_label", "检查结果", "Outcomes"),
        Column("happened_on", "检查、抽取或者生效日期", "Inspected, drawn or in force on", "date"),
        Column("task_no", "抽查任务编号", "Source task number"), Column("plan_no", "抽查计划编号", "Plan number"),
        Column("source_number", "原编号", "Source number"), *STANDING,
    ),
)  # fmt: skip


@cache
def tables_of(kind: str) -> tuple[Table, ...]:
    """The table of a kind's publications, then one for each list that is public inside them."""
    found = KINDS[kind]
    plain = [field for field in found.public_fields() if field.type != "rows"]
    inside = [field for field in found.public_fields() if field.type == "rows"]
    own = (NUMBER, *(column for field in plain for column in columns_of(field)), *STANDING)
    return (
        Table(found.plural, found.label, found.label_en, kind, "", own),
        *(_inside(found.plural, kind, field, found.by_name[found.title_field]) for field in inside),
    )


def _inside(plural: str, kind: str, field: Field, title: Field) -> Table:
    ours = (NUMBER, Column("row", "行", "Row", "number"), Column("of", title.label, title.label_en))
    theirs = (column for each in field.rows if each.public for column in columns_of(each))
    label, label_en = f"{KINDS[kind].label}：{field.label}", f"{KINDS[kind].label_en}: {field.label_en}"
    return Table(f"{plural}_{field.name}", label, label_en, kind, field.name, (*ours, *theirs))


def columns_of(field: Field) -> Iterator[Column]:
    """One column; two when a value is a code with a label."""
    if field.type in ("code", "codes", "department", "departments"):
        table = field.table or "department"
        yield Column(field.name, f"{field.label}代码", f"{field.label_en}, code", table=table)
        yield Column(f"{field.name}_label", field.label, field.label_en)
        return
    kept: dict[str, Type] = {"date": "date", "number": "number", "yes_no": "yes_no"}
    yield Column(field.name, field.label, field.label_en, kept.get(field.type, "text"))


def rows_of(table: Table, live: Resource, site: str, labelled: Labelled = as_published) -> Iterator[Row]:
    """The rows that a live publication has in a table: one, or one for each row of its list.

    :param site: the address of the site, which permanent addresses begin with.
    :param labelled: says a code in the reader's language.
    """
    if table is FACTS:
        yield (*_facts(live, labelled), *_standing(live, site))
        return
    kind, fields = KINDS[table.kind], live["fields"]
    if not table.inside:
        plain = (field for field in kind.public_fields() if field.type != "rows")
        own = (value for field in plain for value in cells_of(field, fields[field.name], labelled))
        yield (live["number"], *own, *_standing(live, site))
        return
    of = _words(fields[kind.title_field])
    public = [field for field in kind.by_name[table.inside].rows if field.public]
    for at, row in enumerate(_list(fields, table.inside), start=1):
        cells = (value for field in public for value in cells_of(field, row.get(field.name), labelled))
        yield (live["number"], at, of, *cells)


def cells_of(field: Field, value: Any, labelled: Labelled = as_published) -> tuple[Value, ...]:
    """A released value as the cells of its columns; a withheld code has no code, and its marker for a label."""
    if field.type in ("code", "codes", "department", "departments"):
        if value is None:
            return None, None
        if isinstance(value, str):
            return None, value
        several = value if isinstance(value, list) else [value]
        codes = BETWEEN_CODES.join(str(each.get("code", "")) for each in several)
        return codes, BETWEEN_WORDS.join(labelled(each) for each in several)
    if isinstance(value, list):
        return (BETWEEN_WORDS.join(map(str, value)),)
    return (value if isinstance(value, (bool, int)) else _words(value),)


def _words(value: Any) -> str | None:
    return None if value is None else str(value)


def _list(fields: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a list; none of one that is withheld whole."""
    found = fields.get(name)
    return found if isinstance(found, list) else ()


def _standing(live: Resource, site: str) -> Row:
    changed = shanghai_date(datetime.fromisoformat(live["changed_at"])).isoformat()
    address = f"{site.rstrip('/')}{live['permalink']}"
    return live["version"], live["corrected"], live["contested"], live["published_on"], changed, address


def _facts(live: Resource, labelled: Labelled) -> Row:
    kind, fields = KINDS[live["kind"]], live["fields"]
    known = facing.columns(kind.name, fields)
    found = {
        str(each.get("code", "")): labelled(each)
        for row in _list(fields, "items")
        for each in (row["outcomes"] if isinstance(row.get("outcomes"), list) else ())
    }
    return (
        live["number"], kind.name, labelled({"table": "kind", "code": kind.name, "label": kind.label}), live["title"],
        known["entity_code"] or None, *cells_of(kind.by_name["department"], fields["department"], labelled),
        BETWEEN_CODES.join(found) or None, BETWEEN_WORDS.join(found.values()) or None,
        known["happened_on"].isoformat() if known["happened_on"] else None,
        *(live[name] for name in ("task_no", "plan_no", "source_number")),
    )  # fmt: skip
