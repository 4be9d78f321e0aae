"""Salted commitments to the fields of a record: disclosures of RFC 9901 (SD-JWT), made and checked. Pure.

An entry holds no content, only digests. Who is given ``[salt, name, value]`` can work out its digest and see
that it stood in the entry; who has the digest alone can not guess the value, because the salt is random.

Every record of one kind gives the **same number of digests**, whatever it holds:

* one for each field of the kind's fixed list, released or not, absent as null;
* one called ``#original``, whose value is again a list of digests, ``{"_sd": […]}``: the words under every
  mark (依法隐去). It is there, over an empty list, when nothing is masked. Two digests per field would have
  done as well, but would not leave room for signatures within an entry's 4 KiB.

A table (抽查事项及结果, 抽取名单) is one digest over its rows, and each row one digest over its own released
fields, plain, and the digests of its withheld ones; so one row can be shown and proven alone.

The salts come from one random key per version and the path of what they salt. When the key is destroyed
and the released salts with it, the digests say nothing any more and the log stays whole.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.ledger.canonical import canonical
from portal.words import Sentence, say

ORIGINAL = "#original"
HIDDEN = "_sd"  # RFC 9901: digests of what an object does not show
PLACEHOLDER = "..."  # RFC 9901: the digest that stands for a list's element

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SALT = re.compile(r"[A-Za-z0-9_-]{22,}")  # 128 bits or more

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Commitments:
    """What a version commits to.

    :param digests: all, sorted: they go into the entry.
    :param salts: of the released fields that are no tables; they go into ``record.json``.
    :param rows: of the released tables, ``{name: {"salt", "rows": [{"salt", "sd"}]}}``; into ``record.json``.
    :param withheld: the digests of what ``record.json`` does not show, sorted; into ``record.json``.
    """

    digests: list[str]
    salts: dict[str, str]
    rows: dict[str, dict[str, Any]]
    withheld: list[str]


def new_key() -> bytes:
    """A key for the salts of one version; internal for good, destroyed by an erasure."""
    return secrets.token_bytes(32)


def salt(key: bytes, path: str) -> str:
    """The salt (128 bit, base64url) of what stands at a path, as ``phone`` or ``items/0/problem``."""
    return _base64url(hmac.digest(key, path.encode(), "sha256")[:16])


def field_disclosure(salt: str, name: str, value: object) -> str:
    """A named value with its salt, as RFC 9901 encodes it; the JSON inside is canonical (RFC 8785)."""
    return _base64url(canonical([salt, name, value]))


def element_disclosure(salt: str, value: object) -> str:
    """An element of a list with its salt, as RFC 9901 encodes it."""
    return _base64url(canonical([salt, value]))


def digest(disclosure: str) -> str:
    """What commits to a disclosure: 43 letters of base64url."""
    return _base64url(hashlib.sha256(disclosure.encode("ascii")).digest())


def commit_record(
    key: bytes,
    names: Sequence[str],
    content: Mapping[str, Any],
    released: Mapping[str, Any],
    tables: Mapping[str, Sequence[str]],
) -> Commitments:
    """Commit to one version of a record.

    :param key: from :func:`new_key`, new for each version.
    :param names: the kind's fixed field list, public and internal.
    :param content: the internal content, before any masking.
    :param released: ``fields`` of ``record.json``: masked, null when empty. A name of the fixed list that is
        missing here is withheld; a value that differs from the content was masked.
    :param tables: for each table of the kind the names of its internal row fields, often none.
    :raises ValueError: when a name is not plain, a released field is not in the fixed list, or the released
        rows are not the content's rows one for one.
    """
    _refuse_names(names, released, tables)
    shown = {name: hidden for name, hidden in tables.items() if isinstance(released.get(name), list)}
    for name in shown:
        _refuse_rows(name, released[name], content.get(name))
    rows = {name: _salted_rows(key, name, content[name], hidden) for name, hidden in shown.items()}
    salts = {name: salt(key, name) for name in released if name not in rows}
    withheld = [
        _withheld(key, name, content.get(name), tables.get(name)) for name in names if name not in released
    ]
    withheld.append(digest(original_disclosure(key, masked_originals(content, released, shown))))
    opened = [_field_digest(name, value, salts, rows) for name, value in released.items()]
    return Commitments(sorted(opened + withheld), salts, rows, sorted(withheld))


def masked_originals(
    content: Mapping[str, Any], released: Mapping[str, Any], tables: Collection[str]
) -> dict[str, Any]:
    """The words under the marks: for each path whose released value differs, the value it had before."""
    found: dict[str, Any] = {}
    for name, value in released.items():
        if name not in tables:
            found |= _changed("", {name: value}, content)
            continue
        for position, (row, before) in enumerate(zip(value, content[name], strict=True)):
            found |= _changed(f"{name}/{position}/", row, before)
    return found


def original_disclosure(key: bytes, originals: Mapping[str, Any]) -> str:
    """The one disclosure over all words under marks; each of them can then be shown and proven alone."""
    inner = [
        digest(field_disclosure(salt(key, f"{ORIGINAL}/{path}"), path, value))
        for path, value in originals.items()
    ]
    return field_disclosure(salt(key, ORIGINAL), ORIGINAL, {HIDDEN: sorted(inner)})


def verify_record(record: Mapping[str, Any], commitments: Sequence[str]) -> list[Sentence]:
    """Why a ``record.json`` is not what an entry's commitments cover; empty means that all of it is.

    Every released field and row must be covered, and no commitment may be left that the record neither shows
    nor lists as withheld. A row may be shown by its digest alone, ``{"...": digest}``, null in the fields.
    """
    try:
        fields, withheld = dict(record["fields"]), list(record["withheld"])
        found = {
            name: _digest_or_none(name, fields[name], record["salts"], record["rows"]) for name in fields
        }
        problems = [_not_covered(name, found[name]) for name in fields if found[name] not in commitments]
        return problems + _left_over({*found.values()}, withheld, list(commitments))
    except (KeyError, TypeError, AttributeError):
        return [say("这份记录不是完整的 record.json，无法核对。请重新下载后再试。")]


def _refuse_names(
    names: Sequence[str], released: Mapping[str, Any], tables: Mapping[str, Sequence[str]]
) -> None:
    for name in [*names, *(each for hidden in tables.values() for each in hidden)]:
        if not _NAME.fullmatch(name):
            raise ValueError(f"a committed field needs a plain name, not {name!r}")
    if len(set(names)) != len(names):
        raise ValueError("the fixed field list names a field twice")
    if unknown := {*released, *tables} - {*names}:
        raise ValueError(f"not in the fixed field list: {', '.join(sorted(unknown))}")


def _refuse_rows(name: str, released: Sequence[Row], rows: object) -> None:
    if not isinstance(rows, list) or len(rows) != len(released):
        raise ValueError(f"the released rows of {name!r} are not the content's rows one for one")
    if any(HIDDEN in row or PLACEHOLDER in row for row in released):
        raise ValueError(f"a row of {name!r} has a field with a name that RFC 9901 keeps for itself")


def _changed(prefix: str, released: Row, before: Row) -> dict[str, Any]:
    return {prefix + name: before.get(name) for name, value in released.items() if before.get(name) != value}


def _salted_rows(key: bytes, name: str, rows: Sequence[Row], hidden: Sequence[str]) -> dict[str, Any]:
    """The salts of a table and its rows, and for each row the digests of its internal fields."""
    return {
        "salt": salt(key, name),
        "rows": [
            {"salt": salt(key, f"{name}/{at}"), "sd": _row_digests(key, f"{name}/{at}", row, hidden)}
            for at, row in enumerate(rows)
        ],
    }


def _row_digests(key: bytes, path: str, row: Row, hidden: Sequence[str]) -> list[str]:
    return sorted(
        digest(field_disclosure(salt(key, f"{path}/{name}"), name, row.get(name))) for name in hidden
    )


def _withheld(key: bytes, name: str, value: Any, hidden: Sequence[str] | None) -> str:
    """The digest of a field that is not released; a withheld table still has its rows one by one."""
    if hidden is None or not isinstance(value, list):
        return digest(field_disclosure(salt(key, name), name, value))
    plain = [{each: row[each] for each in row if each not in hidden} for row in value]
    return _field_digest(name, plain, {}, {name: _salted_rows(key, name, value, hidden)})


def _field_digest(name: str, value: Any, salts: Mapping[str, str], rows: Mapping[str, Any]) -> str:
    """The digest of a released field, from what ``record.json`` says of it and nothing else."""
    if name not in rows:
        return digest(field_disclosure(_salt_of(salts[name]), name, value))
    table = rows[name]
    elements = [{PLACEHOLDER: _row_digest(row, kept)} for row, kept in zip(value, table["rows"], strict=True)]
    return digest(field_disclosure(_salt_of(table["salt"]), name, elements))


def _row_digest(row: Row | None, kept: Mapping[str, Any]) -> str:
    if row is None:
        return str(kept[PLACEHOLDER])
    return digest(element_disclosure(_salt_of(kept["salt"]), {**row, HIDDEN: kept["sd"]}))


def _salt_of(text: str) -> str:
    if not _SALT.fullmatch(text):
        raise ValueError("a salt has fewer than 128 bits")
    return text


def _digest_or_none(name: str, value: Any, salts: Mapping[str, str], rows: Mapping[str, Any]) -> str | None:
    try:
        return _field_digest(name, value, salts, rows)
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _not_covered(name: str, found: str | None) -> Sentence:
    if found is None:
        return say("“{field}”的盐值缺失或不合格式，无法核对。请重新下载完整的 record.json。", field=name)
    return say("“{field}”与存证不符：内容或盐值被改动过。请以公示网站上的记录为准重新核对。", field=name)


def _left_over(found: set[str | None], withheld: list[str], commitments: list[str]) -> list[Sentence]:
    problems = []
    if len({*commitments}) != len(commitments) or len({*withheld}) != len(withheld):
        problems.append(say("存证或不公开清单中有重复的承诺，这份记录不可信。请联系公示机关核实。"))
    if stray := {*withheld} - {*commitments} | {*withheld} & found:
        problems.append(say("不公开清单中有 {count} 项与存证不符。请重新下载后再核对。", count=len(stray)))
    if missing := {*commitments} - {*withheld} - found:
        problems.append(
            say(
                "存证中有 {count} 项承诺，记录既没有公开，也没有列为不公开。请联系公示机关核实。",
                count=len(missing),
            )
        )
    return problems


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
