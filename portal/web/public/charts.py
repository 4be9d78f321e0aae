"""Where everything of a chart stands. Pure: a chart in, rectangles, lines and texts out.

Across in per cent of the width, down in em of the chart's own type: a chart is as wide as its column and its
labels are as large as the reader's mode wants them, at any width. A viewBox would shrink them on a phone.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from portal.statistics.charting import Chart, Row

Say = Callable[[str], str]

LEFT = 15.0  # per cent kept for the numbers of the scale
PLOT = 15.0  # em from the top of the scale to nought
HEAD, FOOT = 1.6, 1.9  # em above the scale and below nought
WIDEST = 9.0  # per cent, of one column
LONGEST_BAR, LONGEST_LARGE = 78.0, 64.0  # per cent; the number stands behind the bar
LINE, BAR, GAP, THIN = 1.35, 1.15, 0.8, 0.85  # em
STRIP = 2.6  # em, of one row of months
PER_LINE = 20.0  # full-width characters that fit on a phone of 320 px
PER_LARGE_LINE = 11.5  # and in large type
NEVER_LAST = "（〔【《「『“‘(["
NEVER_FIRST = "）〕】》」』、，。；：！？%”’"


@dataclass(frozen=True)
class Rect:
    """x and width in per cent, y and height in em."""

    fill: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """From (x, y) to (x2, y2); ``kind`` is grid or axis."""

    kind: str
    x: float
    y: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Text:
    """One line of type; ``kind`` says what it is, ``anchor`` where x lies in it."""

    kind: str
    x: float
    y: float
    words: str
    anchor: str = "start"


@dataclass
class Drawing:
    """Everything of one chart; the height in em."""

    height: float
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def drawing(
    chart: Chart,
    say: Say = str,
    *,
    short: Callable[[float], str] = "{:g}".format,
    per_line: float = PER_LINE,
) -> Drawing:
    """A chart laid out.

    :param say: a sentence in the reader's language.
    :param short: a number of the scale, as short as can be.
    :param per_line: full-width characters in one line of a label.
    """
    if chart.form == "columns":
        return _columns(chart, short)
    labels = [wrapped(say(row.label), per_line) for row in chart.rows]
    if chart.form == "multiples":
        return _multiples(chart, labels)
    longest = LONGEST_BAR if per_line > PER_LARGE_LINE else LONGEST_LARGE
    return _bars(chart, labels, longest, apart=chart.form == "sets")


# ── scales ───────────────────────────────────────────────────


def ticks(most: float, steps: int = 4) -> list[int]:
    """Round numbers from nought to the first that is not below ``most``; whole ones, for things are counted.

    >>> ticks(988), ticks(3), ticks(0), ticks(21)
    ([0, 250, 500, 750, 1000], [0, 1, 2, 3], [0, 1], [0, 10, 20, 30])
    """
    step = _step(most, steps)
    top = max(1, -(-int(-(-most // 1)) // step))
    return [step * each for each in range(top + 1)]


def _step(most: float, steps: int) -> int:
    """The least round step of which so many reach ``most``: 1, 2, 2.5 or 5 times a power of ten, whole."""
    power = 1
    while True:
        for round_one in (1, 2, 2.5, 5):
            step = round_one * power
            if step == int(step) and step * steps >= most:
                return int(step)
        power *= 10


def wrapped(text: str, most: float = PER_LINE) -> list[str]:
    """A label in lines; a hanzi is one wide, a letter about half; words of letters are kept whole if they can be.

    >>> wrapped("获证食品经营单位的监督检查情况", 12), wrapped("No problem found", 6)
    (['获证食品经营单位的监督检', '查情况'], ['No problem', 'found'])
    >>> wrapped("通过登记的住所（经营场所）无法联系", 12)
    ['通过登记的住所（经营场', '所）无法联系']
    """
    lines, line = [], ""
    for part in _parts(text):
        if line and _width((line + part).rstrip()) > most:
            lines.append(line.strip())
            line = ""
        while _width(part) > most and len(part) > 1:
            cut = next(at for at in range(len(part), 0, -1) if at == 1 or _width(part[:at]) <= most)
            lines.append(part[:cut])
            part = part[cut:]
        line += part
    return [*lines, line.strip()] if line.strip() else lines or [""]


def _parts(text: str) -> list[str]:
    """Single full-width characters, and runs of the others up to their blank."""
    parts: list[str] = []
    for sign in text:
        if parts and (sign in NEVER_FIRST or parts[-1][-1] in NEVER_LAST):
            parts[-1] += sign
            continue
        joins = parts and not _is_wide(sign) and not _is_wide(parts[-1][-1]) and not parts[-1].endswith(" ")
        if joins:
            parts[-1] += sign
        else:
            parts.append(sign)
    return parts


def _width(text: str) -> float:
    return sum(1.0 if _is_wide(sign) else 0.56 for sign in text)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WFA"


# ── columns over time ────────────────────────────────────────


def _columns(chart: Chart, short: Callable[[float], str]) -> Drawing:
    marks = ticks(max((sum(chart.drawn(row)) for row in chart.rows), default=0))
    made, bottom = Drawing(HEAD + PLOT + FOOT), HEAD + PLOT
    for mark in marks:
        y = bottom - PLOT * mark / marks[-1]
        made.lines.append(Line("axis" if mark == 0 else "grid", 0, y, 100, y))
        made.texts.append(Text("tick", 0, y - 0.3, short(mark)))
    slot = (100 - LEFT) / max(len(chart.rows), 1)
    width = min(slot * 0.62, WIDEST)
    for at, row in enumerate(chart.rows):
        middle, y = LEFT + slot * (at + 0.5), bottom
        for series, value in zip(chart.series, chart.drawn(row), strict=True):
            height = PLOT * value / marks[-1]
            if value:
                made.rects.append(Rect(series.fill, middle - width / 2, y - height, width, height))
            y -= height
        label = "label" if len(chart.rows) <= 6 or at % 2 == 0 else "label odd"
        made.texts.append(Text(label, middle, bottom + 1.45, row.short, "middle"))
        if value := sum(chart.drawn(row)):
            many = "value" if len(chart.rows) <= 6 else "value many"
            made.texts.append(
                Text(many, middle, y - 0.35, f"{value:,g}" if value < 1e5 else short(value), "middle")
            )
    return made  # fmt: skip


# ── bars ─────────────────────────────────────────────────────


def _bars(chart: Chart, labels: Sequence[Sequence[str]], longest: float, *, apart: bool) -> Drawing:
    """Label above, bars below it; each series after the other or, ``apart``, under the other."""
    most = max((_longest(chart, row, apart) for row in chart.rows), default=0) or 1
    made, y = Drawing(0), 0.2
    for row, label in zip(chart.rows, labels, strict=True):
        y = _named(made, label, y, "name")
        y = (_sets if apart else _stack)(made, chart, row, y, longest / most)
        y += GAP
    made.height = y
    made.lines.append(Line("axis", 0, 0, 0, y - GAP / 2))
    return made


def _named(made: Drawing, lines: Sequence[str], y: float, kind: str) -> float:
    for line in lines:
        made.texts.append(Text(kind, 0, y + 1, line))
        y += LINE
    return y


def _longest(chart: Chart, row: Row, apart: bool) -> float:
    return max(chart.drawn(row), default=0) if apart else sum(chart.drawn(row))


def _stack(made: Drawing, chart: Chart, row: Row, y: float, unit: float) -> float:
    x = 0.0
    for series, value in zip(chart.series, chart.drawn(row), strict=True):
        width = unit * value
        if value:
            made.rects.append(Rect(series.fill, x, y + 0.1, width, BAR))
        x += width
    made.texts.append(Text("amount", x, y + 1, f"{sum(chart.drawn(row)):,g}"))
    return y + BAR + 0.1


def _sets(made: Drawing, chart: Chart, row: Row, y: float, unit: float) -> float:
    for series, value in zip(chart.series, chart.drawn(row), strict=True):
        width = unit * value
        if value:
            made.rects.append(Rect(series.fill, 0, y + 0.15, width, THIN))
        made.texts.append(Text("amount", width, y + 0.9, f"{value:,g}"))
        y += THIN + 0.3
    return y


# ── a strip of months for each row ───────────────────────────


def _multiples(chart: Chart, labels: Sequence[Sequence[str]]) -> Drawing:
    made, y = Drawing(0), 0.2
    slot = 100 / max(len(chart.series), 1)
    for row, label in zip(chart.rows, labels, strict=True):
        y = _named(made, label, y, "strip") + 0.3
        values = chart.drawn(row)
        most = max(values, default=0) or 1
        for at, (series, value) in enumerate(zip(chart.series, values, strict=True)):
            height = STRIP * value / most
            if value:
                made.rects.append(
                    Rect(series.fill, slot * (at + 0.2), y + STRIP - height, slot * 0.6, height)
                )
        y += STRIP
        made.lines.append(Line("axis", 0, y, 100, y))
        y += GAP
    for at, series in enumerate(chart.series):
        made.texts.append(Text("label", slot * (at + 0.5), y + 0.6, _month(series.of[0]), "middle"))
    made.height = y + 1.0
    return made


def _month(name: str) -> str:
    """The month of a column called 01 to 12, as short as an axis wants it."""
    return name.lstrip("0")
