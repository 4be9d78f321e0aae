"""``GET /search/suggestions``: released names while somebody types, for the search boxes and for anybody."""

from flask import Response, json, request
from flask_babel import gettext as _

from portal.search.suggesting import Suggestion, suggest
from portal.web.public.room import public, reading
from portal.web.public.search import folder, follows_index


@public.get("/search/suggestions")
@follows_index
def suggestions() -> Response:
    """At most eight; each with what to search for, the name, and what it is in the reader's words."""
    typed = request.args.get("q", "")
    found = [_told(each) for each in suggest(reading(), folder(), typed)]
    body = json.dumps({"suggestions": found}, ensure_ascii=False, sort_keys=False)
    return Response(body + "\n", content_type="application/json")


def _told(each: Suggestion) -> dict[str, str]:
    of = {
        "result": _("检查对象"), "task": _("任务公告"), "plan": _("年度计划"), "list": _("事项清单"),
        "department": _("部门"),
    }  # fmt: skip
    return {"q": each.text, "name": each.name, "kind": each.of, "label": of[each.of]}
