"""Public bytes of the county's publications, many at a time and in several processes; no database here."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from bench import sheets
from bench.gate import Bytes, Gate, canonical
from bench.sheets import NOTHING, Task, Visit
from bench.town import Firm
from portal.codes.book import CodeBook
from portal.demo.results import WHOLE
from portal.publications import drawn, facing, locking
from portal.publications.content import read_content
from portal.publications.kinds import KINDS
from portal.publications.proposing import identity_of


class Made(NamedTuple):
    """One version of one publication, ready to be written down; what is JSON is text already."""

    kind: str
    department: str
    identity: str
    title: str
    content: str
    marks: str
    body: str
    record_hash: str
    commitments: str
    salt_key: str
    face: tuple[Any, ...]
    happened_on: str | None
    place: int = 0  # within its task
    drawn: tuple[tuple[str, str], ...] = ()  # code and name
    lock: tuple[str, str, dict[str, Any]] | None = None  # salt, digest and members of the line about the draw
    listed: tuple[tuple[str, ...], ...] = ()


FACE = (
    "title", "entity_name", "entity_code", "outcomes", "items", "region", "task_no", "plan_no", "source_number",
    "rectifies", "ad_hoc", "summary",
)  # fmt: skip


@dataclass
class Maker:
    """Makes what stands behind one ledger line or a batch of them.

    :param size: how many results the whole county has.
    """

    seed: int
    size: int
    book: CodeBook
    tasks: list[Task]

    def label(self, department: str) -> str:
        found = self.book.department_named(department)
        return found.label if found else department

    def read(self, kind: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        content, problems = read_content(kind, raw, self.book)
        if problems:
            raise ValueError(f"an invented {kind} can not be read: {problems[0]}")
        return content

    def make(self, what: str, arguments: tuple[Any, ...]) -> list[Made]:
        """One of ``lists``, ``plans``, ``announce``, ``results``, ``changes``."""
        makers = {
            "lists": self.lists,
            "plans": self.plans,
            "announce": self.announce,
            "results": self.results,
            "changes": self.changes,
        }
        return list(makers[what](*arguments))

    def lists(self, on: date) -> Iterator[Made]:
        for each in self.book.departments:
            content = self.read("list", sheets.item_list(each.code, each.label, on))
            rows = tuple(
                (
                    row.get("item_code") or "",
                    row["item"],
                    row.get("sub_item") or "",
                    row["item_class"]["code"],
                )
                for row in content["items"]
            )
            yield self._made(self._gate("list", each.code), content, each.code)._replace(listed=rows)

    def plans(self, year: int) -> Iterator[Made]:
        for each in self.book.departments:
            content = self.read("plan", sheets.plan(each.code, each.label, year))
            yield self._made(self._gate("plan", f"{each.code}{year}"), content, f"{each.code}/{year}")

    def announce(self, nth: int) -> Iterator[Made]:
        task = self.tasks[nth]
        firms = sheets.firms_of(self.seed, task, self.size)
        raw = sheets.announcement(task, self.label(task.department), firms[:1])
        content = self.read("task", raw)
        content["drawn"] = [sheets.drawn_row(at, each) for at, each in enumerate(firms, start=1)]
        gate = self._gate("task", nth)
        made = self._made(gate, content, nth)
        fields = json.loads(made.body)["fields"]
        salt = gate.salt(f"#{locking.NAME}")
        digest = locking.list_digest(salt, locking.list_text(drawn.rows_of(content)))
        yield made._replace(
            drawn=tuple((each.code, each.name) for each in firms),
            lock=(salt, digest, {"draw": "platform", **locking.members(fields), "list": digest}),
        )

    def results(self, nth: int) -> Iterator[Made]:
        yield from (self._result(*each) for each in self._visited(nth))

    def changes(self, nth: int) -> Iterator[Made]:
        """The corrected versions alone; what is withdrawn has no words."""
        acts = sheets.changes_of(self.seed, self.tasks[nth])
        for gate, place, content, marks in self._visited(nth, {at for at in acts if acts[at] == "correct"}):
            content["follow_up_note"] = f"经复核更正，第{place + 1}户。"
            yield self._result(gate, place, content, marks, version=2, act="correct")

    def _visited(
        self, nth: int, wanted: set[int] | None = None
    ) -> Iterator[tuple[Gate, int, dict[str, Any], list[Mapping[str, Any]]]]:
        task = self.tasks[nth]
        base = self.read("result", sheets.sheet(task, self.label(task.department)))
        gate = self._gate("result", nth)
        firms = sheets.firms_of(self.seed, task, self.size)
        both = zip(firms, sheets.visits(self.seed, task), strict=True)
        for place, (firm, visit) in enumerate(both):
            if wanted is None or place in wanted:
                marks = [{**each, "by": 1, "at": _STAMP} for each in visit.marks]
                yield gate, place, self._content(base, task, firm, visit, place), marks

    def _content(
        self, base: dict[str, Any], task: Task, firm: Firm, visit: Visit, place: int
    ) -> dict[str, Any]:
        on = visit.on.isoformat()
        return base | {
            "entity_name": firm.name,
            "entity_code": firm.code,
            "entity_type": self._value("entity_type", firm.type),
            "entity_status": self._value("entity_status", "注销" if visit.outcome == "注销" else "存续"),
            "registration_authority": firm.authority,
            "region": self._value("region", firm.region),
            "source_number": f"{task.number}{place + 1:03d}",
            "inspected_on": on,
            "completed_on": on,
            "items": self._rows(base["items"], visit),
            "follow_up": self._value("follow_up", visit.follow_up),
            "inspectors": "检查员甲01、检查员乙02",
            "leader": "检查员甲01",
            "legal_representative": firm.representative,
            "phone": firm.phone,
            "risk_class": firm.risk_class,
        }

    def _rows(self, rows: list[dict[str, Any]], visit: Visit) -> list[dict[str, Any]]:
        """One outcome for the whole sheet, or one row that is not clean."""
        if visit.outcome == NOTHING:
            return rows
        outcome = [self._value("outcome", visit.outcome)]
        found = {
            name: text
            for name, text in (("problem", visit.problem), ("disposition", visit.disposition))
            if text
        }
        if visit.outcome in WHOLE:
            whole = [{**row, "checked": False, "outcomes": outcome} for row in rows]
            return [whole[0] | found, *whole[1:]]
        return [
            row | {"outcomes": outcome} | found if at == visit.row else row for at, row in enumerate(rows)
        ]

    @lru_cache(maxsize=512)  # noqa: B019 - one maker per process
    def _value(self, table: str, text: str) -> dict[str, str]:
        found = self.book.value(table, text)
        if found is None:
            raise ValueError(f"the code table {table} has no {text}")
        return found

    def _gate(self, kind: str, name: object) -> Gate:
        return Gate(KINDS[kind], hashlib.sha256(f"{self.seed}/{kind}/{name}".encode()).digest())

    def _made(self, gate: Gate, content: dict[str, Any], name: object) -> Made:
        released = gate.release(content, version=1, act="publish")
        return _with(gate, content, (), released, identity_of("bench", gate.kind.name, str(name)))

    def _result(
        self,
        gate: Gate,
        place: int,
        content: dict[str, Any],
        marks: list[Mapping[str, Any]],
        *,
        version: int = 1,
        act: str = "publish",
    ) -> Made:
        released = gate.release(content, marks, version=version, act=act)
        identity = identity_of("bench", content["source_number"])
        return _with(gate, content, marks, released, identity)._replace(place=place)

    def __hash__(self) -> int:
        return id(self)


_STAMP = "2021-01-01T00:00:00Z"


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _with(gate: Gate, content: dict[str, Any], marks: Any, released: Bytes, identity: str) -> Made:
    columns = facing.columns(gate.kind.name, released.fields)
    happened = columns["happened_on"]
    return Made(
        kind=gate.kind.name,
        department=content["department"]["code"],
        identity=identity,
        title=str(content.get(gate.kind.title_field) or "")[:300],
        content=_dumps(content),
        marks=_dumps(list(marks)),
        body=released.body,
        record_hash=released.record_hash,
        commitments=canonical(released.commitments),
        salt_key=gate.key.hex(),
        face=tuple(columns[name] for name in FACE),
        happened_on=happened.isoformat() if happened else None,
    )
