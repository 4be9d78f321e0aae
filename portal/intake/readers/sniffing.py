"""What a file is, by its content. A file that is no table gets a sentence that says what it is instead."""

import codecs
import mmap
import zipfile
from pathlib import Path
from typing import Literal

from portal.errors import Refused
from portal.words import Sentence, say

Shape = Literal["csv", "xlsx", "xls", "html", "spreadsheetml", "flat_xml"]

MAX_BYTES = 256 * 2**20
MAX_UNPACKED = 512 * 2**20
MAX_MEMBERS = 2_000
MAX_RATIO = 200  # an honest workbook of 100,000 rows packs about 1 to 12

_FOREIGN: tuple[tuple[bytes, Sentence], ...] = (
    (b"%PDF", say("这是 PDF 文件，不是表格，系统不从中取数；请上传原来的表格文件。")),
    (b"\x89PNG", say("这是图片，不是表格；请上传原来的表格文件。")),
    (b"\xff\xd8\xff", say("这是图片，不是表格；请上传原来的表格文件。")),
    (b"GIF8", say("这是图片，不是表格；请上传原来的表格文件。")),
    (b"Rar!", say("这是压缩包；请解压后上传里面的表格文件。")),
    (b"7z\xbc\xaf\x27\x1c", say("这是压缩包；请解压后上传里面的表格文件。")),
    (b"\x1f\x8b", say("这是压缩包；请解压后上传里面的表格文件。")),
    (b"{\\rtf", say("这是文字处理文档，不是表格；请把表格另存为 xlsx 或 CSV 文件后重新上传。")),
    (b"MZ", say("这是程序，不是表格；请上传表格文件。")),
    (b"\x7fELF", say("这是程序，不是表格；请上传表格文件。")),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NESTED = (".zip", ".rar", ".7z", ".gz", ".xlsx", ".xlsm", ".xls", ".docx", ".doc")


def sniff(path: Path) -> Shape:
    """Which reader a file needs.

    :raises Refused: when it is empty, too large, locked, packed, or no table at all.
    """
    if not path.is_file():
        raise Refused(say("没有找到文件{name}；请检查路径后重新导入。", name=path.name))
    size = path.stat().st_size
    if size == 0:
        raise Refused(say("文件是空的；请确认选对了文件，再重新上传。"))
    if size > MAX_BYTES:
        raise Refused(say("文件超过{limit}MB，请拆成几个文件后分别导入。", limit=MAX_BYTES // 2**20))
    with path.open("rb") as file:
        start = file.read(8192)
    for magic, sentence in _FOREIGN:
        if start.startswith(magic):
            raise Refused(sentence)
    if start.startswith(b"PK"):
        return _look_into_zip(path)
    if start.startswith((_OLE, *_OLD_EXCEL)):
        return _look_into_ole(path)
    return _look_at_text(start)


def _look_into_zip(path: Path) -> Shape:
    """Before anything is unpacked: is it a workbook, and does it stay within bounds?"""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as broken:
        raise Refused(_damaged()) from broken
    if len(members) > MAX_MEMBERS:
        raise Refused(
            say(
                "文件里面的部件超过{limit}个，不像是表格，没有打开；"
                "请在表格软件里另存为 xlsx 或 CSV 文件后重新上传。",
                limit=MAX_MEMBERS,
            )
        )
    _refuse_a_bomb(members, path.stat().st_size)
    _refuse_other_archives({each.filename for each in members})
    if any(each.flag_bits & 1 for each in members):
        raise Refused(_locked())
    return "xlsx"


def _refuse_a_bomb(members: list[zipfile.ZipInfo], packed: int) -> None:
    """The sizes in the directory bind: Python's reader stops at them, so they can not lie downward."""
    unpacked = sum(each.file_size for each in members)
    if unpacked > MAX_UNPACKED or (unpacked > 32 * 2**20 and unpacked > MAX_RATIO * packed):
        raise Refused(
            say(
                "文件解开后有{size}MB，超出限度，没有打开；请拆成几个文件后分别导入。", size=unpacked // 2**20
            )
        )


def _refuse_other_archives(names: set[str]) -> None:
    lower = {name.lower() for name in names}
    if "xl/workbook.xml" not in lower:
        if "xl/workbook.bin" in lower:
            raise Refused(
                say(
                    "这是二进制工作簿（xlsb），系统不能读取；请在表格软件里另存为 xlsx 或 CSV 文件后重新上传。"
                )
            )
        if "content.xml" in lower:
            raise Refused(
                say(
                    "这是开放文档格式的文件（ods 等），系统不能读取；请在表格软件里另存为 xlsx 或 CSV 文件后重新上传。"
                )
            )
        if any(name.startswith(("word/", "ppt/")) for name in lower):
            raise Refused(say("这是文字或者演示文档，不是表格；请把表格另存为 xlsx 或 CSV 文件后重新上传。"))
        raise Refused(say("这是压缩包；请解压后上传里面的表格文件。"))
    nested = sorted(name for name in lower if name.startswith("xl/embeddings/") or name.endswith(_NESTED))
    if nested:
        raise Refused(
            say("工作簿里嵌有另一个文件（{name}），没有打开；请删除嵌入的文件后重新上传。", name=nested[0])
        )


def _look_into_ole(path: Path) -> Shape:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        if whole.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise Refused(_locked())
        if whole.find("WordDocument".encode("utf-16-le")) >= 0:
            raise Refused(say("这是文字或者演示文档，不是表格；请把表格另存为 xlsx 或 CSV 文件后重新上传。"))
    return "xls"


def _look_at_text(start: bytes) -> Shape:
    head = _as_text(start).lstrip("\ufeff \t\r\n").lower()
    if head.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in head:
            return "spreadsheetml"
        if any(tag in head for tag in ("<html", "<table", "<!doctype html", "<meta")):
            return "html"
        if head.startswith("<?xml") or head.endswith(">"):
            return "flat_xml"
        return "html"
    if head.startswith(("{", "[{")):
        raise Refused(say("这是 JSON 文件，不是表格；请在表格软件里另存为 xlsx 或 CSV 文件后重新上传。"))
    return "csv"


def _as_text(start: bytes) -> str:
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return start[len(bom) :].decode(encoding, "replace")
    if b"\x00" in start:
        raise Refused(
            say("无法识别这个文件，它既不是表格也不是文本；请在表格软件里另存为 xlsx 或 CSV 文件后重新上传。")
        )
    return start.decode("utf-8", "replace")


def _damaged() -> Sentence:
    return say("文件已损坏，打不开；请在表格软件里打开检查，另存后重新上传。")


def _locked() -> Sentence:
    return say("文件设了密码，打不开；请取消密码保护后重新上传。")
