"""Take away one masking call or condition at a time, and see that a test fails: run by ``make prove``.

Each is done to the source of a copy, never to this tree. Words after the command choose mutations by a part of
their title; ``PORTAL_TEST_MUTATIONS=8`` takes every eighth.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
)


def main(wanted: list[str]) -> int:
    """Run them; 1 when one is not noticed by anything."""
    step = int(os.environ.get("PORTAL_TEST_MUTATIONS", "1"))
    chosen = [each for each in every()[::step] if not wanted or any(word in each.title for word in wanted)]
    unnoticed, began = 0, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="portal-mutations-") as folder:
        tree = copied(Path(folder))
        if noticed_by(tree, PROOFS):
            say("proof: the tests fail without any mutation")
            return 1
        for each in chosen:
            verdict = tried(tree, each)
            unnoticed += verdict.startswith("NOT NOTICED")
            say(f"proof: {verdict}: {each.title}")
    say(f"proof: {len(chosen)} mutations, {unnoticed} not noticed, {time.monotonic() - began:.0f} s")
    return 1 if unnoticed else 0


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
        if test := noticed_by(tree, PROOFS):
            return f"noticed by {test}"
        if test := noticed_by(tree, LAYERS):
            return f"noticed by {test} (another layer keeps it from readers)"
    finally:
        path.write_bytes(source)
    return f"behind another ({mutation.behind})" if mutation.behind else "NOT NOTICED"


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
    failed = [line.split()[1] for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].rpartition("/")[2] if failed else f"pytest, which ended with {run.returncode}"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
