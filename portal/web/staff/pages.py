"""The staff's room as the application takes it in: the blueprint with every page on it."""

from portal.web.staff import (
    batches,
    concern_acts,
    concern_summary,
    concerns,
    desk,
    drafts,
    imports,
    mappings,
    marks,
    objection_acts,
    objection_calendar,
    objection_case,
    objection_counter,
    objection_files,
    objection_sheet,
    objections,
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
    objections,
    objection_case,
    objection_acts,
    objection_sheet,
    objection_files,
    objection_counter,
    objection_calendar,
    revisions,
    drafts,
    marks,
    publications,
    batches,
    imports,
    mappings,
    oversight,
    outbox,
    concerns,
    concern_acts,
    concern_summary,
    people,
)

__all__ = ["PAGES", "staff"]
