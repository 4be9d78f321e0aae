"""Whether an office file still holds what was struck out of it. Run on files that were judged to be such archives."""

import io
import re
import zipfile

_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_STRUCK = re.compile(rb"<(w:|[A-Za-z0-9]+:)?(ins|del|moveFrom|moveTo)[\s/>]")
_LONGEST = 64 * 2**20  # bytes of one part, unpacked


def has_revisions(data: bytes) -> bool:
    """Whether changes of a docx or xlsx file are kept beside what they changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if any(name.lower().startswith("xl/revisions/") for name in names):
            return True
        return any(_STRUCK.search(_start(archive, name)) for name in names if _PARTS.fullmatch(name.lower()))


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_LONGEST)
