"""Every address there is: each rule of the URL map with every value of its parts that exists in the world."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Rule

from portal.ledger.models import SignedCheckpoint
from portal.ledger.tiles import tiles_of
from portal.objections.models import Objection
from portal.publications.kinds import KINDS
from portal.publications.models import DrawnFace, Face

STATIC = {"static", "bootstrap.static"}
UNKNOWN_NUMBER, UNKNOWN_CODE = "JG-2026-999999", "91339900ZZZZZZZZZ9"
DISPLAYS = ("large", "contrast", "plain")
EXPORTED = (
    "results.csv.zip", "results_items.csv.zip", "results.jsonl.gz", "tasks_drawn.csv.zip", "national.csv.zip",
    "datapackage.json", "SHA256SUMS", "nothing.csv",
)  # fmt: skip

# what stands in rooms that a reader without account is not let into: one value each, which exists
IN_ROOMS: Mapping[str, Sequence[Any]] = {
    "month": ("2026-11", "2026-10", "x"),
    "task_number": ("33990020261012003",), "key": ("x",), "kind": ("receipt", "decision", "correction"),
    "record": ("5d41402abc4b2a76",), "name": ("2026-10",),
    "token": ("x" * 43,),
}  # fmt: skip

# the conditions of addresses that take any; each is asked alone
CONDITIONS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "public.browse": (
        {"department": "scjg"}, {"department": "yjgl"}, {"department": "nobody"}, {"year": 2026}, {"year": 2025},
        {"year": "x"}, {"outcome": "5"}, {"outcome": "6"}, {"outcome": "x"}, {"region": "330000"}, {"region": "x"},
        {"task": "33990020261012003"}, {"task": "x" * 61}, {"plan": "33990020260001"}, {"item": "公示信息抽查"}, {"item": "x" * 301}, {"page": 2}, {"page": 0}, {"page": "x"},
    ),
    "public.search": (
        {"q": "示例"}, {"q": "抽查"}, {"q": "依法隐去"}, {"q": "商业秘密"}, {"q": "征求意见"}, {"q": "33990020261012003"},
        {"q": "9133990075TNM5LB3J"}, {"q": "JG-2026"}, {"q": "x" * 201}, {"kind": "result"}, {"kind": "x"},
        {"department": "scjg"}, {"year": 2026}, {"outcome": "5"}, {"region": "x"}, {"state": "corrected"},
        {"entity": "9133990075TNM5LB3J"}, {"sort": "inspected"}, {"sort": "relevance", "q": "示例"}, {"sort": "x"},
        {"from": "2026-10-22"}, {"to": "2026-10-22"}, {"from": "1900-01-01", "to": "1999-12-31"}, {"page": 2},
        {"q": "示例 -抽查"}, {"q": "-示例"}, {"not_kind": "result"}, {"not_department": "scjg"}, {"not_year": 2026},
        {"not_outcome": "5"}, {"not_region": "x"}, {"published_from": "2026-10-22"}, {"published_to": "2026-10-22"},
    ),
    "public.suggestions": ({"q": "示例"}, {"q": "slc"}, {"q": "9133990075"}, {"q": "JG-2026-000001"}, {"q": "x"}),
    "public.search_feed": ({"q": "示例"}, {"kind": "task"}, {"kind": "x"}, {"department": "scjg", "page": 2}),
    "public.search_file": (
        {"q": "示例"}, {"q": "依法隐去"}, *({"kind": kind} for kind in (*KINDS, "x")), {"table": "national"}, {"table": "x"},
        {"kind": "result", "table": "items"}, {"kind": "task", "table": "drawn"}, {"department": "scjg", "outcome": "5"},
    ),
    "public.oembed": (
        {"url": "http://127.0.0.1:8000/results/JG-2026-000001"}, {"url": "http://127.0.0.1:8000/entities/9133990075TNM5LB3J"},
        {"url": "http://example.com/"}, {"url": "x", "format": "xml"},
    ),
    "public.feed": ({"page": 2}, {"page": "x"}), "public.department_feed": ({"page": 2},),
    "subscriptions.new": (
        {"q": "示例"}, {"kind": "result"}, {"kind": "x"}, {"what": "acts"}, {"what": "entity", "entity": "9133990075TNM5LB3J"},
        {"what": "entity", "entity": UNKNOWN_CODE}, {"what": "x"}, {"entity": "9133990075TNM5LB3J"}, {"from": "x"},
    ),
    "public.calendar": ({"year": 2026}, {"year": "x"}, {"start": "2026-11-23", "days": 20}),
    "public.due": ({"start": "2026-11-23", "days": 20}, {"start": "x", "days": 1}),
    "public.api_publications": (
        {"q": "示例"}, {"q": "依法隐去", "sort": "relevance"}, {"kind": "task"}, {"kind": "x"}, {"department": "nobody"},
        {"limit": 1, "sort": "inspected"}, {"state": "corrected"}, {"outcome": "5"}, {"from": "2026-10-22"},
        {"entity": "9133990075TNM5LB3J"}, {"cursor": "p.2026-12-31.JG-2026-999999"}, {"cursor": "x"}, {"x": "1"},
    ),
    "public.api_changes": ({"after": -1, "limit": 100}, {"after": 2, "limit": 1}, {"after": 999_999}, {"after": "x"}),
    "public.api_corrections": ({"act": "correct"}, {"limit": 1}, {"cursor": 9}),
    "public.sitemap_of_month": ({"part": 1}, {"part": 9}, {"part": "x"}),
    "public.tasks_of_year": ({"year": 2026}, {"year": "x"}, {"department": "scjg"}, {"department": "nobody"}),
    "public.tasks_ics": ({"year": 2026}, {"year": "x"}, {"department": "scjg"}, {"department": "nobody"}),
    "public.tasks_of_year_json": ({"year": 2025}, {"year": "x"}),
    "public.statistics": ({"year": 2025}, {"year": "x"}, {"department": "scjg"}),
    "public.statistics_of": ({"year": 2026}, {"year": "x"}, {"department": "scjg"}, {"department": "nobody"}),
    "public.chart_csv": ({"year": 2026}, {"department": "yjgl"}, {"year": "x"}),
    "public.chart_json": ({"year": 2026}, {"department": "yjgl"}, {"department": "nobody"}),
    "public.log": ({"page": 2}, {"line": 3}, {"line": "x"}), "public.corrections": ({"page": 2},), "public.withdrawals": ({"page": 2},),
    "public.entity": ({"page": 2},),
    "staff.sign_in": ({"next": "/staff/"},),
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What exists in a world that an address may name."""

    numbers: Mapping[str, str]  # number, plural
    versions: Mapping[str, int]
    codes: Sequence[str]
    receipts: Sequence[str]
    log_size: int
    editions: Sequence[str] = ()

    @classmethod
    def of(cls, session: Session, editions: Sequence[str] = ()) -> "Known":
        faces = session.scalars(sa.select(Face).order_by(Face.number)).all()
        drawn = session.scalars(sa.select(DrawnFace.entity_code).distinct())
        return cls(
            numbers={face.number: KINDS[face.kind].plural for face in faces},
            versions={face.number: face.version for face in faces},
            codes=sorted({*drawn, *(face.entity_code for face in faces)} - {""}),
            receipts=sorted(
                session.scalars(sa.select(Objection.receipt).where(Objection.receipt.startswith("YY-")))
            ),
            log_size=session.scalar(sa.select(sa.func.max(SignedCheckpoint.size))) or 0,
            editions=editions,
        )


@dataclass(frozen=True)
class Address:
    """One request that anybody can make."""

    rule: str
    path: str
    method: str = "GET"


def addresses(app: Flask, known: Known, secrets: Sequence[str]) -> Iterator[Address]:
    """Each address in one language and no display; with the secrets where a name, a number or a code may stand."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in STATIC or "GET" not in (rule.methods or ()):
            continue
        for parts in _parts(rule, known, secrets):
            path = rule.build(parts, append_unknown=False)
            assert path is not None, f"{rule} is not built by {parts}"
            yield Address(rule.endpoint, path[1])
        bare = next(iter(_parts(rule, known, ())))
        for query in _queries(rule, known):
            yield Address(rule.endpoint, f"{rule.build(bare)[1]}?{urlencode(query)}")  # type: ignore[index]
    yield from (
        Address("none", path) for path in ("/no/such", "/results/x/y/z", "/search/", f"/{'x' * 5000}")
    )


def by_other_methods(app: Flask, known: Known) -> Iterator[Address]:
    """Each rule once by every method that it does not answer, and by HEAD and OPTIONS."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in STATIC:
            path = rule.build(next(iter(_parts(rule, known, ()))))
            assert path is not None
            for method in ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"):
                yield Address(rule.endpoint, path[1], method)


def in_english(some: Iterable[Address]) -> Iterator[Address]:
    """The same for readers of English."""
    return (_with(address, "lang", "en") for address in some)


def in_other_displays(some: Iterable[Address]) -> Iterator[Address]:
    """The same in every other display."""
    return (_with(address, "display", each) for address in some for each in DISPLAYS)


def _with(address: Address, name: str, value: str) -> Address:
    mark = "&" if "?" in address.path else "?"
    return Address(address.rule, f"{address.path}{mark}{name}={value}", address.method)


def searches(pieces: Sequence[str]) -> Iterator[Address]:
    """A search for each piece, as a page and, of some, as a feed and while it is being typed."""
    for piece in pieces:
        yield Address("public.search", f"/search?q={quote(piece)}")
    for piece in pieces[:: max(1, len(pieces) // 20)]:
        yield Address("public.search_feed", f"/search.atom?q={quote(piece)}")
        yield Address("public.search", f"/search?entity={quote(piece)}")
        yield Address("public.suggestions", f"/search/suggestions?q={quote(piece)}")


def _queries(rule: Rule, known: Known) -> Iterator[Mapping[str, Any]]:
    yield from CONDITIONS.get(rule.endpoint, ())
    if rule.endpoint == "entity.new":
        yield from ({"result": number} for number in (*known.numbers, UNKNOWN_NUMBER))


def _parts(rule: Rule, known: Known, secrets: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every set of values for the parts of a rule that means something, and some that mean nothing."""
    parts = rule.arguments
    if {"plural", "number"} <= parts:
        for number, plural in known.numbers.items():
            for version in range(known.versions[number] + 2) if "version" in parts else (0,):
                yield {"plural": plural, "number": number, "version": version, "n": 1}
        yield {"plural": "results", "number": UNKNOWN_NUMBER, "version": 1, "n": 1}
        yield {"plural": "plans", "number": next(iter(known.numbers)), "version": 1, "n": 1}
        yield from ({"plural": "results", "number": each, "version": 1, "n": 1} for each in secrets)
        return
    named = {name: list(_values(rule, name, known, secrets)) for name in sorted(parts)}
    for values in product(*named.values()):
        yield dict(zip(named, values, strict=True))


def _values(rule: Rule, name: str, known: Known, secrets: Sequence[str]) -> Iterator[Any]:
    items = getattr(rule._converters[name], "items", None)
    if items:
        yield from sorted(items)
    elif isinstance(
        rule._converters[name], IntegerConverter
    ):  # the number of a row, and the first one exists
        yield 1
    elif name == "path":
        yield from (each.path for each in tiles_of(known.log_size))
    elif name == "code":
        yield from (*known.codes, UNKNOWN_CODE, *secrets)
    elif name == "edition":
        yield from (*known.editions, "20200101-000000-1", *secrets[:1])
    elif name == "file":
        yield from (*EXPORTED, *secrets[:1])
    elif name == "receipt":
        yield from (*(known.receipts or ("YY-2026-0001",)), "YY-2026-9999", *secrets)
    elif name == "handle":
        yield from ("x" * 43, *secrets)
    elif name == "number" and rule.rule.startswith("/api/"):
        yield from (*known.numbers, UNKNOWN_NUMBER, *secrets)
    elif name == "table":
        yield from ("outcome", "redaction_ground", *secrets)
    elif name == "number":
        own = [each for each, plural in known.numbers.items() if rule.rule.startswith(f"/{plural}/")]
        yield from own or list(known.numbers)[:2]
    else:
        assert name in IN_ROOMS, f"say in IN_ROOMS, or here, which values <{name}> of {rule} may have"
        yield from IN_ROOMS[name]
