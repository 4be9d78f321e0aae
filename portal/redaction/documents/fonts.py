"""The Chinese font of this machine, for the words on a box."""

from functools import cache
from pathlib import Path

_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@cache
def chinese() -> str:
    """Where a font with Chinese letters stands; empty when there is none: boxes stay black without one."""
    found = [path for folder in _FOLDERS for path in folder.rglob("*CJK*-Regular.*")]
    found.sort(key=lambda path: ("Sans" not in path.name, path.name))
    return str(found[0]) if found else ""
