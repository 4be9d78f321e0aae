"""The public room whole: importing this module hangs every page on the blueprint."""

from portal.web.public import (
    browse,
    calendar,
    calendar_files,
    contesting,
    correction,
    due_api,
    entity,
    entry_words,
    feeds,
    files,
    home,
    logs,
    record,
    search,
    site,
    statistics,
    tiled_log,
)
from portal.web.public.room import public

__all__ = [
    "browse",
    "calendar",
    "calendar_files",
    "contesting",
    "correction",
    "due_api",
    "entity",
    "entry_words",
    "feeds",
    "files",
    "home",
    "logs",
    "public",
    "record",
    "search",
    "site",
    "statistics",
    "tiled_log",
]
