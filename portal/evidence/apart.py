"""A stranger's file is parsed in a process apart, with little memory, little time and nothing of ours to read.

Decoders of photos and PDFs are large C libraries. What breaks one of them breaks the child; the portal goes on
and says that the file could not be opened. The serving process never loads them.
"""

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal.evidence.unfit import SENTENCES, Unfit

Judge = Callable[[bytes], bytes]
"""The file in, its copy for viewing out (empty: none); raises :class:`Unfit`."""

PATIENCE = 60  # seconds of wall-clock on a busy machine, in the queue and again at work


@dataclass(frozen=True)
class Limits:
    """What a child may use: bytes of address space, seconds of processor time."""

    memory: int = 3 * 2**29  # a photo of 80 megapixels, decoded and turned
    seconds: int = 20


LIMITS = Limits()

_ROOT = Path(__file__).resolve().parents[2]
_FIT, _UNFIT = b"+", b"-"
_FRUGAL = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}  # threads would take address space
_turns = threading.BoundedSemaphore(2)  # a crowd of photos must not take the machine's memory at once


def judge_apart(module: str, data: bytes, patience: float = PATIENCE) -> bytes:
    """Let a module of ours judge the bytes in a child; its copy for viewing, or nothing.

    :param module: such as ``portal.evidence.photo``.
    :param patience: seconds of wall-clock it may work.
    :raises Unfit: as the child says, or ``slow`` when it died, and ``busy`` when none could be started.
    """
    command = [sys.executable, "-B", "-P", "-m", module]
    if not _turns.acquire(timeout=PATIENCE):
        raise Unfit("busy")
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=patience, env=_bare(), check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unfit("slow") from error
    except OSError as error:
        raise Unfit("busy") from error
    finally:
        _turns.release()
    mark, said = done.stdout[:1], done.stdout[1:]
    if done.returncode == 0 and mark == _FIT:
        return said
    why = said.decode("ascii", "replace")
    raise Unfit(why if mark == _UNFIT and why in SENTENCES else "slow")


def answer(judge: Judge, broken: str, limits: Limits = LIMITS) -> None:
    """In the child: judge what comes in, answer on standard output. ``broken``: why, when the parser gives up."""
    _confine(limits)
    data = sys.stdin.buffer.read()
    sys.stdout.buffer.write(verdict(judge, broken, data))
    sys.stdout.buffer.flush()
    os._exit(0)  # a decoder's clean-up after a hostile file is not worth a crash


def verdict(judge: Judge, broken: str, data: bytes) -> bytes:
    """What the child answers: the copy for viewing, or why not."""
    try:
        return _FIT + judge(data)
    except Unfit as unfit:
        return _UNFIT + unfit.why.encode()
    except MemoryError:
        return _UNFIT + b"slow"
    except Exception:  # parsers of hostile bytes raise whatever they like
        return _UNFIT + broken.encode()


def _bare() -> dict[str, str]:
    """No keys and no database addresses in the child's reach."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", **_FRUGAL}


def _confine(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        with suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(what, (most, most))
