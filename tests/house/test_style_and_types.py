"""What ruff and mypy say. The settings are in pyproject.toml."""

import subprocess
import sys

from tests.house.source import ROOT


def output_of(*arguments: str) -> tuple[int, str]:
    asked = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.returncode, asked.stdout + asked.stderr


def test_ruff_has_no_remark() -> None:
    code, said = output_of("ruff", "check", "--output-format=concise")
    assert code == 0, said


def test_types_are_strict_below_the_doors() -> None:
    code, said = output_of("mypy")
    assert code == 0, said
