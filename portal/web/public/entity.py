"""Everything disclosed about one inspected entity."""

from flask import render_template

from portal.publications import queries
from portal.web.public.contesting import contested
from portal.web.public.paging import asked_page, paging
from portal.web.public.room import follows_ledger, public, reading, settings
from portal.web.rendering import error_page
from portal.words import say


@public.get("/entities/<code>")
@follows_ledger
def entity(code: str) -> str | tuple[str, int]:
    """Results about one entity and the tasks that drew it, by USCC, registration number or its own number."""
    session, code = reading(), code.upper()
    total = queries.count_of_entity(session, code)
    tasks = queries.tasks_that_drew(session, code)
    if not total and not tasks:
        return error_page("error.html", 404, [say("没有公示过关于这个代码的内容。没有公示不等于没有检查；请核对代码，或者用名称查找。")])  # fmt: skip
    pages = paging(asked_page(), settings().page_size, total)
    faces = queries.of_entity(session, code, limit=pages.size, offset=pages.offset)
    return render_template(
        "public/entity.html",
        code=code,
        faces=faces,
        contested=contested(faces),
        names=queries.names_of_entity(session, code, faces),
        paging=pages,
        tasks=tasks,
    )
