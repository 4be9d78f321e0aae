"""``portal …``: every command of the office's own machine. Long ones show progress and end with counts."""

from portal.cli import (
    calendar,
    checking,
    draws,
    exporting,
    log,
    mirroring,
    nodes,
    pushing,
    records,
    redacting,
    serving,
    verifying,
)
from portal.cli.group import main

__all__ = [
    "calendar",
    "checking",
    "draws",
    "exporting",
    "log",
    "main",
    "nodes",
    "mirroring",
    "pushing",
    "records",
    "redacting",
    "serving",
    "verifying",
]
