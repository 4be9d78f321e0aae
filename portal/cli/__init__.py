"""``portal …``: every command of the office's own machine. Long ones show progress and end with counts."""

from portal.cli import checking, records, serving
from portal.cli.group import main

__all__ = ["checking", "main", "records", "serving"]
