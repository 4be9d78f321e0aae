"""What a page shows against the bytes that the log holds. Pure.

The rule, place by place, so that one altered name, outcome, date or text is found wherever it stands:

* beside the label of a field stands the field's value and nothing else, wherever that label stands;
* the tables have the rows of the data, in order, and in each cell what the row says;
* heading, lead, notes, files, and the two sides of a correction say what the data says;
* the reason of a correction is the one whose hash stands in the log;
* every date that is written out is the date that its machine-readable form says.

Not compared are what the page says of other records, of the ledger and of terms. A new field is compared
without a change here; where a page shows it in words of its own, :data:`ELSEWHERE` names it.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.publications.kinds import KINDS
from portal.verifying import page_result
from portal.verifying.page_text import Element, main_of, squeezed
from portal.verifying.page_words import (
    ROWS_ELSEWHERE,
    day,
    everything,
    labelled,
    names_of_fields,
    public,
    read_of,
)
from portal.words import Label, Sentence, label_of, say

Record = Mapping[str, Any]
Places = Mapping[str, Sequence[str]]  # under each label what stands beside it

_MACHINE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}).*)?")


@dataclass(frozen=True)
class Logged:
    """What the log says of the version that a page shows.

    :param reason: the SHA-256 of the act's public reason, hex; None when it gave none.
    """

    number: str
    index: int
    record: str
    reason: str | None = None


def problems_of_page(
    html: str, record: Record, logged: Logged, before: Record | None = None
) -> list[Sentence]:
    """What a page shows otherwise than ``record.json`` says; empty means nothing.

    :param before: the version before, when it is shown too.
    """
    main, kind, fields = main_of(html), str(record.get("kind")), record.get("fields")
    if kind not in KINDS or not isinstance(fields, Mapping):
        return [say("公示数据的种类不认识。请用新版程序核验。")]
    places = _places(main)
    found = [*_heading(main, places, record, logged), *_lead(main, kind, fields)]
    for field, value in labelled(kind, fields):
        found += _beside(places, label_of(field), field.label, {value})
    if kind == "result":
        found += page_result.problems(main, places, fields)
    if kind == "task":
        found += _plan_of_task(places, fields)
    for table in KINDS[kind].tables:
        if table.public and kind != "result":
            found += _table(main, kind, table.name, fields.get(table.name))
    found += [
        *_notes(main, record),
        *_files(main, record),
        *_change(main, kind, fields, before),
        *_dates(main),
    ]
    found += _logged(main, logged)
    return list(dict.fromkeys(found))


def _places(main: Element) -> dict[str, list[str]]:
    """Each label of the record's own part of the page with what stands beside it."""
    found: dict[str, list[str]] = {}
    for span in main.first("p", "rec-nos").all("span"):
        value = span.first("b").text()
        found.setdefault(span.text(frozenset({"b"})), []).append(value)
    for facts in main.first("article").all("dl", "facts"):
        for label, value in pairs(facts):
            found.setdefault(label, []).append(value)
    return found


def pairs(facts: Element) -> Iterator[tuple[str, str]]:
    """Label and value of a list of facts."""
    label = ""
    for each in facts.children:
        if isinstance(each, Element) and each.tag == "dt":
            label = each.text()
        elif isinstance(each, Element) and each.tag == "dd":
            yield label, each.text()


def _beside(places: Places, name: Label, label: str, allowed: set[str]) -> Iterator[Sentence]:
    standing = places.get(squeezed(label), [])
    if not standing:
        yield say("没有显示“{field}”，公示数据中有。", field=name)
    for each in standing:
        if each not in allowed:
            yield say("“{field}”显示为“{shown}”，与公示数据不符。", field=name, shown=each[:60])


def _heading(main: Element, places: Places, record: Record, logged: Logged) -> Iterator[Sentence]:
    kind, fields = KINDS[record["kind"]], record["fields"]
    field = kind.by_name[kind.title_field]
    if main.first("h1").text() != read_of(field, fields.get(field.name)):
        yield say("标题与公示数据不符。")
    if places.get("公示编号") != [logged.number]:
        yield say("公示编号与网址不符。")
    if f"第{record.get('version')}版" not in main.first("p", "rec-state").text():
        yield say("版本与公示数据不符。")


def _lead(main: Element, kind: str, fields: Record) -> Iterator[Sentence]:
    """The first sentence sums up: with the data's own numbers and days."""
    lead = main.first("p", "lead-zh").text()
    rows = fields.get("items")
    count = len(rows) if isinstance(rows, list) else 0
    expected = {
        "list": [f"下列{count}项", f"自{day(str(fields.get('effective_from')))}起"],
        "plan": [f"在{fields.get('plan_year')}年抽查下列{count}项"],
        "task": _drew(fields),
        "result": page_result.lead(fields),
    }[kind]
    if any(each not in lead for each in expected):
        yield say("开头的摘要与公示数据不符。")


def _plan_of_task(places: Places, fields: Record) -> Iterator[Sentence]:
    field = KINDS["task"].by_name["plan_name"]
    if plan := read_of(field, fields.get("plan_name")) or read_of(field, fields.get("plan_no")):
        yield from _beside(places, label_of(field), "抽查计划", {plan})


def _drew(fields: Record) -> list[str]:
    sample, pool = (fields.get(name) for name in ("sample_size", "pool_size"))
    shown = [f"抽取{sample:,}户。"] if isinstance(sample, int) and sample else []
    return [*shown, f"名录库{pool:,}户"] if shown and isinstance(pool, int) and pool else shown


def _table(main: Element, kind: str, name: str, rows: Any) -> Iterator[Sentence]:
    label = label_of(KINDS[kind].by_name[name])
    found = [each for each in main.first("article").all("table") if each.first("caption").text() == label]
    shown = list(found[0].first("tbody").all("tr")) if found else []
    if not isinstance(rows, list):
        if shown:
            yield say("“{field}”显示了公示数据中没有的内容。", field=label)
        return
    if len(shown) != len(rows) or len(found) != 1:
        yield say(
            "“{field}”显示{shown}行，公示数据有{rows}行。", field=label, shown=len(shown), rows=len(rows)
        )
        return
    heads = [each.text() for each in found[0].first("thead").all("th")]
    for at, (row, line) in enumerate(zip(rows, shown, strict=True), start=1):
        if wrong := _row(kind, name, row, line, heads):
            yield say("“{field}”第{row}行的“{column}”与公示数据不符。", field=label, row=at, column=wrong)


def _row(kind: str, table: str, row: Any, line: Element, heads: Sequence[str]) -> Label | None:
    """The column that is not as the data says."""
    cells = [each for each in line.children if isinstance(each, Element) and each.tag in ("td", "th")]
    places: dict[str, list[str]] = {}
    for head, cell in zip(heads, cells, strict=False):
        places.setdefault(head, []).append(cell.text(frozenset({"small", "details"})))
        for small in cell.all("small"):
            label, _colon, value = small.text().partition("：")
            places.setdefault(label, []).append(value)
        for facts in cell.all("dl"):
            for label, value in pairs(facts):
                places.setdefault(label, []).append(value)
    for field in public(kind, table):
        value = read_of(field, row.get(field.name)) if isinstance(row, Mapping) else ""
        standing = places.get(squeezed(field.label), [])
        if (
            field.name not in ROWS_ELSEWHERE
            and standing != [value]
            and (value or standing not in ([], ["－"]))
        ):
            return label_of(field)
    return None


def _notes(main: Element, record: Record) -> Iterator[Sentence]:
    """Why something is withheld is said as the data says it."""
    shown = Counter(each.text() for each in main.first("ol", "notes").all("li"))
    for note in record.get("notes") or []:
        words = [squeezed(str(note.get(name) or "")) for name in ("label", "basis")]
        if not any(all(word in each for word in words) for each in shown):
            yield say("隐去说明与公示数据不符。")


def _files(main: Element, record: Record) -> Iterator[Sentence]:
    titles = [squeezed(str(each.get("title"))) for each in record.get("attachments") or []]
    if [each.first("b").text() for each in main.first("ol", "files").all("li")] != titles:
        yield say("附件与公示数据不符。")


def _change(main: Element, kind: str, fields: Record, before: Record | None) -> Iterator[Sentence]:
    """What a correction or adjustment says that stood there before, and stands there now."""
    sides = [("ins", fields)] + ([("del", before["fields"])] if before else [])
    for tag, side in sides:
        known = everything(kind, side)
        for each in main.first("article").all(tag):
            if each.text() not in known and not all(part in known for part in each.text().split("·")):
                yield say("前后对照中的“{shown}”与公示数据不符。", shown=each.text()[:60])
    if before:
        known = everything(kind, fields) | everything(kind, before["fields"]) | names_of_fields(kind)
        for each in main.first("article").all("span", "what"):
            if not all(part in known for part in each.text().split("·")):
                yield say("前后对照中的“{shown}”与公示数据不符。", shown=each.text()[:60])


def _logged(main: Element, logged: Logged) -> Iterator[Sentence]:
    """What the page says of its line in the log."""
    for facts in main.first("aside").all("dl"):
        for label, value in pairs(facts):
            if (
                label == "存证序号"
                and value != f"{logged.index:,}"
                or label == "内容摘要"
                and value != logged.record
            ):
                yield say("网页所写的存证序号或者内容摘要与存证不符。")
    yield from problems_of_reason(main, ("更正理由", "调整理由"), logged.reason)


def problems_of_reason(main: Element, labels: tuple[str, ...], reason: str | None) -> Iterator[Sentence]:
    """The reason that is shown is the one whose hash was logged; words that were erased are not shown."""
    for facts in main.all("dl", "facts"):
        label = ""
        for each in facts.children:
            if isinstance(each, Element) and each.tag == "dt":
                label = each.text()
            elif isinstance(each, Element) and each.tag == "dd" and label in labels and _hash(each) != reason:
                yield say("所写的理由与存证中理由的哈希值不符。")


def _hash(words: Element) -> str:
    return hashlib.sha256(words.words().encode()).hexdigest()


def _dates(main: Element) -> Iterator[Sentence]:
    for each in main.all("time"):
        machine = _MACHINE.fullmatch(each.attributes.get("datetime", ""))
        year, month, date, moment = machine.groups("") if machine else ("0", "0", "0", "")
        short = f"{int(month)}月{int(date)}日"
        forms = {f"{int(year)}年{short}", short, f"{year}-{month}-{date}{moment}"}
        if each.text() not in forms:
            yield say("日期“{shown}”与它的机器可读形式不一致。", shown=each.text()[:60])
