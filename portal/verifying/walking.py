"""The whole log in order: each entry against its tile, the tree over them, and what they say."""

from collections.abc import Callable
from itertools import count

from portal.ledger.entry import read_entry
from portal.ledger.hashing import Frontier, leaf_hash
from portal.ledger.tiles import WIDTH
from portal.ledger.trees import joined
from portal.verifying.reading import LogReader
from portal.verifying.register import Register
from portal.verifying.report import Report
from portal.words import say

Progress = Callable[[int, int], None]  # done, of how many


class Walk:
    """Reads a log from where it stopped to where a checkpoint says that it ends.

    Keeps one tile of each level and the register; never the entries.

    :param sizes: the sizes whose roots are wanted later, as of a checkpoint that was kept.
    """

    def __init__(self, reader: LogReader, report: Report, sizes: tuple[int, ...] = ()) -> None:
        self.reader = reader
        self.report = report
        self.register = Register()
        self.frontier = Frontier()
        self.roots = {0: self.frontier.root()}
        self._wanted = frozenset(sizes)
        self._rows: list[list[bytes]] = [[]]  # of each level the hashes of the tile that is not full yet

    def go_on(self, size: int, progress: Progress) -> bool:
        """Read up to a size; False when entries are missing, and nothing after them was read."""
        while self.frontier.size < size:
            if not self._bundle(size):
                self.report.say_wrong(
                    say(
                        "存证应有{size}条，从第{index}条起读不到或者不完整。",
                        size=size,
                        index=self.frontier.size,
                    )
                )
                return False
            progress(self.frontier.size, size)
        self.roots[size] = self.frontier.root()
        self.register.size = size
        self._compare_partial()
        return True

    def _bundle(self, size: int) -> bool:
        number, done = divmod(self.frontier.size, WIDTH)
        width = min(WIDTH, size - number * WIDTH)
        bodies = self.reader.entries(number, width)
        if len(bodies) < width:
            return False
        leaves = self.reader.hashes(0, number, width)
        for at in range(done, width):
            self._entry(number * WIDTH + at, bodies[at], leaves[at] if at < len(leaves) else b"")
        return True

    def _entry(self, index: int, body: bytes, leaf: bytes) -> None:
        found = leaf_hash(body)
        if found != leaf:
            self.report.say_wrong(
                say("第{index}条存证与哈希块不符：内容被改动过，或者少了、换了一条。", index=index)
            )
        self.frontier = self.frontier.add(found)
        self._add(found)
        if self.frontier.size in self._wanted:
            self.roots[self.frontier.size] = self.frontier.root()
        try:
            members = read_entry(body)
            problems = list(self.register.read(index, members))
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            RecursionError,
        ):  # whatever a forger may think of
            problems, members = [say("第{index}条存证不是规定格式的内容。", index=index)], {}
        for problem in problems:
            self.report.say_wrong(problem)
        signatures = members.get("signatures")
        self.report.counts["signatures"] += len(signatures) if isinstance(signatures, list) else 0

    def _add(self, found: bytes) -> None:
        """Put a hash in its row; a full row is a tile, whose own hash goes one level up."""
        for level in count():
            row = self._rows[level]
            row.append(found)
            if len(row) < WIDTH:
                return
            self._compare(level, (self.frontier.size >> 8 * (level + 1)) - 1, row)
            found = joined(row)
            self._rows[level] = []
            if level + 1 == len(self._rows):
                self._rows.append([])

    def _compare_partial(self) -> None:
        for level, row in enumerate(self._rows):
            if row:
                self._compare(level, self.frontier.size >> 8 * (level + 1), row)

    def _compare(self, level: int, number: int, row: list[bytes]) -> None:
        self.report.counts["tiles"] += 1
        if self.reader.hashes(level, number, len(row)) != row:
            self.report.say_wrong(
                say("第{level}层第{number}个哈希块与存证内容算出的不符。", level=level, number=number)
            )
