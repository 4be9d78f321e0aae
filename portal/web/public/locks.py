"""The locks of a task's drawn list, each with its line in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.ledger.models import Entry
from portal.publications import locking, queries
from portal.publications.models import LockedList
from portal.web.public.room import reading


@dataclass(frozen=True)
class Locked:
    """One lock of a list with its line; the newest one stands."""

    list: LockedList
    entry: Entry


def locks(number: str, version: int) -> Sequence[Locked]:
    """The locks of a task's list up to a version, newest first; none of one published before there were any."""
    lists = [each for each in locking.of_number(reading(), number) if each.version <= version]
    entries = queries.entries_at(reading(), [each.entry_index for each in lists])
    return [Locked(each, entries[each.entry_index]) for each in reversed(lists)]
