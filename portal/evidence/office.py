"""Word, Excel and OFD files: zip archives with the right members and nothing that runs.

Run in a process apart, see :mod:`portal.evidence.apart`.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from portal.evidence.apart import answer
from portal.evidence.unfit import Unfit

MOST_MEMBERS = 4000
MOST_BYTES = 256 * 2**20  # of all members, inflated
MOST_RATIO = 300  # XML of a long table is packed about 1 : 30
MOST_RELATIONS = 4 * 2**20
_CHUNK = 2**20

_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ofd.xml": "ofd"}
_OTHERS = {"ppt/presentation.xml", "mimetype", "visio/document.xml", "xl/workbook.bin"}
_TYPES = "[content_types].xml"
_MACROS = re.compile(r"vbaproject|vbadata|(^|/)macrosheets/|\.(xlm|vba)$")
_RUNS = re.compile(
    r"(^|/)(embeddings/.*\.(bin|xlsm|xlsb|docm|pptm)|activex/|customui/)|\.(exe|dll|scr|js|vbs|bat|ps1|lnk|jar|html?|mht|rtf)$"
)
_OUTSIDE = ("/hyperlink", "/externalLinkPath", "/xlPathMissing", "/xlExternalLinkPath")
_OWN_DRIVE = re.compile(r"(file:///)?[a-z]:[/\\]")
_ENCRYPTED = 0x1


def judge(data: bytes) -> bytes:
    """The name of the format, in ASCII: nothing of the file is made for viewing.

    :raises Unfit: for archives of other things, macros, embedded programs, passwords and bombs.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        names = [member.filename.replace("\\", "/").lower() for member in members]
        format = _format(names)
        _refuse_bombs(members, len(data))
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise Unfit("office_locked")
        if any(_MACROS.search(name) for name in names):
            raise Unfit("office_macros")
        if any(_RUNS.search(name) for name in names):
            raise Unfit("office_embedded")
        _read_through(archive, members)
    return format.encode()


def _format(names: list[str]) -> str:
    found = {_MAIN[name] for name in names if name in _MAIN}
    if len(found) != 1 or len(set(names)) != len(names) or any(_climbs(name) for name in names):
        raise Unfit("office_other" if _OTHERS & set(names) else "archive")
    format = found.pop()
    if format != "ofd" and _TYPES not in names:
        raise Unfit("archive")
    return format


def _climbs(name: str) -> bool:
    return name.startswith("/") or ":" in name or ".." in name.split("/")


def _refuse_bombs(members: list[zipfile.ZipInfo], packed: int) -> None:
    size = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or size > MOST_BYTES or size > MOST_RATIO * packed:
        raise Unfit("bomb")


def _read_through(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Inflate all of it once, counting: the sizes the archive states are a stranger's words."""
    left = MOST_BYTES
    for member in members:
        name = member.filename.lower()
        kept = b""
        for chunk in _inflated(archive, member):
            left -= len(chunk)
            if left < 0:
                raise Unfit("bomb")
            if name.endswith(".rels") or name == _TYPES:
                kept += chunk
                if len(kept) > MOST_RELATIONS:
                    raise Unfit("bomb")
        if kept:
            _look_into(name, kept)


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _look_into(name: str, xml: bytes) -> None:
    root = fromstring(xml, forbid_dtd=True)
    for element in root.iter():
        if name == _TYPES and _runs(element.get("ContentType", "").lower()):
            raise Unfit("office_macros")
        if element.get("Type", "").lower().endswith("vbaproject"):
            raise Unfit("office_macros")
        if element.get("TargetMode", "").lower() == "external" and _fetches(element):
            raise Unfit("office_embedded")


def _fetches(relation: Element) -> bool:
    """Whether opening the document would ask another machine; a drive of the writer's own is none."""
    target = relation.get("Target", "").lower()
    return not relation.get("Type", "").endswith(_OUTSIDE) and not _OWN_DRIVE.match(target)


def _runs(media_type: str) -> bool:
    return "macroenabled" in media_type or "vbaproject" in media_type


if __name__ == "__main__":
    answer(judge, broken="office_broken")
