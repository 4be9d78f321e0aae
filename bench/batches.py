"""A batch of many results, taken in and published: beside the bare reader of the same file, and beside raw SQL."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from bench.figure import Figure, Line, beside, timed
from bench.place import Place
from bench.servers import ROOT
from portal.ledger import book
from portal.opening import office
from portal.sessions import session_at
from portal.settings import Settings

IMPORTED, PUBLISHED = 100_000, 3_000
BETWEEN = 0.02  # seconds between two that wait for their turn to write


def imported(place: Place, size: int) -> Iterator[Line]:
    """Files taken in as drafts; the same files read by their readers alone."""
    rows = min(size * 5, IMPORTED)
    folder = _empty(place.folder / "batch")
    _part(folder, rows, "prepare")
    # drafts last: the same rows twice are refused
    parts = ("bare csv", "dry run csv", "bare xlsx", "dry run xlsx", "import")
    told = {part: _part(folder, rows, part) for part in parts}
    _part(_empty(folder), rows, "prepare")
    told["import xlsx"] = _part(folder, rows, "import xlsx")
    _part(_empty(folder), few := max(rows // 10, 1), "prepare")
    told["few"] = _part(folder, few, "import")
    for file, taking, judging, bare, versus in (
        ("a CSV file", "import", "dry run csv", "bare csv", "the strict reader, same file"),
        ("a workbook", "import xlsx", "dry run xlsx", "bare xlsx", "openpyxl, same file"),
    ):
        taken, judged, theirs = ([told[part]["seconds"] * 1000] for part in (taking, judging, bare))
        memory = (
            f"peak memory {told[taking]['peak_mb']} MB, {told[taking]['start_mb']} MB before the first row"
        )
        yield Line(f"{file} taken in as drafts", rows, "ms", taken, versus, theirs, memory, "≤ 2 ×")
        yield Line(f"{file} read and judged, not written", rows, "ms", judged, versus, theirs)
    peaks = [told["import"]["peak_mb"]], [told["few"]["peak_mb"]]
    yield Line("peak memory of taking in", rows, "MB", peaks[0], "a file of a tenth", peaks[1], budget="flat")


def published(place: Place, size: int) -> Iterator[Line]:
    """Batches published whole; the rows that this wrote, written again by raw SQL; who files meanwhile waits."""
    rows = min(max(size // 6, 20), PUBLISHED)
    ours, theirs, waits = [], [], []
    for _ in range(place.rounds):
        folder = _empty(place.folder / "batch")
        for part in ("prepare", "import", "submit", "approve", "copy"):
            _part(folder, rows, part)
        with waiting(folder, waits):
            told = _part(folder, rows, "publish")
        ours.append(told["rows"] / told["seconds"])
        theirs.append(float(_part(folder, rows, "raw sql")["writing_per_second"]))
    yield Line("a batch published", rows, "entries/s", ours, "raw SQL, same rows", theirs, budget="≥ 0.25 ×")
    longest = f"longest {max(waits, default=0):.0f} ms of {len(waits)}"
    yield Line(
        "who files meanwhile waits for a turn to write", rows, "ms", waits, note=longest, budget="≤ 100 ms"
    )


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _part(folder: Path, rows: int, part: str) -> dict[str, Any]:
    """One part of ``bench.bulk`` in a process of its own."""
    command = [sys.executable, "-m", "bench.bulk", "--rows", str(rows), "--out", str(folder), "--part", part]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"bench.bulk, {part}: {ran.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(ran.stdout.strip().split("\n")[-1])
    return told


def waiting(folder: Path, waits: list[float]) -> AbstractContextManager[None]:
    """Somebody who again and again needs a turn to write and the ledger's head, as a filing does."""
    app = office(Settings(var=folder / "var", index_dir=folder / "index", worker=False))

    def turn() -> None:
        with session_at(app, "write") as session:
            book.lock(session)
            session.rollback()

    return beside(lambda: waits.append(timed(turn)), BETWEEN)


FIGURES = [
    Figure(
        "bulk",
        "Bulk publication",
        "≥ 1/4 of raw SQL's entries per second on the same database; a filing meanwhile waits ≤ 100 ms",
        published,
        alone=True,
    ),
    Figure(
        "import",
        "Import",
        "≤ 2 × the time the bare reader needs to read the same file, 100,000 rows, flat memory",
        imported,
        alone=True,
    ),
]
