"""The slow proofs (``make prove``): run, and their counts kept in ``docs/proofs.md`` with the commit they ran on."""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "proofs.md"
KILLS = "300"
PYTEST = ["pytest", "-s", "-p", "no:cacheprovider", "-o", "addopts=--strict-markers"]

PROOFS = (
    (
        "Killed while people file, 300 times; the disk full",
        [*PYTEST, "tests/stories/test_nothing_filed_is_lost.py", "-m", "slow", "--database=sqlite"],
    ),
    (
        "The same 300 kills on PostgreSQL",
        [*PYTEST, "tests/stories/test_nothing_filed_is_lost.py", "-m", "slow", "--database=postgres"],
    ),
    (
        "Killed while publishing, 300 times",
        [*PYTEST, "tests/stories/test_killed_while_publishing.py", "-m", "slow", "--database=sqlite"],
    ),
    (
        "Every order of acts on an objection, 300 examples of up to 80 acts",
        [*PYTEST, "tests/stories/test_objection_machine.py", "-m", "proof", "--database=sqlite"],
    ),
    (
        "A log of 70,000 entries, verified by both programs",
        [*PYTEST, "tests/rules/test_verifying_logs.py", "-m", "proof"],
    ),
    (
        "Every page of every room in each display, language and width: axe, and the validator",
        [*PYTEST, "tests/browser/test_every_page.py", "-m", "proof"],
    ),
    (
        "On PostgreSQL: two whole worlds that differ in their secrets alone, what is hidden, and all that a browser does",
        [
            *PYTEST,
            "tests/browser",
            "tests/doors",
            "tests/stories/test_nothing_filed_is_lost.py",
            "-m",
            "proof and postgres",
            "--database=postgres",
            "-k",
            "not killed",
        ],
    ),
    (
        "A batch of 100,000 submitted, agreed to and published, turn by turn",
        [*PYTEST, "tests/stories/test_large_batches.py", "-m", "proof", "--database=sqlite"],
    ),
    (
        "Readers of a copy that PostgreSQL made: every public page, behind, ahead, and gone",
        [*PYTEST, "tests/stories/test_readers_of_a_copy.py", "-m", "proof"],
    ),
    (
        "What PostgreSQL plans for each public page of twenty thousand results",
        [*PYTEST, "tests/doors/test_plans_on_postgres.py", "-m", "proof", "--database=postgres"],
    ),
    ("Each masking call and condition taken away, one by one", ["tests.mutate"]),
)


def main(wanted: list[str]) -> int:
    """Run the proofs whose number is wanted, or all; 1 when any failed. What is not run again stays on the page."""
    failed, told = 0, _told_before()
    for at, (title, words) in enumerate(PROOFS, start=1):
        if wanted and str(at) not in wanted:
            continue
        began = time.monotonic()
        code, lines = prove(words)
        failed += code != 0
        verdict = "Held" if code == 0 else "**FAILED**"
        ended = f"{verdict}, in {time.monotonic() - began:.0f} s. {_here()}"
        told[title] = "\n".join(["```", f"{' '.join(words)}", *lines, "```", "", ended])
    sections = [f"## {title}\n\n{told[title]}\n" for title, _words in PROOFS if title in told]
    PAGE.write_text("\n".join([HEAD, *sections]), encoding="utf-8")
    return 1 if failed else 0


def prove(words: list[str]) -> tuple[int, list[str]]:
    """Run one; its exit code, and the lines worth keeping."""
    command = [sys.executable, "-m", *words]
    env = os.environ | {"PORTAL_TEST_KILLS": KILLS, "PORTAL_TEST_FOLDER": tempfile.gettempdir()}
    kept = []
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        for printed in run.stdout:
            sys.stdout.write(printed)
            sys.stdout.flush()
            line = re.sub(
                r"^[.FEsx]+(?=proof:)", "", printed
            )  # pytest's signs stand before what a test prints
            if (
                line.startswith(("proof:", "examples that", "FAILED", "E   "))
                or " in " in line
                and "==" in line
            ):
                kept.append(line.strip().strip("= "))
    return run.returncode, kept


HEAD = """\
# The slow proofs, as they last ran

`make prove` runs them again and writes this page; `.venv/bin/python -m tests.prove 5` runs the fifth alone. They are
too slow for every change; `.ci/run` runs each with fewer rounds.
"""


def _told_before() -> dict[str, str]:
    """What the page says of each proof."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = re.split(r"^## (.*)\n", page, flags=re.MULTILINE)[1:]
    return {title: text.strip() for title, text in zip(parts[::2], parts[1::2], strict=True)}


def _here() -> str:
    asked = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607  # fmt: skip
    changed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607  # fmt: skip
    commit = asked.stdout.strip() + (" with uncommitted changes" if changed.stdout.strip() else "")
    return (
        f"Commit {commit}, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.system()}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
