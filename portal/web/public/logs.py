"""更正与撤下, and the ledger itself, line by line."""

from collections.abc import Collection
from typing import Any

from flask import render_template

from portal.ledger import sealing
from portal.ledger.entry import read_entry
from portal.publications import facing, queries
from portal.web.public.paging import asked_page, paging
from portal.web.public.room import follows_ledger, public, reading, settings


@public.get("/corrections/")
@follows_ledger
def corrections() -> str:
    """Every correction, with its reason and the office that signed."""
    return _log("public/corrections.html", ["correct"])


@public.get("/withdrawals/")
@follows_ledger
def withdrawals() -> str:
    """Everything taken down for good or for a time, and what came back."""
    return _log("public/withdrawals.html", ["withdraw", "hold", "restore", "expire", "erase"])


@public.get("/log/")
@follows_ledger
def log() -> str:
    """公示存证: the newest lines, what they mean, and how to check them."""
    session = reading()
    return _log("public/log.html", [], signed=sealing.newest(session), keys=sealing.keys(session))


def _log(template: str, types: Collection[str], **more: Any) -> str:
    session = reading()
    head = queries.head(session)
    total = sum(queries.count_entries(session, types).values()) if types else head.size if head else 0
    pages = paging(asked_page(), settings().page_size, total)
    entries = queries.ledger(session, types=types, limit=pages.size, offset=pages.offset)
    faces = queries.faces(session, {entry.number for entry in entries if entry.number})
    members = {entry.index: read_entry(entry.body) for entry in entries}
    return render_template(
        template,
        entries=entries,
        faces=faces,
        paging=pages,
        head=head,
        members=members,
        reason_of=facing.reason_of,
        rechecked={index for index, given in members.items() if "objection" in given},
        **more,
    )
