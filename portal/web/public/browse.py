"""One kind of publication, newest first, with filters that all stand in the address."""

import re

from flask import render_template, request

from portal.errors import Refused
from portal.exports.catalogue import of_kind
from portal.exports.nightly import publisher_of
from portal.publications import queries, totals
from portal.publications.kinds import BY_PLURAL
from portal.publications.queries import Filters
from portal.web.public.contesting import contested
from portal.web.public.paging import asked_page, paging
from portal.web.public.record import PLURALS
from portal.web.public.room import follows_ledger, public, reading, settings, words
from portal.web.rendering import in_english
from portal.words import say

LONGEST_ITEM = 300


@public.get(f"/{PLURALS}/")
@follows_ledger
def browse(plural: str) -> str:
    """A page of one kind."""
    kind, session = BY_PLURAL[plural], reading()
    filters = asked(kind.name)
    pages = paging(asked_page(), settings().page_size, totals.count(session, kind.name, filters))
    departments, years, regions = totals.choices(session, kind.name)
    faces = queries.browse(session, kind.name, filters, limit=pages.size, offset=pages.offset)
    return render_template(
        "public/browse.html",
        kind=kind,
        filters=filters,
        paging=pages,
        faces=faces,
        contested=contested(faces),
        departments=[each for code, each in words().departments.items() if code in departments],
        years=sorted(years, reverse=True),
        regions=queries.regions(session, regions),
        dataset=of_kind(kind.name, publisher_of(settings()), english=in_english()),
    )


def asked(kind: str) -> Filters:
    """The filters in the address.

    :raises Refused: at a value that no filter has; the page answers 400.
    """
    department, year = request.args.get("department", ""), request.args.get("year", "")
    outcome, region = request.args.get("outcome", ""), request.args.get("region", "")
    if department and department not in words().departments:
        raise Refused(say("没有代码为“{value}”的部门，请在页面上选择部门。", value=department[:40]))
    if year and not re.fullmatch(r"(19|20)[0-9]{2}", year):
        raise Refused(say("“{value}”不是年份，请写四位数字，例如2026。", value=year[:40]))
    if outcome and (kind != "result" or ("outcome", outcome) not in words().codes):
        raise Refused(say("没有代码为“{value}”的检查结果，请在页面上选择。", value=outcome[:40]))
    if region and words().region(region) is None:
        raise Refused(say("没有代码为“{value}”的地区，请在页面上选择。", value=region[:40]))
    task, plan, item = (request.args.get(name, "") for name in ("task", "plan", "item"))
    if len(task) > 60:
        raise Refused(say("任务编号最多60个字，请检查后再试。"))
    if plan and (kind == "list" or len(plan) > 60):
        raise Refused(say("计划编号最多60个字，事项清单不属于计划，请检查后再试。"))
    if item and (kind != "result" or len(item) > LONGEST_ITEM):
        raise Refused(
            say("只有检查结果可以按事项查找，事项名称最多{most}个字，请检查后再试。", most=LONGEST_ITEM)
        )
    return Filters(department, int(year or 0), outcome, region, task, plan, item)
