"""The named values: the only public bytes that may differ between two worlds (docs/decisions/0027).

They are found where they stand in the ledger and in ``record.json``, and replaced by the name of their place.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from portal.ledger.commitments import digest, field_disclosure
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry, LedgerHead
from portal.ledger.tiles import unpack_entries
from portal.publications.models import LockedList, Release

A_RUN = re.compile(rb"[A-Za-z0-9_-]{22,}")
COMMITMENTS = re.compile(rb'(\\?"commitments\\?":\[)([^\]]*)')
ONE_TIME = ("csrf_token", "key")  # hidden fields that are random for every visitor
COOKIE = re.compile(r"(?<=^portal_objection=)[^;]*|(?<=^portal_staff=)[^;]*|(?<=Expires=)[^;]*")

Names = Mapping[bytes, bytes]


def names(session: Session, *, with_salts: bool = False) -> Names:
    """Each named digest of a world with the name of its place.

    :param with_salts: where worlds were not given the same keys in the same order, every salt and every
        digest made with one is named too.
    """
    named = [*_named(session), *(_salted(session) if with_salts else ())]
    return {each.encode(): f"‹{name}›".encode() for each, name in named}


def _salted(session: Session) -> Iterator[tuple[str, str]]:
    for release in session.scalars(sa.select(Release)):
        record, place = json.loads(release.body or "{}"), f"{release.number} {release.version}"
        yield from ((salt, f"salt {place} {name}") for name, salt in record.get("salts", {}).items())
        for name, table in record.get("rows", {}).items():
            yield table["salt"], f"salt {place} {name}"
            yield from ((row["salt"], f"salt {place} {name} {at}") for at, row in enumerate(table["rows"]))
    for locked in session.scalars(sa.select(LockedList).where(LockedList.salt.is_not(None))):
        yield str(locked.salt), f"salt of list {locked.entry_index}"
    for entry in session.scalars(sa.select(Entry)):
        for each in read_entry(entry.body)["commitments"]:
            yield each, f"commitment {entry.index}"


def _named(session: Session) -> Iterator[tuple[str, str]]:
    for release in session.scalars(sa.select(Release)):
        place = f"{release.number} {release.version}"
        yield release.record_hash, f"record {place}"
        yield from ((each, f"withheld {place}") for each in _withheld(release.body))
    opened = {(each.number, each.version): _opened(each.body) for each in session.scalars(sa.select(Release))}
    for entry in session.scalars(sa.select(Entry)):
        yield entry.leaf_hash.hex(), f"line {entry.index}"
        members = read_entry(entry.body)
        if entry.type == "draw_result" and "list" in members:  # of a list that is perhaps not shown
            yield members["list"], f"list {entry.index}"
        committed = {*members["commitments"]}
        # all but the fields that record.json opens: of tables with internal columns, of what was filed or is off
        closed = committed - opened.get((entry.number or "", entry.version or 0), set())
        yield from ((each, f"commitment {entry.index}") for each in closed)
    for head in session.scalars(sa.select(LedgerHead)):
        yield head.root, "root"


def _opened(body: str | None) -> set[str]:
    """The digests that whoever reads ``record.json`` can make: of its plain fields."""
    record = json.loads(body) if body else {}
    fields = record.get("fields", {})
    return {
        digest(field_disclosure(salt, name, fields[name])) for name, salt in record.get("salts", {}).items()
    }


def _withheld(body: str | None) -> Iterator[str]:
    """The digests of a record's internal fields, of what stood under its marks, and of its rows' internal columns."""
    record = json.loads(body) if body else {}
    yield from record.get("withheld", ())
    for table in record.get("rows", {}).values():
        for row in table["rows"]:
            yield from row["sd"]


def without_names(data: bytes, named: Names) -> bytes:
    """The bytes with each named digest replaced; a run of letters that is none of them stays.

    An entry's commitments stand in the order of the digests; they are put into that of the names.
    """
    data = A_RUN.sub(lambda run: named.get(run[0], run[0]), data)
    return COMMITMENTS.sub(lambda found: found[1] + b",".join(sorted(found[2].split(b","))), data)


def without_tree(body: bytes, content_type: str) -> bytes:
    """What the log's programs read without what follows from the entries: hashes of the tree, signatures.

    The entries themselves stay: in bundles, and within a proof.
    """
    if content_type == "application/octet-stream" and not _is_bundle(body):
        return re.sub(rb"(?s).{32}", b"\xe2\x80\xb9hash\xe2\x80\xba", body)
    if b"\n\xe2\x80\x94 " not in body:
        return body
    body = re.sub(rb"(?m)^extra (.*)$", lambda found: b"extra " + b64decode(found[1]), body)
    body = re.sub(rb"(?m)^[A-Za-z0-9+/]{43}=$", "‹hash›".encode(), body)
    return re.sub(rb"(?m)^(\xe2\x80\x94 \S+ ).*$", rb"\1", body)


def _is_bundle(body: bytes) -> bool:
    try:
        return all(each.startswith(b"{") for each in unpack_entries(body))
    except ValueError:
        return False


def without_one_time(body: bytes) -> bytes:
    """A page without what is random for every visitor: the forms' tokens and keys."""
    if b'name="csrf_token"' not in body and b'name="key"' not in body:
        return body
    page = BeautifulSoup(body, "html.parser")
    for name in ONE_TIME:
        for given in {str(each.get("value")) for each in page.select(f"input[type=hidden][name={name}]")} - {
            ""
        }:
            body = body.replace(given.encode(), f"‹{name}›".encode())
    return body


def without_cookie(header: str) -> str:
    """A header without what a cookie holds and how long it holds."""
    return COOKIE.sub("‹cookie›", header)
