"""A process that answers leaves before its interpreter is taken apart: Granian's threads would fall over that."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
from portal.answering import site


class Last:
    def __del__(self):
        print("taken apart")


last = Last()
site()
print("answered")
"""


def test_a_process_that_answers_leaves_in_time(tmp_path: Path) -> None:
    environment = {**os.environ, "PORTAL_VAR": str(tmp_path), "PORTAL_INDEX_DIR": str(tmp_path / "index")}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "answered\n"), ran.stderr
