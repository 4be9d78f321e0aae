"""The staff's room as the application takes it in: the blueprint with every page on it."""

from portal.web.staff import (
    batches,
    circular,
    concern_acts,
    concern_summary,
    concerns,
    desk,
    drafts,
    imports,
    mappings,
    marks,
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
    circular,
    outbox,
    concerns,
    concern_acts,
    concern_summary,
    people,
)

__all__ = ["PAGES", "staff"]
