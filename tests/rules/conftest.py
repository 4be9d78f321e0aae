"""What rules about the log share."""

from pathlib import Path

import pytest

from tests.verifiers import Verifiers, build_verifier


@pytest.fixture(scope="session")
def verifiers(run_folder: Path) -> Verifiers:
    """Both programs, the one in Go compiled once per run."""
    return Verifiers(build_verifier(run_folder))
