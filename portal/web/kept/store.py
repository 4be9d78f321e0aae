"""A store of a bounded size: what nobody asked for longest goes first, and a crawler does not empty it."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")
Address = tuple[str, str]  # path and query: joined, two might read the same

REMEMBERED = 8192  # addresses asked for lately; twice as many at most
LARGEST = 16  # a share of the store: nothing larger than a sixteenth is taken in


class Store(Generic[Value]):
    """Values by address, in at most so many bytes. Threads share it.

    Once it is full an address has to be asked for a second time before anything goes to make room for it:
    somebody who asks for every record once, or makes addresses up, pushes nothing out.

    :param room: bytes.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._values: OrderedDict[Address, tuple[Value, int]] = OrderedDict()
        self._asked: set[int] = set()
        self._asked_before: set[int] = set()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, address: Address) -> Value | None:
        """What is kept of an address; None when nothing is."""
        with self._lock:
            found = self._values.get(address)
            if found is None:
                return None
            self._values.move_to_end(address)
            return found[0]

    def put(self, address: Address, value: Value, size: int) -> bool:
        """Keep a value in place of an earlier one; whether it was kept.

        :param size: bytes, all told.
        """
        with self._lock:
            _, before = self._values.pop(address, (None, 0))
            self.used -= before
            if size * LARGEST > self.room or not self._may_come(address, size, known=before > 0):
                return False
            while self.used + size > self.room:
                _, (_, freed) = self._values.popitem(last=False)
                self.used -= freed
            self._values[address] = (value, size)
            self.used += size
            return True

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._asked, self._asked_before, self.used = set(), set(), 0

    def _may_come(self, address: Address, size: int, *, known: bool) -> bool:
        if known or self.used + size <= self.room:
            return True
        asked = hash(address)
        if asked in self._asked or asked in self._asked_before:
            return True
        if len(self._asked) >= REMEMBERED:
            self._asked, self._asked_before = set(), self._asked
        self._asked.add(asked)
        return False
