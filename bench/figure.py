"""What a figure is: something measured beside what it is compared to, again and again, on one machine."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter
from typing import Any

from bench.place import Place

Samples = Sequence[float]


@dataclass(frozen=True)
class Line:
    """One row of the table.

    :param unit: of the samples; ``ms`` is better when smaller, everything per second when larger.
    :param theirs: the same, of what it is compared to; None when there is nothing, or it could not be run.
    :param note: whatever a reader must know, such as what was not run.
    """

    what: str
    size: int
    unit: str
    ours: Samples
    versus: str = ""
    theirs: Samples | None = None
    note: str = ""
    budget: str = ""

    @property
    def ratio(self) -> float | None:
        """Our median over theirs."""
        if not self.ours or not self.theirs or not median(self.theirs):
            return None
        return median(self.ours) / median(self.theirs)


@dataclass(frozen=True)
class Figure:
    """One or several budgets that are measured together.

    :param budget: in the design's words.
    :param run: measures at one size.
    :param sizes: at which it says something; others are left out, and it is said.
    """

    name: str
    title: str
    budget: str
    run: Callable[[Place, int], Iterator[Line]]
    least: int = 0
    most: int = 10**9
    alone: bool = False  # needs no records: run once, not once per size


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds."""
    began = perf_counter()
    act()
    return (perf_counter() - began) * 1000


def in_turn(rounds: int, *sides: Callable[[], float]) -> list[list[float]]:
    """A sample of each side, then again: what else the machine does meets both alike."""
    found: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for samples, side in zip(found, sides, strict=True):
            samples.append(side())
    return found


def spread(samples: Samples) -> str:
    """Median, quartiles and the 95th percentile."""
    if not samples:
        return "–"
    if len(samples) == 1:
        return number(samples[0])
    low, _, high = quantiles(samples, n=4, method="inclusive")
    return f"{number(median(samples))} ({number(low)}–{number(high)}; p95 {number(percentile(samples, 95))})"


def percentile(samples: Samples, percent: int) -> float:
    return quantiles(samples, n=100, method="inclusive")[percent - 1] if len(samples) > 1 else samples[0]


def number(value: float) -> str:
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


@contextmanager
def beside(step: Callable[[], object], every: float) -> Iterator[None]:
    """Meanwhile a step again and again, in a thread of its own.

    :param every: seconds of rest before each.
    """
    stop = Event()

    def run() -> None:
        while not stop.wait(every):
            step()

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
