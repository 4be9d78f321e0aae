"""Pages of a long list: which one was asked, which ones to offer."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import abort, request

from portal.errors import Refused
from portal.web.typed import whole_number
from portal.words import say

FARTHEST = 10_000


@dataclass(frozen=True)
class Paging:
    """One page of ``total`` things, ``size`` at a time; pages count from 1."""

    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.offset + self.size, self.total)

    def shown(self) -> Iterator[int | None]:
        """First, last, and two on each side of the present page; None for a gap."""
        near = {1, self.pages, *range(self.page - 2, self.page + 3)}
        before = 0
        for number in sorted(number for number in near if 1 <= number <= self.pages):
            if number > before + 1:
                yield None
            yield number
            before = number


def asked_page() -> int:
    """The page in the address.

    :raises Refused: when it is not a number from 1.
    """
    text = request.args.get("page", "") or "1"
    page = whole_number(text)
    if page is None or not 1 <= page <= FARTHEST:
        raise Refused(say("页码“{text}”不对，请从第1页开始看。", text=text[:20]))
    return page


def paging(page: int, size: int, total: int) -> Paging:
    """The page, or 404 when there are not so many."""
    found = Paging(page, size, total)
    if page > found.pages:
        abort(404)
    return found
