"""Everything disclosed about one inspected entity."""

from flask import abort, render_template

from portal.publications import queries
from portal.web.public.paging import asked_page, paging
from portal.web.public.room import follows_ledger, public, reading, settings


@public.get("/entities/<code>")
@follows_ledger
def entity(code: str) -> str:
    """Results about one entity and the tasks that drew it, by USCC, registration number or its own number."""
    session, code = reading(), code.upper()
    total = queries.count_of_entity(session, code)
    if not total:
        abort(404)
    pages = paging(asked_page(), settings().page_size, total)
    faces = queries.of_entity(session, code, limit=pages.size, offset=pages.offset)
    return render_template(
        "public/entity.html",
        code=code,
        faces=faces,
        names=list(dict.fromkeys(face.entity_name for face in faces if face.entity_name)),
        paging=pages,
        tasks=queries.tasks_that_drew(session, code),
    )
