"""A witness cosigns what extends what it cosigned last, and nothing else."""

import os
import struct
import subprocess
import sys
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal import witness
from portal.ledger.hashing import leaf_hash
from tests.house.source import ROOT
from tests.logs import SIGNER, SOMEBODY_ELSE, Log, changed, checkpoint_of, lay_down_log, plain_log
from tests.verifiers import Verifiers, build_verifier

NAME, NOW = "witness.example/w1", 1_795_000_000
KEY = str(SIGNER.verifier)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "witness"


def laid(tmp_path: Path, bodies: list[bytes], name: str = "site") -> Path:
    """A log's folder with so many entries."""
    lay_down_log(tmp_path / name, bodies)
    return tmp_path / name / "log"


def cosign(place: Path, folder: Path, now: int = NOW) -> str:
    return witness.run(NAME, [KEY], folder, str(place), now)


def refused(place: Path, folder: Path, words: str) -> None:
    with pytest.raises(witness.Refusal, match=words):
        cosign(place, folder)


def test_a_cosignature_is_over_time_and_text_by_the_public_format(tmp_path: Path, folder: Path) -> None:
    """Put together here word by word from c2sp.org/tlog-cosignature."""
    note = cosign(laid(tmp_path, plain_log(3).bodies), folder)
    text, lines = note.split("\n\n")
    dash, name, encoded = lines.splitlines()[-1].split(" ")
    public = b64decode(str(witness.Witness(NAME, folder).key).split("+", 2)[2])
    data = b64decode(encoded)
    assert (dash, name, public[0], len(public), len(data)) == ("—", NAME, 4, 33, 4 + 8 + 64)
    assert data[:4] == sha256(NAME.encode() + b"\n\x04" + public[1:]).digest()[:4]
    assert struct.unpack(">Q", data[4:12]) == (NOW,)
    key = Ed25519PublicKey.from_public_bytes(public[1:])
    key.verify(data[12:], f"cosignature/v1\ntime {NOW}\n{text}\n".encode())
    with pytest.raises(InvalidSignature):
        key.verify(data[12:], f"cosignature/v1\ntime {NOW + 1}\n{text}\n".encode())


def test_a_log_that_grows_is_cosigned_at_every_size(tmp_path: Path, folder: Path) -> None:
    bodies = plain_log(1000).bodies
    for size in (0, 1, 2, 255, 256, 257, 257, 511, 700, 1000):
        note = cosign(laid(tmp_path, bodies[:size]), folder)
        assert note.startswith(f"disclosure.example/log\n{size}\n")


def test_a_cosigned_checkpoint_is_one_for_both_verifiers(
    tmp_path: Path, folder: Path, run_folder: Path
) -> None:
    log = plain_log(5)
    kept = tmp_path / "kept"
    kept.write_text(cosign(laid(tmp_path, log.bodies[:3]), folder))
    laid(tmp_path, log.bodies)
    told = Verifiers(build_verifier(run_folder))(tmp_path / "site", earlier=kept, records=False)
    assert told.agree_that_it_is_right, (told.ours.wrong, told.theirs)


def test_a_smaller_head_is_refused_and_kept_as_evidence(tmp_path: Path, folder: Path) -> None:
    bodies = plain_log(300).bodies
    cosign(laid(tmp_path, bodies), folder)
    refused(laid(tmp_path, bodies[:299], "smaller"), folder, "存证变短了.*has shrunk")
    (evidence,) = folder.glob("refused-*")
    assert evidence.read_text() == (tmp_path / "smaller/log/checkpoint").read_text()
    cosign(laid(tmp_path, bodies), folder)  # what is right is cosigned again


def forged(log: Log, at: int) -> list[bytes]:
    return [*log.bodies[:at], changed(log.bodies[at], record="0" * 64), *log.bodies[at + 1 :]]


def test_two_heads_of_one_size_are_refused(tmp_path: Path, folder: Path) -> None:
    log = plain_log(256)
    cosign(laid(tmp_path, log.bodies), folder)
    refused(laid(tmp_path, forged(log, 255), "other"), folder, "两个不同的根.*two heads of 256")


@pytest.mark.parametrize(("kept", "at"), [(1, 0), (255, 254), (256, 0), (257, 256), (300, 128)])
def test_a_log_that_rewrote_what_was_cosigned_is_refused(
    kept: int, at: int, tmp_path: Path, folder: Path
) -> None:
    log = plain_log(400)
    cosign(laid(tmp_path, log.bodies[:kept]), folder)
    refused(laid(tmp_path, forged(log, at), "other"), folder, "不是上次.*的延续.*does not begin with")
    cosign(laid(tmp_path, forged(log, kept), "new"), folder)  # only what came later is another


def test_what_the_log_did_not_sign_is_refused(tmp_path: Path, folder: Path) -> None:
    log = plain_log(3)
    lay_down_log(tmp_path / "site", log.bodies, [SOMEBODY_ELSE])
    refused(tmp_path / "site/log", folder, "not signed with the key given")
    place = laid(tmp_path, log.bodies)
    head = place / "checkpoint"
    head.write_text(head.read_text().replace("log\n3\n", "log\n4\n"))
    refused(place, folder, "signature of disclosure.example/log is not valid")
    refused(tmp_path / "nowhere", folder, "can not be read")


def test_tiles_that_do_not_lead_to_the_signed_root_are_refused(tmp_path: Path, folder: Path) -> None:
    log = plain_log(300)
    place = laid(tmp_path, log.bodies)
    (place / "checkpoint").write_text(str(checkpoint_of([leaf_hash(body) for body in forged(log, 5)])))
    refused(place, folder, "do not lead to the root")
    (place / "tile/0/001.p/44").write_bytes(bytes(31))
    refused(place, folder, "tile of the log is too short")


def test_a_memory_that_somebody_else_put_there_is_refused(tmp_path: Path, folder: Path) -> None:
    log = plain_log(300)
    cosign(laid(tmp_path, log.bodies), folder)
    (memory,) = folder.glob("*.checkpoint")
    memory.write_text(str(checkpoint_of([leaf_hash(body) for body in log.bodies[:2]])))
    refused(tmp_path / "site/log", folder, "was not left there by this witness")


def test_it_runs_alone_as_one_file(tmp_path: Path) -> None:
    """Isolated from the portal and from everything in this folder."""
    place = laid(tmp_path, plain_log(7).bodies)
    program = tmp_path / "witness.py"
    program.write_text((ROOT / "portal" / "witness.py").read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-I", program, "--name", NAME, "--log", KEY, place]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.count("\n— ") == 2
    assert NAME in run.stderr
    assert (tmp_path / "witness" / "witness.key").stat().st_mode & 0o077 == 0
    command[-1] = tmp_path
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=os.environ)
    assert (again.returncode, again.stdout) == (1, "")
