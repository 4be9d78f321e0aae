"""Rule profiles: what differs from place to place is data in layers, chosen in configuration (never an `if`).

A layer is a TOML file; ``above`` names the layer it stands on. Tables are merged name by name, so a layer
says only what it changes; ``[[statements]]`` replaces the list as a whole. ``[[amendments]]`` are the same
again with an ``effective_from`` of their own.

A clause (``basis``) is one of the document of the layer that names it. ``clauses_as_above = true`` says that
this layer's document has the same clauses under the same numbers, so that they are quoted from it.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from portal.codes.clauses import clause_in_english
from portal.codes.prior_rule import NO_NOTICE, PriorNoticeRule, prior_rule
from portal.words import Label

Basis = Literal["clause", "promise"]
Unit = Literal["working", "calendar"]
Data = dict[str, Any]

PROMISE = "本单位服务承诺"
PROMISE_EN = "A promise of this office"
SETTINGS = (
    "supplement_restarts_clock",
    "sign_maintained_delegable",
    "department_clocks_public",
    "reminder_days",
)


@dataclass(frozen=True)
class Term:
    """A time limit and what it rests on.

    :param days: counted in ``unit``; the day it starts on is day zero.
    :param starts: names of the dates it may start from; the first that is known counts.
    :param basis: document and clause, or the words for an office's own promise.
    :param label: what is due by then, such as 异议复查; with the English of both for public pages.
    """

    days: int
    unit: Unit
    starts: tuple[str, ...]
    basis: str
    kind: Basis
    label: str = ""
    label_en: str = ""
    basis_en: str = ""

    @property
    def said_basis(self) -> Label:
        """The basis as a page quotes it, in the reader's language."""
        return Label(self.basis, self.basis_en)


@dataclass(frozen=True)
class Statement:
    """A sentence that stands on every result page (D19)."""

    text: str
    text_en: str
    basis: str
    kind: Basis


@dataclass(frozen=True)
class Channel:
    """A place where results are disclosed (D18)."""

    name: str
    label: str
    label_en: str
    required: bool
    basis: str


@dataclass(frozen=True)
class DrawLimit:
    """How often an object may be drawn in a year (D16).

    :param scope: ``all`` draws, or ``joint`` ones only (Anyang).
    """

    times: int
    scope: str
    basis: str
    exempt: tuple[str, ...]


@dataclass(frozen=True)
class PlanFiling:
    """By which day of the year a plan is filed and published, ``MM-DD``; empty where no day is fixed (D17)."""

    filed_with: str
    file_by: str
    publish_by: str
    basis: str


@dataclass(frozen=True)
class Expiry:
    """How long a kind stays public.

    :param years: calendar years from the day of first publication, which is not counted.
    """

    years: int
    basis: str
    kind: Basis


@dataclass(frozen=True)
class Profile:
    """The rules of one place on one day."""

    name: str
    label: str
    label_en: str
    document: str
    document_en: str
    terms: Mapping[str, Term]
    statements: tuple[Statement, ...]
    channels: Mapping[str, Channel]
    stops_the_clock: str  # name of the channel (D11)
    draw_limit: DrawLimit | None
    names_shown: bool
    disposition_shown: bool
    plan: PlanFiling
    item_classes: tuple[str, ...]
    general_ratio_at_most: int | None  # percent; D5
    joint_inspections_per_year: int | None  # T4
    prior_notice: PriorNoticeRule = NO_NOTICE
    supplement_restarts_clock: bool = False  # else the re-check clock runs on while papers are asked for
    sign_maintained_delegable: bool = False  # an answer that nothing was wrong; a correction never (O2)
    department_clocks_public: bool = False  # T2: what is shown to the public beyond totals
    reminder_days: int = 5  # working days before a last day
    expiry: Mapping[str, Expiry] = field(default_factory=dict)  # by kind; what is not named stays for good

    @property
    def publish_days(self) -> int:
        """Working days in which a result is disclosed (D11)."""
        return self.terms["publish"].days

    @property
    def result_sentence(self) -> str:
        """What every result page says (D19), in one paragraph."""
        return "".join(each.text for each in self.statements)

    @property
    def result_sentence_en(self) -> str:
        return " ".join(each.text_en for each in self.statements)

    @property
    def result_basis(self) -> str:
        """Document and clauses of the sentence, ``《…》第二十九条、第三十三条``; empty when it is no clause."""
        clauses = [each.basis for each in self.statements if each.kind == "clause"]
        if clauses and all(each.startswith(self.document) for each in clauses):
            return self.document + "、".join(each.removeprefix(self.document) for each in clauses)
        return "；".join(clauses)

    @property
    def draw_limit_per_year(self) -> int | None:
        return self.draw_limit.times if self.draw_limit else None


@lru_cache(maxsize=32)
def load_profile(name: str, on: date | None = None) -> Profile:
    """The profile of a place with all layers below it.

    :param on: the rules of that day; without it the newest.
    :raises LookupError: when there is no such profile.
    """
    merged: Data = {}
    for layer in _layers(name):
        for part in _in_force(layer, on):
            merged = _merge(merged, part)
    return _profile(name, merged)


def profile_names() -> list[str]:
    """The profiles that can be chosen."""
    found = (each.name for each in (files("portal.codes") / "profiles").iterdir())
    return sorted(each.removesuffix(".toml") for each in found if each.endswith(".toml"))


def _layers(name: str, document: tuple[str, str] | None = None) -> list[Data]:
    """From the lowest up, every basis with its document.

    :param document: quoted in place of the layer's own; Chinese and English.
    """
    source = files("portal.codes") / "profiles" / f"{name}.toml"
    if not source.is_file():
        raise LookupError(
            f"There is no rule profile {name!r}; PORTAL_PROFILE may be one of {profile_names()}."
        )
    layer = tomllib.loads(source.read_text(encoding="utf-8"))
    document = document or (layer.get("document", ""), layer.get("document_en", ""))
    same = document if layer.get("clauses_as_above") else None
    below = _layers(layer["above"], same) if "above" in layer else []
    return [*below, _quoted(layer, document)]


def _quoted(data: Any, document: tuple[str, str]) -> Any:
    """The same data with ``basis`` as document and clause, and its English beside it."""
    if isinstance(data, list):
        return [_quoted(each, document) for each in data]
    if not isinstance(data, dict):
        return data
    chinese, english = document
    quoted = {key: _quoted(value, document) for key, value in data.items()}
    if "basis" in data:
        quoted |= {
            "basis": chinese + data["basis"],
            "basis_en": f"{english}, {clause_in_english(data['basis'])}",
        }
    return quoted


def _in_force(layer: Data, on: date | None) -> Iterator[Data]:
    amendments = layer.get("amendments", [])
    for part in [layer, *sorted(amendments, key=lambda each: each["effective_from"])]:
        if on is None or part["effective_from"] <= on:
            yield part


def _merge(below: Data, over: Data) -> Data:
    merged = dict(below)
    for key, value in over.items():
        both_tables = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _merge(below[key], value) if both_tables else value
    return merged


def _profile(name: str, data: Data) -> Profile:
    return Profile(
        name=name,
        label=data["label"],
        label_en=data["label_en"],
        document=data.get("document", ""),
        document_en=data.get("document_en", ""),
        terms={key: _term(value) for key, value in data["terms"].items()},
        statements=tuple(_statement(each) for each in data["statements"]),
        channels={key: _channel(key, value) for key, value in data["channels"].items()},
        stops_the_clock=data["stops_the_clock"],
        draw_limit=_draw_limit(data["draw_limit"]) if "draw_limit" in data else None,
        names_shown=data["names_shown"],
        disposition_shown=data["disposition_shown"],
        plan=_plan(data.get("plan", {})),
        item_classes=tuple(data.get("item_classes", ("general", "key"))),
        general_ratio_at_most=data.get("general_ratio_at_most"),
        joint_inspections_per_year=data.get("joint_inspections_per_year"),
        prior_notice=prior_rule(data.get("prior_notice", {})),
        expiry={kind: _expiry(value) for kind, value in data.get("expiry", {}).items()},
        **{name: data[name] for name in SETTINGS if name in data},
    )


def _expiry(data: Data) -> Expiry:
    return Expiry(years=data["years"], basis=_basis(data), kind=data["kind"])


def _term(data: Data) -> Term:
    return Term(
        days=data["days"],
        unit=data["unit"],
        starts=tuple(data["starts"]),
        basis=_basis(data),
        kind=data["kind"],
        label=data.get("label", ""),
        label_en=data.get("label_en", ""),
        basis_en=data["basis_en"] if data["kind"] == "clause" else PROMISE_EN,
    )


def _statement(data: Data) -> Statement:
    return Statement(data["text"], data["text_en"], _basis(data), data["kind"])


def _channel(name: str, data: Data) -> Channel:
    return Channel(name, data["label"], data["label_en"], data["required"], data.get("basis", ""))


def _draw_limit(data: Data) -> DrawLimit:
    return DrawLimit(data["times"], data["scope"], data["basis"], tuple(data.get("exempt", ())))


def _plan(data: Data) -> PlanFiling:
    return PlanFiling(*(data.get(name, "") for name in ("filed_with", "file_by", "publish_by", "basis")))


def _basis(data: Data) -> str:
    return str(data["basis"]) if data["kind"] == "clause" else PROMISE
