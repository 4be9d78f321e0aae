"""CSV and tab-separated text."""

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

from portal.errors import Refused
from portal.intake.readers.rows import Cell, Formula, Row, Sheet
from portal.intake.readers.text import encoding_of
from portal.words import say

_DELIMITERS = ",\t;"


def read_csv(path: Path) -> Iterator[Sheet]:
    """One sheet. A row's number is its place among the records, as a spreadsheet shows it."""
    encoding = encoding_of(path)
    delimiter = _delimiter(path, encoding)
    yield Sheet("", _rows(path, encoding, delimiter))


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        start = "".join(itertools.islice(file, 20))
    return max(_DELIMITERS, key=start.count)


def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            line = reader.line_num + 1
            try:
                texts = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _not_a_row(line) from error
            yield Row(number, [_cell(text) for text in texts])


def _not_a_row(line: int) -> Refused:
    return Refused(
        say(
            "从第{line}行起引号不成对，分不清各列，整个文件没有导入；请检查这一行的引号，"
            "或者在表格软件里另存后重新上传。",
            line=line,
        )
    )


def _cell(text: str) -> Cell:
    if not text.startswith("="):
        return text
    # ="9133…" is how exports keep a spreadsheet from making a number of a code: a text, not a formula
    if len(text) > 2 and text[1] == text[-1] == '"' and '"' not in text[2:-1]:
        return text[2:-1]
    return Formula(text)
