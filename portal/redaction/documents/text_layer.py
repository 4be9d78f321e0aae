"""The invisible words over a page's picture, so that what is released can be searched, copied and read aloud.

Letters are numbered in the order in which they first come; a table in the file (ToUnicode) says which letter each
number is, so that no font is needed and any program reads the same words. Pure.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from portal.redaction.documents.boxes import Box, as_drawn, released
from portal.redaction.documents.bundle import Page
from portal.redaction.masking import marker

_DESCENT = 0.2  # of the letters' height, below the line they stand on
_BATCH = 100  # entries of one bfchar block, by the specification


@dataclass(frozen=True)
class Run:
    """Released words in one line, in points from the page's lower left corner."""

    text: str
    lefts: Sequence[float]
    rights: Sequence[float]
    bottom: float
    height: float


@dataclass
class Letters:
    """The number of each letter of one document."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, letter: str) -> int:
        return self.numbers.setdefault(letter, len(self.numbers) + 1)

    def to_unicode(self) -> bytes:
        """The table by which a program reads the numbers as letters."""
        pairs = [
            f"<{number:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
            for letter, number in self.numbers.items()
        ]
        blocks = [pairs[at : at + _BATCH] for at in range(0, len(pairs), _BATCH)]
        tables = "".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
        )
        return f"{_HEAD}{tables}{_FOOT}".encode("ascii")


def runs(page: Page, boxes: Sequence[Box]) -> Iterator[Run]:
    """What may be read of a page: its words outside every box, and what each box says."""
    for line in page.lines:
        for start, end in released(line, boxes, page):
            lefts = [left * page.width for left in line.lefts[start:end]]
            rights = [right * page.width for right in line.rights[start:end]]
            bottom, height = (1 - line.bottom) * page.height, (line.bottom - line.top) * page.height
            yield Run(line.text[start:end], lefts, rights, bottom, height)
    for box in boxes:
        yield _marker(box, page)


def _marker(box: Box, page: Page) -> Run:
    words = marker(box["ground"])
    left, top, right, bottom = as_drawn(box, page)
    width, height = (right - left) * page.width, (bottom - top) * page.height
    size = min(height, width / len(words))
    lefts = [left * page.width + size * at for at in range(len(words))]
    middle = (1 - (top + bottom) / 2) * page.height
    return Run(words, lefts, [each + size for each in lefts], middle - size / 2, size)


def content(all_runs: Iterable[Run], letters: Letters, font: str) -> bytes:
    """The operators that set the words down, none of which paints."""
    parts = [b"BT 3 Tr\n"]
    for run in all_runs:
        parts += _set_down(run, letters, font)
    return b"".join([*parts, b"ET\n"])


def _set_down(run: Run, letters: Letters, font: str) -> Iterator[bytes]:
    """Each stretch of letters of one width at its place, stretched to the width that was seen."""
    size = max(run.height, 0.5)
    base = run.bottom + _DESCENT * size
    yield f"/{font} {size:.2f} Tf\n".encode()
    for start, end, width in _even(run):
        code = "".join(f"{letters.number(letter):04X}" for letter in run.text[start:end])
        stretch = 100 * width / size
        yield f"{stretch:.1f} Tz 1 0 0 1 {run.lefts[start]:.2f} {base:.2f} Tm <{code}> Tj\n".encode()


def _even(run: Run) -> Iterator[tuple[int, int, float]]:
    """Stretches without space in which the letters stand at even steps, with that step."""
    start = 0
    while start < len(run.text):
        if run.text[start] == " ":
            start += 1
            continue
        width = _step(run, start)
        end = start + 1
        while end < len(run.text) and run.text[end] != " " and abs(_step(run, end) - width) <= 0.04 * width:
            if abs(run.lefts[end] - run.lefts[start] - width * (end - start)) > 0.1 * width:
                break
            end += 1
        yield start, end, width
        start = end


def _step(run: Run, at: int) -> float:
    """From one letter to the next; without a next in the same word, its own width."""
    last = at + 1 >= len(run.text) or run.text[at + 1] == " " or run.lefts[at + 1] <= run.lefts[at]
    own = run.rights[at] - run.lefts[at]
    step = own if last else run.lefts[at + 1] - run.lefts[at]
    return max(step, 0.05) if not unicodedata.combining(run.text[at]) else max(own, 0.05)


_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_FOOT = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
