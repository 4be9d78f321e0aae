"""``/api/v1/publications`` and ``/api/v1/entities``: what the site finds and shows, as data."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, abort, request

from portal.clock import stamp
from portal.exports.resource import path, resource, resources
from portal.ledger.models import Entry
from portal.publications import facing, queries
from portal.publications.kinds import KINDS
from portal.publications.models import Face, Release
from portal.search.engine import SORTS
from portal.search.walking import CURSOR, walk
from portal.web.describing import Body, Endpoint, Param, describes
from portal.web.problems import problem
from portal.web.public import api_shapes as shapes
from portal.web.public.record import GONE
from portal.web.public.room import follows_ledger, public, reading, words
from portal.web.public.search import NOT, asked, folder, follows_index
from portal.web.rendering import here, permalink
from portal.words import say

MOST = 100
TEXT = {"type": "string", "minLength": 1}
DAY = {"type": "string", "format": "date"}


def newest_number() -> str:
    """A number that can be asked for: the newest live result's."""
    found = queries.newest(reading(), limit=1, kinds=["result"], live_only=True)
    return found[0].number if found else "JG-2026-000001"


def newest_code() -> str:
    """An entity that can be asked for."""
    found = queries.newest(reading(), limit=20, kinds=["result"], live_only=True)
    return next((face.entity_code for face in found if face.entity_code), "91339900MA00000000")


def _codes(table: str) -> list[str]:
    return sorted({value.code for value in words().known(table)})


LIMIT = Param(
    "limit", say("一页最多多少条。"),
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": 20}, 20,
)  # fmt: skip
NUMBER = Param("number", say("公示编号。"), TEXT, newest_number, where="path", required=True)
KIND = Param("kind", say("公示类别。"), TEXT | {"enum": list(KINDS)}, "result")
DEPARTMENT = Param(
    "department", say("公示部门的代码。"), TEXT, "scjg", known=lambda: sorted(words().departments),
    see="/api/v1/departments",
)  # fmt: skip
YEAR = Param("year", say("公示年份。"), {"type": "string", "pattern": "^[0-9]{4}$"}, "2026")
OUTCOME = Param(
    "outcome",
    say("检查结果的代码。"),
    TEXT,
    "5",
    known=lambda: _codes("outcome"),
    see="/api/v1/codes/outcome",
)
REGION = Param(
    "region", say("行政区划代码。"), TEXT, "330100", exists=lambda code: words().region(code) is not None,
    see="/api/v1/codes/region",
)  # fmt: skip
FILTERS = (
    Param(
        "q", say("查找的文字，用空格分开的词都要有；词前加“-”的不要有；也可以是编号或者信用代码。"),
        {"type": "string", "maxLength": 200}, "食品",
    ),
    KIND, DEPARTMENT, YEAR, OUTCOME, REGION,
    Param("state", say("公示状态：live公示中，corrected更正过。"), TEXT | {"enum": ["live", "corrected"]}, "corrected"),
    Param(
        "entity", say("统一社会信用代码、注册号或者自编号。"),
        {"type": "string", "minLength": 1, "maxLength": 40}, "9133990075TNM5LB3J",
    ),
    Param("from", say("检查、抽取或者生效之日不早于这一天。"), DAY, "2026-01-01"),
    Param("to", say("检查、抽取或者生效之日不晚于这一天。"), DAY, "2026-12-31"),
    Param("published_from", say("首次公示之日不早于这一天。"), DAY, "2026-01-01"),
    Param("published_to", say("首次公示之日不晚于这一天。"), DAY, "2026-12-31"),
    *(
        replace(each, name=NOT + each.name, says=say("排除：{what}", what=each.says))
        for each in (KIND, DEPARTMENT, OUTCOME, REGION, YEAR)
    ),
)  # fmt: skip
ORDER = (
    Param(
        "sort", say("次序：published新公示的在前，inspected新检查的在前，relevance最相关的在前。"),
        {"type": "string", "enum": list(SORTS), "default": "published"}, "published",
    ),
    Param("cursor", say("续读位置：原样用上一页next里的，不要自己写。"), {"type": "string", "pattern": CURSOR}, "p.2026-11-20.JG-2026-000001"),
    LIMIT,
)  # fmt: skip


@public.get("/api/v1/publications")
@follows_index
@describes(
    Endpoint(
        "records",
        say("查找公示"),
        shapes.PAGE,
        say(
            "条件与本站的查找相同，条件之间是“并且”。不带q时按数据库回答，带q时按检索索引回答。"
            "按公示次序翻页时，期间新公示和撤下的都不会造成重复或者遗漏。"
        ),
        params=(*FILTERS, *ORDER),
        problems=(409, 503),
        shown="kind=result&limit=2",
    )
)
def api_publications() -> Body:
    """What a search finds, a stretch at a time."""
    limit = int(request.args.get("limit", "20"))
    query = replace(asked(1, limit), sort=request.args.get("sort", "published"))
    found = walk(reading(), folder(), query, request.args.get("cursor", ""), limit)
    live = (each for each in resources(reading(), found.numbers) if each["state"] == "live")
    return {
        "total": found.total,
        "next": here(cursor=found.cursor) if found.cursor else None,
        "publications": list(live),
    }


@public.get("/api/v1/publications/<number>")
@follows_ledger
@describes(
    Endpoint(
        "records",
        say("一条公示"),
        shapes.PUBLICATION,
        say("现在的样子。撤下、期满和删除的回答410，暂停的回答451，附上留下的编号、日期和理由。"),
        params=(NUMBER,),
        problems=(404, 410, 451),
    )
)
def api_publication(number: str) -> Body | Response:
    """One publication as it stands now."""
    face = existing(number)
    found = resource(reading(), face)
    if found["state"] != "live":
        return problem(GONE[found["state"]], publication=found)
    return found


def existing(number: str) -> Face:
    """The face of a number, or 404."""
    return queries.face(reading(), number) or abort(404)


@public.get("/api/v1/publications/<number>/versions")
@follows_ledger
@describes(
    Endpoint(
        "records", say("一条公示的各版"), shapes.VERSIONS, params=(NUMBER,), problems=(404, 410, 451)
    )
)  # fmt: skip
def api_versions(number: str) -> Body | Response:
    """Every version that was ever public, the newest first."""
    face = existing(number)
    if not face.live:
        return problem(GONE[face.face], publication=resource(reading(), face))
    releases = queries.versions(reading(), number)
    entries = queries.entries_at(reading(), [each.entry_index for each in releases])
    return {
        "number": number,
        "versions": [_version(each, entries[each.entry_index], face) for each in releases],
    }


def _version(release: Release, entry: Entry, face: Face) -> Body:
    where = f"{path(face)}/versions/{release.version}/record.json"
    return {
        "version": release.version,
        "act": release.act,
        "entry": release.entry_index,
        "published_at": stamp(release.published_at),
        "reason": facing.reason_of(entry, face) or None,
        "record_hash": release.record_hash,
        "record_json": where if release.body is not None else None,
    }


@public.get("/api/v1/entities/<code>")
@follows_ledger
@describes(
    Endpoint(
        "records",
        say("一个检查对象"),
        shapes.ENTITY,
        say("它的名称、关于它有多少条公示、哪些任务抽到过它。各条公示从publications里的地址逐条读取。"),
        params=(Param("code", say("统一社会信用代码、注册号或者自编号。"), TEXT, newest_code, "path", True),),
        problems=(404,),
    )
)
def api_entity(code: str) -> Body:
    """What is disclosed about one entity."""
    session, code = reading(), code.upper()
    total, tasks = queries.count_of_entity(session, code), queries.tasks_that_drew(session, code)
    if not total and not tasks:
        abort(404)
    faces = queries.of_entity(session, code, limit=MOST)
    return {
        "code": code,
        "names": queries.names_of_entity(session, code, faces),
        "total": total,
        "publications": f"/api/v1/publications?{urlencode({'entity': code})}",
        "tasks": [_summary(each) for each in tasks],
    }


def _summary(face: Face) -> Body:
    return {
        "number": face.number,
        "kind": face.kind,
        "title": face.title,
        "department_code": face.department_code,
        "published_on": face.published_on.isoformat(),
        "permalink": permalink(face.number),
    }
