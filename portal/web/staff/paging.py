"""Pages of long lists."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request

from portal.web.typed import whole_number

FARTHEST = 1_000_000


@dataclass(frozen=True)
class Pages:
    """Which page of how many rows."""

    page: int
    size: int
    total: int = 0

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    def shown(self) -> Iterator[int | None]:
        """The page numbers to print; None stands for a gap.

        >>> list(Pages(6, 10, 120).shown())
        [1, None, 5, 6, 7, None, 12]
        """
        last = 0
        for number in range(1, self.pages + 1):
            if number in (1, self.pages) or abs(number - self.page) <= 1:
                if number > last + 1:
                    yield None
                yield number
                last = number


def asked_page() -> int:
    """The page number in the address; what is no number is page one."""
    return min(whole_number(request.args.get("page", "")) or 1, FARTHEST)
