"""The staff's room as the application takes it in: the blueprint with every page on it."""

from portal.web.staff import (
    batches,
    desk,
    drafts,
    imports,
    mappings,
    marks,
    notice_codes,
    outbox,
    oversight,
    people,
    publications,
    revisions,
    signing_in,
)
from portal.web.staff.room import staff

PAGES = (
    signing_in,
    desk,
    revisions,
    drafts,
    marks,
    publications,
    batches,
    imports,
    mappings,
    oversight,
    notice_codes,
    outbox,
    people,
)

__all__ = ["PAGES", "staff"]
