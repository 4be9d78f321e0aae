"""The table, as it is printed and as it is written into ``docs/performance.md``."""

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import servers
from bench.figure import Figure, Line, number, spread
from bench.reasons import REASONS

PAGE = servers.ROOT / "docs" / "performance.md"
HEAD = """# How fast it is, as it was last measured

`make bench` measures again and writes this page; `.venv/bin/python -m bench search-whoosh` measures one figure alone
and puts it in its place here. Each figure stands beside what it is compared to, measured in turn with it on one
machine, so the ratios say more than the numbers do. Nothing here passes or fails: a budget that is not met stands
with its number, and what could not be run says why.

Samples are given as median (quartile–quartile; 95th percentile). The ratio is our median over theirs: of times the
smaller is the better, of rates the larger. Records are invented, see `bench/records.py`.
"""
COLUMNS = ("measured", "records", "here", "compared to", "there", "ratio", "budget")


def section(figure: Figure, lines: Sequence[Line], seconds: float) -> str:
    """One figure's part of the page."""
    rows = [f"| {' | '.join(_cells(each))} |" for each in lines]
    head = [f"| {' | '.join(COLUMNS)} |", "|---|--:|---|---|---|--:|---|"]
    notes = dict.fromkeys(f"{each.what}: {each.note}." for each in lines if each.note)
    return "\n".join(
        [f"Budget: {figure.budget}.", "", *head, *rows, "", *(f"- {note}" for note in notes), *([""] if notes else []),
         *_reason(figure), f"`python -m bench {figure.name}`, {seconds:.0f} s. {here()}"]
    )  # fmt: skip


def _reason(figure: Figure) -> Iterable[str]:
    return (f"Where it is not met: {REASONS[figure.name]}", "") if figure.name in REASONS else ()


def _cells(line: Line) -> Iterable[str]:
    ours, theirs = (f"{spread(each)} {line.unit}" if each else "–" for each in (line.ours, line.theirs or ()))
    if not line.ours and line.note:
        ours = line.note
    ratio = f"{number(line.ratio)} ×" if line.ratio is not None else "–"
    return line.what, f"{line.size:,}", ours, line.versus or "–", theirs, ratio, line.budget or "–"


def printed(lines: Sequence[Line]) -> str:
    """The same for a terminal."""
    rows = [COLUMNS, *(tuple(_cells(each)) for each in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def write(figures: Sequence[Figure], told: Mapping[str, str], page: Path = PAGE) -> None:
    """Put sections in their places; what was not measured again stays as it was."""
    kept = sections(page) | told
    parts = [f"## {each.title}\n\n{kept[each.name]}\n" for each in figures if each.name in kept]
    page.write_text("\n".join([HEAD, f"{machine()}\n", *parts]), encoding="utf-8")


def sections(page: Path) -> dict[str, str]:
    """What stands on the page, by the figure's name."""
    if not page.exists():
        return {}
    parts = re.split(r"^## .*\n\n", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    named = {re.findall(r"^`python -m bench ([\w-]+)`", part, flags=re.MULTILINE)[-1]: part for part in parts}
    return {name: part.strip("\n") for name, part in named.items()}


def machine() -> str:
    """What the numbers were measured on; no name of it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"The machine: {os.cpu_count()} cores ({_processor()}), {memory:.0f} GB of memory, Linux"
        f" {platform.release().split('-')[0]}, Python {platform.python_version()}; load and answer on the same cores."
    )


def here() -> str:
    """The commit and the day, and whether the machine was idle."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(
        asked, cwd=servers.ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return f"Commit {commit or 'unknown'}, {datetime.now(UTC):%Y-%m-%d}; load average before {os.getloadavg()[2]:.1f}."


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().split("\n") if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
