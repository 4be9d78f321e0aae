"""docs/verify.md: each of its commands, in order, against a real portal over HTTP."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.publications.models import Publication
from tests.cast import Cast
from tests.house.source import ROOT
from tests.office import correct
from tests.serving import answering
from tests.verifiers import NEEDS_GO, build_verifier

pytestmark = [pytest.mark.about_sqlite, pytest.mark.slow]

DOCUMENT = ROOT / "docs" / "verify.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAMS = ("bash", "curl", "jq", "openssl", "basenc", "base64", "sha256sum")


def script(site: str, number: str) -> str:
    """Every block of the document; only what names the example is put in its place."""
    lines = [line for block in BLOCK.findall(DOCUMENT.read_text("utf-8")) for line in block.splitlines()]
    assert [line for line in lines if line.startswith(("SITE=", "NUMBER="))]
    lines = [line for line in lines if not line.startswith(("apt-get", "SITE=", "NUMBER="))]
    portal = f'portal() {{ {shlex.quote(sys.executable)} -c "from portal.cli import main; main()" "$@"; }}'
    python = f'python3() {{ {shlex.quote(sys.executable)} "$@"; }}'
    return "\n".join([f"SITE={site}", f"NUMBER={number}", f"CHECKOUT={ROOT}", portal, python, *lines])


def test_every_command_of_the_document_works(
    app: Flask, session: Session, cast: Cast, result: Publication, tmp_path: Path, run_folder: Path
) -> None:
    missing = [each for each in PROGRAMS if shutil.which(each) is None]
    assert not (missing and os.environ.get(NEEDS_GO)), f"missing: {missing}"
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    build_verifier(run_folder)  # so that the document's own build finds everything compiled
    correct(session, cast, result, "检查日期有误。", inspected_on="2026-10-21")
    assert result.number is not None
    env = os.environ | {"PYTHONPATH": str(ROOT), "GOCACHE": str(run_folder / "go"), "GOFLAGS": ""}
    with answering(app) as site:
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script(site, result.number)],
            cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    for said in ("record.json: OK", "Signature Verified Successfully", "核验通过", "Cosigned."):
        assert said in run.stdout + run.stderr
    assert run.stdout.count("Everything checked is right.") == 4
    assert (tmp_path / "digest").read_text() in run.stdout
