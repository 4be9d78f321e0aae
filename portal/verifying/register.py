"""What the entries say when they are read in order: every number's acts, every objection, every change of key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from portal.ledger.entry import TYPES
from portal.ledger.officer_signatures import OfficerKeys, problems_of
from portal.verifying.draws import Draws
from portal.words import Sentence, say

_HEX = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")

Members = Mapping[str, Any]
VERSIONS = frozenset({"publish", "adjust", "correct"})  # acts that make a new version
HIDDEN = {"hold": "held", "withdraw": "withdrawn", "expire": "expired", "erase": "erased"}
ACTS = VERSIONS | HIDDEN.keys() | {"restore"}


class Version(NamedTuple):
    """One version of a record: the entry that made it public, and its hash."""

    at: int
    record: bytes


@dataclass(slots=True)
class Standing:
    """What the log says of one number so far.

    :param newest: the index of its newest entry of any type.
    :param act: the index of its newest act.
    """

    newest: int
    act: int = -1
    face: str = ""
    versions: tuple[Version, ...] = ()


@dataclass(slots=True)
class Case:
    """One objection: until when it is to be answered, and whether it was."""

    number: str | None
    due: str
    provisional: bool
    ended: bool = False


class Rotation(NamedTuple):
    """A change of the log's own key; the first key of a log ends none."""

    at: int
    key: str
    ends: str


@dataclass
class Register:
    """Grows with the numbers, not with the entries: some 300 bytes for each."""

    numbers: dict[str, Standing] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    calendars: dict[int, object] = field(default_factory=dict)
    rotations: list[Rotation] = field(default_factory=list)
    draws: Draws = field(default_factory=Draws)
    officers: OfficerKeys = field(default_factory=OfficerKeys)
    last: str = ""
    size: int = 0

    def read(self, index: int, members: Members) -> Iterator[Sentence]:
        """What is wrong with an entry after all those before it."""
        yield from self._time(index, members)
        yield from self._previous(index, members)
        yield from self._signatures(index, members)
        kind = str(members.get("type"))
        if kind in ACTS:
            yield from self._act(index, kind, members)
        elif kind == "objection_received":
            yield from self._received(index, members)
        elif kind in ("objection_redated", "objection_ended"):
            yield from self._about_objection(index, kind, members)
        elif kind == "calendar_update":
            yield from self._calendar(index, members)
        elif kind in ("draw_commit", "draw_result"):
            yield from self.draws.read(index, kind, members)
        elif kind == "key_rotate" and members.get("purpose") == "log":
            self.rotations.append(Rotation(index, str(members.get("key")), str(members.get("ends", ""))))
        elif kind not in TYPES:
            yield say("第{index}条存证的类型{type}不认识。请用新版程序核验。", index=index, type=kind)

    # ── every entry ──────────────────────────────────────────

    def _time(self, index: int, members: Members) -> Iterator[Sentence]:
        said = str(members.get("time"))
        if not _MOMENT.fullmatch(said):
            yield say("第{index}条存证没有写明时间。", index=index)
        elif said < self.last:
            yield say("第{index}条存证的时间{time}早于上一条。", index=index, time=said)
        else:
            self.last = said

    def _previous(self, index: int, members: Members) -> Iterator[Sentence]:
        number = members.get("number")
        standing = self.numbers.get(number) if isinstance(number, str) else None
        if members.get("previous") != (standing.newest if standing else None):
            yield say(
                "第{index}条存证没有指向{number}的上一条：中间少了、多了或者换了一条。",
                index=index,
                number=number or "—",
            )
        if standing:
            standing.newest = index
        elif isinstance(number, str):
            self.numbers[number] = Standing(index)

    def _signatures(self, index: int, members: Members) -> Iterator[Sentence]:
        for problem in problems_of(members, self.officers):
            yield say("第{index}条存证的签名不成立：{problem}", index=index, problem=problem)
        self.officers = self.officers.after(members)

    # ── acts on a record ─────────────────────────────────────

    def _act(self, index: int, kind: str, members: Members) -> Iterator[Sentence]:
        number = members.get("number")
        standing = self.numbers.get(number) if isinstance(number, str) else None
        if standing is None:
            yield say("第{index}条存证没有写明是哪个编号的公示。", index=index)
            return
        if (kind == "publish") != (not standing.versions):
            yield say("第{index}条存证：{number}应当以公示开始，而且只公示一次。", index=index, number=number)
        record = _record(members)
        if kind in VERSIONS:
            standing.versions += (Version(index, record),)
            if not record:
                yield say("第{index}条存证没有写明公示数据的哈希值。", index=index)
        elif kind == "restore" and [each.record for each in standing.versions[-1:]] != [record]:
            yield say("第{index}条存证恢复的不是停止公示时的版本。", index=index)
        if members.get("version") != len(standing.versions):
            yield say(
                "第{index}条存证写的是{number}第{said}版，按顺序应为第{expected}版。",
                index=index, number=number, said=members.get("version"), expected=len(standing.versions),
            )  # fmt: skip
        standing.act = index
        standing.face = _face_after(kind, members, standing.face)

    # ── objections ───────────────────────────────────────────

    def _received(self, index: int, members: Members) -> Iterator[Sentence]:
        due = str(members.get("due"))
        if not is_day(due):
            yield say("第{index}条存证收到异议，但没有写明最迟复查日期。", index=index)
        self.cases[index] = Case(members.get("number"), due, bool(members.get("provisional")))

    def _about_objection(self, index: int, kind: str, members: Members) -> Iterator[Sentence]:
        received = members.get("received")
        case = self.cases.get(received) if isinstance(received, int) else None
        if case is None or case.number != members.get("number"):
            yield say("第{index}条存证说的异议，在它之前没有收到过。", index=index)
        elif kind == "objection_redated":
            if members.get("term") == "recheck":
                case.due, case.provisional = str(members.get("due")), bool(members.get("provisional"))
        elif case.ended:
            yield say("第{index}条存证又一次办结第{received}条的异议。", index=index, received=received)
        else:
            case.ended = True

    def _calendar(self, index: int, members: Members) -> Iterator[Sentence]:
        replaces = members.get("replaces")
        known = self.calendars.get(replaces) if isinstance(replaces, int) else None
        if replaces is not None and known != members.get("year"):
            yield say("第{index}条存证所替换的日历，第{replaces}条并不是。", index=index, replaces=replaces)
        self.calendars[index] = members.get("year")


def _face_after(kind: str, members: Members, before: str) -> str:
    if (
        kind == "erase" and members.get("scope") == "part"
    ):  # earlier versions only: the present one stays as it is
        return before
    return HIDDEN.get(kind, "live")


def _record(members: Members) -> bytes:
    text = members.get("record")
    return bytes.fromhex(text) if isinstance(text, str) and _HEX.fullmatch(text) else b""


def is_day(text: str) -> bool:
    """Whether a text is a date such as 2026-12-14."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
