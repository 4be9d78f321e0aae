"""Characters put together into lines, in the order in which the document has them. Pure."""

from collections.abc import Iterator, Sequence

from portal.redaction.documents.bundle import Line, rounded
from portal.redaction.documents.source import Character

SAME_LINE = 0.5  # of the lesser height, shared
WIDEST_GAP = 1.5  # heights: further on begins another cell
WIDEST_STEP_BACK = 0.5
SPACE = 0.18  # of the height, where no character stands


def lines_of(characters: Sequence[Character], size: tuple[int, int]) -> list[Line]:
    """The lines of a page of this many pixels."""
    return [_line(run, size) for run in _runs(characters)]


def _runs(characters: Sequence[Character]) -> Iterator[list[Character]]:
    run: list[Character] = []
    for each in characters:
        if run and not _follows(run[-1], each):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _follows(one: Character, next: Character) -> bool:
    shared = min(one.room[3], next.room[3]) - max(one.room[1], next.room[1])
    height = min(one.room[3] - one.room[1], next.room[3] - next.room[1])
    gap = next.room[0] - one.room[2]
    return shared >= SAME_LINE * height and -WIDEST_STEP_BACK * height <= gap <= WIDEST_GAP * height


def _line(run: Sequence[Character], size: tuple[int, int]) -> Line:
    width, height = size
    text, lefts, rights = "", list[float](), list[float]()
    for at, each in enumerate(run):
        if at and _spaced(run[at - 1], each):
            text, lefts, rights = text + " ", [*lefts, run[at - 1].room[2]], [*rights, each.room[0]]
        for letter in each.text:
            text += letter
            lefts.append(min(each.room[0], each.ink[0]))
            rights.append(max(each.room[2], each.ink[2]))
    top = min(min(each.room[1], each.ink[1]) for each in run)
    bottom = max(max(each.room[3], each.ink[3]) for each in run)
    return Line(
        text,
        [rounded(left / width) for left in lefts],
        [rounded(right / width) for right in rights],
        rounded(top / height),
        rounded(bottom / height),
    )


def _spaced(one: Character, next: Character) -> bool:
    return next.room[0] - one.room[2] > SPACE * (next.room[3] - next.room[1])
