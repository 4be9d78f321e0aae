"""``/api/v1/changes`` and ``/api/v1/corrections``: what happened, from the ledger."""

from flask import request

from portal.clock import stamp
from portal.exports.changes import changes
from portal.ledger.models import Entry
from portal.publications import facing, queries
from portal.publications.models import Face
from portal.web.describing import Body, Endpoint, Param, describes
from portal.web.public import api_shapes as shapes
from portal.web.public.api_records import LIMIT
from portal.web.public.room import follows_ledger, public, reading
from portal.web.rendering import here
from portal.words import say

FARTHEST = 999_999_999
ACTS = ("correct", "withdraw", "hold", "restore", "expire", "erase")


@public.get("/api/v1/changes")
@follows_ledger
@describes(
    Endpoint(
        "changes",
        say("从某一号存证之后的变化"),
        shapes.CHANGES,
        say(
            "让别处的副本跟上本站：从after=-1开始，把每一条publication存下，state不是live的删掉，"
            "然后存下after，下次从那里接着读。读到changes为空就与本站一致。"
            "给的是这条公示现在的样子，所以重复应用、中断后重来都不会出错。"
        ),
        params=(
            Param(
                "after",
                say("上次读到的存证序号；-1从头读。"),
                {"type": "integer", "minimum": -1, "maximum": FARTHEST, "default": -1},
                -1,
            ),
            LIMIT,
        ),
        problems=(409,),
        shown="after=-1&limit=2",
    )
)
def api_changes() -> Body:
    """The public acts on publications after a ledger line, each with the publication as it stands now."""
    after, limit = int(request.args.get("after", "-1")), int(request.args.get("limit", "20"))
    found = changes(reading(), after, limit)
    return {
        "head": found.head,
        "after": found.after,
        "next": None if found.is_current else here(after=found.after),
        "changes": found.changes,
    }


@public.get("/api/v1/corrections")
@follows_ledger
@describes(
    Endpoint(
        "changes",
        say("更正、撤下、暂停、恢复、期满和删除的记录"),
        shapes.ACTS,
        params=(
            Param("act", say("只要其中一种。"), {"type": "string", "enum": list(ACTS)}, "correct"),
            Param(
                "cursor",
                say("续读位置：原样用上一页next里的，不要自己写。"),
                {"type": "integer", "minimum": 0, "maximum": FARTHEST},
                57,
            ),
            LIMIT,
        ),
        shown="act=correct&limit=2",
    )
)
def api_corrections() -> Body:
    """What the office took back or changed, newest first."""
    session, limit = reading(), int(request.args.get("limit", "20"))
    types = [request.args["act"]] if "act" in request.args else ACTS
    before = int(request.args["cursor"]) if "cursor" in request.args else None
    lines = queries.ledger(session, types=types, before=before, limit=limit + 1)
    faces = queries.faces(session, {each.number for each in lines if each.number})
    return {
        "total": sum(queries.count_entries(session, types).values()),
        "next": here(cursor=lines[limit - 1].index) if len(lines) > limit else None,
        "acts": [_act(each, faces.get(each.number or "")) for each in lines[:limit]],
    }


def _act(entry: Entry, face: Face | None) -> Body:
    return {
        "entry": entry.index,
        "act": entry.type,
        "at": stamp(entry.at),
        "number": entry.number,
        "version": entry.version,
        "department_code": entry.department_code,
        "reason": facing.reason_of(entry, face) or None,
    }
