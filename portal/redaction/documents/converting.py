"""Word and Excel files made into PDF by LibreOffice, in a folder of its own that is gone afterwards.

LibreOffice is no part of the portal's package; without it office files are refused with the way round. What runs
has limits, a profile that runs no macros and fetches nothing, and where the system lets us, no network at all.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from portal.evidence.unfit import Unfit

PROGRAM = "soffice"
PATIENCE = 90  # seconds of wall-clock, in the queue and again at work
SECONDS = 60  # of processor time
MEMORY = 6 * 2**30  # bytes of address space
LARGEST = 200 * 2**20  # bytes of one file it writes

_turns = threading.BoundedSemaphore(1)

_SETTINGS = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "/org.openoffice.Office.Calc/Content/Update": {"Link": "1"},
    "/org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        **{f"ooInet{kind}ProxyName": "127.0.0.1" for kind in ("HTTP", "HTTPS", "FTP")},
        **{f"ooInet{kind}ProxyPort": "9" for kind in ("HTTP", "HTTPS", "FTP")},
    },
}
_PROPERTY = '<prop oor:name="{}" oor:op="fuse"><value>{}</value></prop>'
_ITEM = '<item oor:path="{}">{}</item>'
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}</oor:items>'
)


def is_there() -> bool:
    """Whether office files can be converted on this machine."""
    return shutil.which(PROGRAM) is not None


def converted(data: bytes, suffix: str, to: str = "pdf") -> bytes:
    """An office file in another form.

    :param suffix: the content's own, such as ``.docx``.
    :param to: the form wanted, as LibreOffice names it.
    :raises Unfit: when there is no LibreOffice, or it makes nothing of the file in time.
    """
    if not is_there():
        raise Unfit("office_unconverted")
    if not _turns.acquire(timeout=PATIENCE):
        raise Unfit("busy")
    try:
        with tempfile.TemporaryDirectory(prefix="portal-office-") as folder:
            return _in_folder(Path(folder), data, suffix, to)
    finally:
        _turns.release()


def _in_folder(folder: Path, data: bytes, suffix: str, to: str) -> bytes:
    given = folder / f"given{suffix}"
    given.write_bytes(data)
    _write_profile(folder / "profile")
    command = [
        *_without_network(), sys.executable, "-B", "-P", "-m", __name__,
        PROGRAM, f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--norestore", "--nolockcheck",
        "--nodefault", "--convert-to", to, "--outdir", str(folder / "made"), str(given),
    ]  # fmt: skip
    _run(command, folder)
    made = folder / "made" / f"given.{to.partition(':')[0]}"
    if not made.is_file():
        raise Unfit("office_unreadable")
    return made.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Run to its end; whatever it started goes with it."""
    working = subprocess.Popen(
        command,
        cwd=folder,
        env=_bare(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        working.wait(PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise Unfit("slow") from error
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(working.pid, signal.SIGKILL)
        working.wait()


def _bare(folder: Path) -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[3])
    known = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return known | {"PYTHONPATH": root, "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}


def _write_profile(folder: Path) -> None:
    items = "".join(
        _ITEM.format(path, "".join(_PROPERTY.format(*each) for each in values.items()))
        for path, values in _SETTINGS.items()
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(items), encoding="utf-8")


@cache
def _without_network() -> tuple[str, ...]:
    """The words before a command by which Linux gives it no network; none where that is not allowed."""
    words = ("unshare", "--map-root-user", "--net")
    if shutil.which(words[0]) is None:
        return ()
    tried = subprocess.run([*words, "true"], capture_output=True, check=False)
    return words if tried.returncode == 0 else ()


def _become(command: list[str]) -> None:
    """In the child: take limits on, then be the program."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    os.execvp(command[0], command)


if __name__ == "__main__":
    _become(sys.argv[1:])
