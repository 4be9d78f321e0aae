"""XML that repeats one element with plain children, as registers elsewhere publish it: children become columns.

Read whole, so bounded.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import parse

from portal.errors import Refused
from portal.intake.readers.rows import MAX_COLUMNS, Row, Sheet
from portal.words import say

MAX_XML = 64 * 2**20


def read_flat_xml(path: Path) -> Iterator[Sheet]:
    """One sheet: the names of the children as its head, a row for each record.

    :raises Refused: when it is too large or no element repeats in that shape.
    """
    if path.stat().st_size > MAX_XML:
        raise Refused(say("XML 文件超过{limit}MB，请拆成几个文件后分别导入。", limit=MAX_XML // 2**20))
    tree = parse(str(path), forbid_dtd=True)
    tag = _record_tag(tree)
    records = [_leaves(element) for element in tree.iter(tag)]
    columns = list(dict.fromkeys(name for record in records for name in record))
    if not tag or len(columns) > MAX_COLUMNS:
        raise Refused(say("这个 XML 文件里没有认出表格；请在表格软件里另存为 xlsx 或 CSV 文件后重新上传。"))
    yield Sheet(_local(tag), _rows(columns, records))


def _record_tag(tree: Any) -> str:
    """The element whose plain children are most in number over the whole file."""
    plain: Counter[str] = Counter()
    for element in tree.iter():
        plain[element.tag] += sum(1 for child in element if len(child) == 0)
    return max(plain, key=lambda tag: plain[tag], default="") if any(plain.values()) else ""


def _leaves(element: Any) -> dict[str, str]:
    return {
        _local(leaf.tag): " ".join("".join(leaf.itertext()).split())
        for leaf in element.iter()
        if len(leaf) == 0
    }


def _rows(columns: list[str], records: list[dict[str, str]]) -> Iterator[Row]:
    yield Row(1, list(columns))
    for number, record in enumerate(records, 2):
        yield Row(number, [record.get(column) for column in columns])


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
