"""Take away one masking call or condition at a time, and see that a test fails: run by ``make prove``.

Each is done to the source of a copy, never to this tree, one copy per core. Words after the command choose mutations
by a part of their title; ``PORTAL_TEST_MUTATIONS=8`` takes every eighth. What noticed a mutation last time, as
``docs/proofs.md`` tells it, is asked first: a test that fails is as good, whichever it is, and it is there in seconds.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.mutations import ROOT, Mutation, every

PROOFS = (
    "tests/doors/test_nothing_withheld_leaks.py",
    "tests/doors/test_paired_worlds.py",
    "tests/doors/test_risk_class.py",
    "tests/doors/test_hidden_faces.py",
    "tests/doors/test_nothing_in_the_logs.py",
    "tests/rules/test_logs.py",
)
# what says of one layer alone that it holds, where another one behind it would hide that it does not
LAYERS = (
    "tests/rules/test_gate.py",
    "tests/rules/test_masking.py",
    "tests/stories/test_scope.py",
    "tests/stories/test_search_follow.py",
    "tests/stories/test_attachment.py",
    "tests/stories/test_erasing.py",
    "tests/stories/test_tallies.py",
    "tests/doors/test_off_everywhere.py",
    "tests/doors/test_public_corrections.py",
    "tests/doors/test_public_pages.py",
    "tests/doors/test_public_records.py",
    "tests/doors/test_public_objections.py",
    "tests/doors/test_public_feeds.py",
    "tests/doors/test_entity_filing.py",
    "tests/doors/test_public_progress.py",
    "tests/doors/test_public_draws.py",
    "tests/stories/test_taking_a_draw_over.py",
    "tests/doors/test_api_resource.py",
    "tests/doors/test_api_reading.py",
    "tests/doors/test_api_manners.py",
    "tests/doors/test_embeds.py",
    "tests/doors/test_exports.py",
    "tests/doors/test_exports_off.py",
    "tests/doors/test_public_search.py",
    "tests/doors/test_search_files.py",
    "tests/doors/test_public_calendar_feeds.py",
    "tests/doors/test_site_conventions.py",
    "tests/doors/test_statistics.py",
    "tests/stories/following/test_digests.py",
    "tests/stories/test_copy_elsewhere.py",
)


COPIES = len(os.sched_getaffinity(0))
GONE = "a test that is there no more"


def main(wanted: list[str]) -> int:
    """Run them; 1 when one is not noticed by anything."""
    step = int(os.environ.get("PORTAL_TEST_MUTATIONS", "1"))
    chosen = [each for each in every()[::step] if not wanted or any(word in each.title for word in wanted)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-mutations-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for at in range(COPIES):
            copies.put(copied(Path(folder, str(at))))
        if failing := _failing_without(copies):
            say(f"proof: the tests fail without any mutation: {failing}")
            return 1

        def verdict(each: Mutation) -> str:
            tree = copies.get()
            try:
                told = tried(tree, each)
            finally:
                copies.put(tree)
            say(f"proof: {told}: {each.title}")
            return told

        with ThreadPoolExecutor(COPIES) as pool:
            unnoticed = sum(told.startswith("NOT NOTICED") for told in pool.map(verdict, chosen))
    say(f"proof: {len(chosen)} mutations, {unnoticed} not noticed, {time.monotonic() - began:.0f} s")
    return 1 if unnoticed else 0


def _failing_without(copies: "SimpleQueue[Path]") -> str:
    """The first test that fails in a copy as it stands: its failing would say nothing."""
    tree = copies.get()
    copies.put(tree)
    return noticed_by(tree, (*PROOFS, *LAYERS))


def noticed_before() -> dict[tuple[str, str], list[str]]:
    """By file and change, the tests that noticed it when the proofs last ran."""
    page = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
    homes = {Path(path).name: path for path in (*PROOFS, *LAYERS)}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, test, path, what in re.findall(r"^proof: noticed by ([\w.]+)(::[^\s:]+)(?: \(.*?\))?: (\S+):\d+ (.*)$", page, re.MULTILINE):  # fmt: skip
        if name in homes and homes[name] + test not in found[path, what]:
            found[path, what].append(homes[name] + test)
    return found


def copied(folder: Path) -> Path:
    """This tree as it stands, without what is not of it."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    for name in names.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def tried(tree: Path, mutation: Mutation) -> str:
    """Who noticed it."""
    path = tree / mutation.path
    source = path.read_bytes()
    path.write_bytes(mutation.of(source))
    try:
        for known in noticed_before().get((mutation.path, mutation.what), ()):
            if (test := noticed_by(tree, (known,))) and test != GONE:
                return _told(test)
        if test := noticed_by(tree, PROOFS) or noticed_by(tree, LAYERS):
            return _told(test)
    finally:
        path.write_bytes(source)
    return f"behind another ({mutation.behind})" if mutation.behind else "NOT NOTICED"


def _told(test: str) -> str:
    in_front = any(Path(path).name == test.partition("::")[0] for path in PROOFS)
    return f"noticed by {test}" + ("" if in_front else " (another layer keeps it from readers)")


def noticed_by(tree: Path, tests: tuple[str, ...]) -> str:
    """The first test that fails; empty when none does."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--database=sqlite",
        "--tb=no",
        *tests,
    ]
    run = subprocess.run(command, cwd=tree, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True, check=False)  # fmt: skip
    if run.returncode == 0:
        return ""
    if "ERROR: not found" in run.stdout + run.stderr:
        return GONE
    failed = [line.split()[1] for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if not failed:
        return f"pytest, which ended with {run.returncode}"
    path, _, test = failed[0].partition("::")
    return f"{Path(path).name}::{test}"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
