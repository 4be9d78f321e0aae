"""更正与撤下, and the ledger itself, line by line."""

from collections.abc import Collection
from typing import Any

from flask import render_template, request

from portal.errors import Refused
from portal.ledger import sealing
from portal.ledger.entry import read_entry
from portal.publications import facing, queries
from portal.web.public.paging import asked_page, paging
from portal.web.public.room import follows_ledger, public, reading, settings
from portal.web.typed import whole_number
from portal.words import say


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


def _page_of_line(total: int) -> int | None:
    """The page where an asked line stands now; pages move on as the log grows, lines do not."""
    text = request.args.get("line", "")
    if not text or total == 0:
        return None
    line = whole_number(text)
    if line is None or not 0 <= line < total:
        raise Refused(say("公示存证里没有第“{text}”号，请从最新一行开始看。", text=text[:20]))
    return (total - 1 - line) // settings().page_size + 1


def _log(template: str, types: Collection[str], **more: Any) -> str:
    session = reading()
    head = queries.head(session)
    total = sum(queries.count_entries(session, types).values()) if types else head.size if head else 0
    pages = paging(_page_of_line(total) or asked_page(), settings().page_size, total)
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
