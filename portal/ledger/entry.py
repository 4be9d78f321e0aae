"""The bytes of one ledger line: fixed for good, so that every line ever written can be checked. Pure.

No content, no free text, no personal data: what is published must be taken down again when its term ends
or when it was wrong, and nothing can be taken out of a log. Words enter as hashes only.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal import clock

FORMAT = 1
MOST_BYTES = 4096

TYPES = frozenset(
    {
        "publish",
        "adjust",
        "correct",
        "withdraw",
        "hold",
        "restore",
        "expire",
        "erase",
        "objection_received",
        "objection_redated",
        "objection_ended",
        "calendar_update",
        "key_rotate",
        "signatures_required",
        "draw_commit",
        "draw_result",
    }
)

# what a statement says, out of an entry's members: see stated()
STATED = ("v", "type", "number", "version", "commitments", "record", "basis", "reason")

_WORD = re.compile(r"[A-Za-z0-9._:@/+=-]{1,128}")  # a code, a number, a date, a hash: never a sentence
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")
_HEX = re.compile(r"[0-9a-f]{64}")
_SAFE = 2**53 - 1  # integers beyond are not the same in every JSON reader (RFC 8785, 3.2.2.3)


@dataclass(frozen=True)
class EntryDraft:
    """An act as it will stand in the ledger, before the ledger gave it an index and a time.

    :param record: SHA-256 of ``record.json``, hex.
    :param basis: the code of the rule that the act rests on, such as ``O2``; never a sentence.
    :param reason: the public words; the entry's bytes hold their SHA-256.
    :param extra: further members of the entry, such as ``{"due": "2026-12-14"}``: codes, dates, hashes, numbers.
    :param department_code: kept beside the bytes, for lists; not hashed.
    :raises ValueError: when anything here could not stand in a ledger line.
    """

    type: str
    number: str | None = None
    version: int | None = None
    commitments: tuple[str, ...] = ()
    record: str | None = None
    basis: str = ""
    reason: str = ""
    signatures: tuple[Mapping[str, str], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    department_code: str = ""

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(f"the ledger knows no act {self.type!r}")
        if not all(map(_DIGEST.fullmatch, self.commitments)):
            raise ValueError("a commitment is not a SHA-256 in base64url")
        if self.record is not None and not _HEX.fullmatch(self.record):
            raise ValueError("a record's hash is not a SHA-256 in hex")
        if taken := {*self.extra} & {*_members(self), "previous", "signatures", "time"}:
            raise ValueError(f"an entry has these members already: {', '.join(sorted(taken))}")
        plain = [self.number, self.version, self.basis or None, *map(dict, self.signatures), dict(self.extra)]
        if not _is_plain(plain):
            raise ValueError("an entry holds codes, numbers, dates and hashes, never words")


def entry_bytes(draft: EntryDraft, previous: int | None, at: datetime) -> bytes:
    """The canonical bytes (RFC 8785) of an entry.

    :param previous: the index of the newest entry that concerns the same number.
    :raises ValueError: when they are more than 4,096.
    """
    body = _canonical(
        {
            **_members(draft),
            **draft.extra,
            "previous": previous,
            "signatures": [*map(dict, draft.signatures)],
            "time": clock.stamp(at),
        }
    )
    if len(body) > MOST_BYTES:
        raise ValueError(f"an entry has at most {MOST_BYTES} bytes, this one has {len(body)}")
    return body


def statement(draft: EntryDraft) -> bytes:
    """The canonical bytes (RFC 8785) that officers sign: what the act says, without time and index.

    They can be made before the act is carried out, and again from the entry: :func:`stated`.
    """
    return stated(_members(draft))


def stated(members: Mapping[str, Any]) -> bytes:
    """The statement inside an entry, for whoever has no more than the entry's bytes.

    Read the bytes as JSON, keep ``v``, ``type``, ``number``, ``version``, ``commitments``, ``record``, ``basis``
    and ``reason``, drop everything else (``previous``, ``signatures``, ``time`` and what an act adds), and write
    the rest as RFC 8785 says: members sorted by name, no blanks. An Ed25519 signature is over these bytes.

    :raises KeyError: when a member is missing.
    """
    return _canonical({name: members[name] for name in STATED})


def is_word(text: object) -> bool:
    """Whether a text is a code, a number, a date or a hash as an entry may hold it."""
    return isinstance(text, str) and _WORD.fullmatch(text) is not None


def reason_hash(reason: str) -> str | None:
    """SHA-256 of the public reason's UTF-8, hex; no reason has no hash."""
    return hashlib.sha256(reason.encode()).hexdigest() if reason else None


def read_entry(body: bytes) -> dict[str, Any]:
    """The members of an entry.

    :raises ValueError: when the bytes are not those of :func:`entry_bytes`.
    """
    members = json.loads(body)
    if not isinstance(members, dict) or members.get("v") != FORMAT:
        raise ValueError(f"this is no entry of format {FORMAT}")
    if not _is_plain(members) or _canonical(members) != body or len(body) > MOST_BYTES:
        raise ValueError("these are not an entry's canonical bytes")
    return members


def _members(draft: EntryDraft) -> dict[str, Any]:
    return {
        "v": FORMAT,
        "type": draft.type,
        "number": draft.number,
        "version": draft.version,
        "commitments": sorted(draft.commitments),
        "record": draft.record,
        "basis": draft.basis or None,
        "reason": reason_hash(draft.reason),
    }


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return _WORD.fullmatch(value) is not None
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(_KEY.fullmatch(key) and _is_plain(each) for key, each in value.items())
    return value is None or isinstance(value, int) and abs(value) <= _SAFE


def _canonical(members: dict[str, Any]) -> bytes:
    # For what _is_plain lets in (ASCII, no floats, safe integers) the standard library's writer and RFC 8785
    # agree to the byte, and it is five times as fast: these lines run while everybody waits for the head.
    return json.dumps(members, sort_keys=True, separators=(",", ":")).encode("ascii")
