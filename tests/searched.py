"""The cases of docs/search.md: invented records, and what is to be found in them first.

``python -m tests.searched`` writes the table of the page anew from the file of cases.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.search.documents import Document
from portal.search.engine import EXCLUDABLE, Engine, Query
from portal.search.helping import AMONG
from portal.search.nearness import nearest
from portal.search.terms import near

FIXTURES = Path(__file__).parent / "fixtures"
DEPARTMENTS = {
    "scjg": "示例区市场监管局",
    "yjgl": "示例区应急管理局",
    "wsjk": "示例区卫生健康局",
    "lxb": "示例区双随机办",
}
FIRST = 3


@dataclass(frozen=True)
class Case:
    """One line of the file; ``first`` are the numbers that come first, ``meant`` the first name offered."""

    query: str
    conditions: str
    total: int
    first: tuple[str, ...]
    meant: str
    why: str

    @property
    def asked(self) -> Query:
        given = dict(part.split("=") for part in self.conditions.split(";") if part)
        filters = {name: value for name, value in given.items() if not name.startswith("not_")}
        without = {name: given[f"not_{name}"] for name in EXCLUDABLE if f"not_{name}" in given}
        return Query(self.query, filters, without, sort="relevance")


def rows(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def records() -> list[Document]:
    return [_record(row) for row in rows("search_quality_records.csv")]


def _record(row: Mapping[str, str]) -> Document:
    department, numbers = DEPARTMENTS[row["department"]], (row["number"], row["code"], row["source_number"])
    day = date.fromisoformat(row["published"])
    return Document(
        number=row["number"],
        kind=row["kind"],
        title=row["name"],
        department=row["department"],
        lines=tuple(
            filter(
                None, (row["number"], row["name"], row["code"], row["source_number"], department, row["text"])
            )
        ),
        called=(row["name"], department),
        numbers=tuple(filter(None, numbers)),
        entity_name=row["name"] if row["kind"] == "result" else "",
        entity_code=row["code"],
        outcomes=(row["outcome"],) if row["outcome"] else (),
        year=int(row["year"]),
        published_on=day,
        happened_on=day,
    )


def cases() -> list[Case]:
    return [
        Case(
            row["query"],
            row["conditions"],
            int(row["total"]),
            tuple(row["first"].split()),
            row["meant"],
            row["why"],
        )
        for row in rows("search_quality.csv")
    ]


def found(engine: Engine, query: Query, names: Mapping[str, str]) -> tuple[int, tuple[str, ...], str]:
    """What an engine gives: how many, which first, and the name offered where there is nothing."""
    answer = engine.ask(query)
    first = tuple(hit.number for hit in answer.hits[:FIRST])
    return answer.total, first, "" if first or not query.words else _meant(engine, query.words, names)


def _meant(engine: Engine, words: Sequence[str], names: Mapping[str, str]) -> str:
    offered = (
        each.name
        for word in words
        if engine.ask(Query(word)).total == 0
        for each in nearest(word, [names[number] for number in engine.near(near(word), AMONG)])
    )
    return next(offered, "")


# ── the page ─────────────────────────────────────────────────

PAGE = Path(__file__).parent.parent / "docs" / "search.md"
BEGIN, END = "<!-- cases -->\n", "<!-- end of cases -->\n"


def table() -> str:
    """The cases as the page shows them."""
    names = {record.number: record.title for record in records()}
    lines = ["| 输入 | 条件 | 条数 | 排在前面的 | 说明 |", "|---|---|---|---|---|"]
    for case in cases():
        first = "；".join(names[number] for number in case.first)
        shown = first or (f"没有。是不是要找：{case.meant}" if case.meant else "没有")
        conditions = f"`{case.conditions}`" if case.conditions else ""
        lines.append(f"| `{case.query}` | {conditions} | {case.total} | {shown} | {case.why} |")
    return "\n".join(lines) + "\n"


def page_with(cases_table: str) -> str:
    """The page with its table replaced."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}{cases_table}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page_with(table()), encoding="utf-8")
