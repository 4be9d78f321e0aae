"""What lies beside the data of an edition: the Frictionless data package, how to read it, the digests.

https://specs.frictionlessdata.io (Data Package and Table Schema). A column of dates, numbers or yes and no may hold a
redaction marker instead: the schema names the markers as missing values of that column.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portal.exports import speaking
from portal.exports.editions import Edition, File
from portal.exports.flat import Column, Table, tables_of
from portal.exports.national import NATIONAL
from portal.publications.kinds import KINDS
from portal.redaction.masking import GROUNDS, marker

PACKAGE, READ_ME, SUMS = "datapackage.json", "README.txt", "SHA256SUMS"
TYPES = {"text": "string", "date": "date", "number": "integer", "yes_no": "boolean"}
MARKERS = [marker(ground) for ground in GROUNDS]
TERMS = (
    "公示内容可以免费取用、转载和再加工，请注明来源和取用时间。公示更正、撤下或者依法删除以后，请同样更正或者删除您的副本；"
    "其中有个人信息的，依照《中华人民共和国个人信息保护法》处理。"
)
TERMS_EN = (
    "Free to take, republish and work with; please name the source and the time of taking. When a record is "
    "corrected, withdrawn or erased, please correct or delete your copy too; personal information in it is subject "
    "to the Personal Information Protection Law of the People's Republic of China."
)


@dataclass(frozen=True)
class Publisher:
    """Whose site this is. ``site`` is its address without a slash at the end."""

    site: str
    name: str
    name_en: str
    place: str
    place_en: str

    @property
    def title(self) -> str:
        return f"{self.place}“双随机、一公开”抽查公示"

    @property
    def title_en(self) -> str:
        return f"{self.place_en} double-random inspection disclosure"

    @property
    def terms(self) -> str:
        """The address of the terms of use."""
        return f"{self.site}/exports/#terms"


def tables() -> Iterator[Table]:
    """Every table of an edition."""
    for kind in KINDS:
        yield from tables_of(kind)
    yield NATIONAL


def complete(folder: Path, edition: Edition, publisher: Publisher) -> Edition:
    """Write package, read-me and digests beside the data of an edition; the edition with them."""
    described = json.dumps(descriptor(edition, publisher), ensure_ascii=False, indent=1) + "\n"
    made = [
        _written(folder / PACKAGE, described, "数据说明（Frictionless Data Package）", "Frictionless Data Package", "application/json"),
        _written(folder / READ_ME, read_me(edition, publisher), "怎样读", "How to read it", "text/plain"),
    ]  # fmt: skip
    files = (*edition.files, *made)
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in files)
    last = _written(folder / SUMS, sums, "校验值", "Checksums", "text/plain")
    return replace(edition, files=(*files, last))


def _written(path: Path, text: str, title: str, title_en: str, media_type: str) -> File:
    data = text.encode()
    path.write_bytes(data)
    return File(path.name, title, title_en, media_type, len(data), hashlib.sha256(data).hexdigest())


# ── the data package ─────────────────────────────────────────


def descriptor(edition: Edition, publisher: Publisher) -> dict[str, Any]:
    """``datapackage.json``."""
    columns = {f"{table.name}.csv.zip": table.columns for table in tables()}
    columns |= {"code_tables.csv": speaking.CODES, "departments.csv": speaking.DEPARTMENTS}
    keys = {f"{table.name}.csv.zip": _keys(table) for table in tables()}
    keys |= {
        "code_tables.csv": {"primaryKey": ["table", "version", "code"]},
        "departments.csv": {"primaryKey": ["code"]},
    }
    return {
        "profile": "data-package",
        "name": "double-random-disclosure",
        "id": f"{publisher.site}/exports/{edition.name}/{PACKAGE}",
        "title": publisher.title,
        "description": publisher.title_en,
        "homepage": f"{publisher.site}/exports/",
        "version": edition.name,
        "created": edition.made_at,
        "contributors": [{"title": publisher.name, "path": publisher.site, "role": "publisher"}],
        "licenses": [{"name": "terms-of-use", "title": TERMS, "path": publisher.terms}],
        "ledger_size": edition.size,
        "changes": _changes(edition, publisher),
        "resources": [
            _table(each, columns[each.name], keys[each.name]) if each.name in columns else _lines(each)
            for each in edition.files
        ],
    }


def _changes(edition: Edition, publisher: Publisher) -> str:
    """Where a copy of the edition goes on from."""
    return f"{publisher.site}/api/v1/changes?after={edition.size - 1}"


def _table(file: File, columns: Sequence[Column], keys: Mapping[str, Any]) -> dict[str, Any]:
    packed = file.name.endswith(".zip")
    inside = {"compression": "zip", "innerpath": file.name.removesuffix(".zip")} if packed else {}
    return {
        **_file(file),
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "encoding": "utf-8-sig",
        **inside,
        "rows": file.rows,
        "schema": {"fields": [_field(each) for each in columns], "missingValues": [""], **keys},
    }


def _lines(file: File) -> dict[str, Any]:
    """JSON Lines: a file to the package's readers, who know tables."""
    return {**_file(file), "profile": "data-resource", "type": "file", "lines": file.rows}


def _file(file: File) -> dict[str, Any]:
    name = file.name.split(".")[0] if ".csv" in file.name else file.name.removesuffix(".gz")
    return {
        "name": name.lower().replace("_", "-"),
        "path": file.name,
        "title": file.title,
        "description": file.title_en,
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }


def _field(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name,
        "type": TYPES[column.type],
        "title": column.label,
        "description": column.label_en,
    }
    if column.type != "text":
        said["missingValues"] = ["", *MARKERS]
    if column.type == "yes_no":
        said |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.table:
        said["codeTable"] = column.table
    return said


def _keys(table: Table) -> dict[str, Any]:
    if table is NATIONAL:
        return {}
    if not table.inside:
        return {"primaryKey": ["number"]}
    target = {"resource": KINDS[table.kind].plural, "fields": ["number"]}
    return {
        "primaryKey": ["number", "row"],
        "foreignKeys": [{"fields": ["number"], "reference": target}],
    }


# ── how to read it ───────────────────────────────────────────


def read_me(edition: Edition, publisher: Publisher) -> str:
    """``README.txt``, in both languages."""
    counts = "，".join(f"{KINDS[kind].label}{count}条" for kind, count in edition.counts.items())
    counts_en = ", ".join(f"{KINDS[kind].label_en}: {count}" for kind, count in edition.counts.items())
    made = edition.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"""{publisher.title} 批量下载
制作时间（UTC）：{made}
公示存证：前{edition.size}行之内的公示都在其中，个别较新的变动也可能在其中。
条数：{counts}。
字段、类型和代码表见 {PACKAGE}；文字为 UTF-8。依法隐去的内容写作〔依法隐去：理由〕。
CSV 供程序读取，编号一律是文字。用表格软件打开时，请用“数据—从文本/CSV”导入，并把编号列设为文本；或者在查找页下载 Excel 表格。
以 = + - @ 开头的文字前加了一个半角撇号（'），以免被表格软件当作公式运行。
核对：sha256sum -c {SUMS}
保持最新：{_changes(edition, publisher)}
使用条件：{TERMS}

{publisher.title_en}, bulk download
Made at (UTC): {made}
Ledger: everything disclosed within its first {edition.size} lines is in here; a few later changes may be too.
Counts: {counts_en}.
Fields, types and code tables: {PACKAGE}; text is UTF-8. What is withheld by law reads 〔依法隐去：ground〕.
The CSV files are for programs; numbers of records are text. In a spreadsheet import them by "Data, From Text/CSV" with
the number columns as text, or download an Excel file from the search page.
A text that begins with = + - @ has an apostrophe (') before it, so that no spreadsheet runs it.
Check: sha256sum -c {SUMS}
Staying current: {_changes(edition, publisher)}
Terms: {TERMS_EN}
"""
