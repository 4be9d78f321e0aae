"""What stands in an index: the tokens of many texts as they were when the edition of the terms was made."""

import json
from pathlib import Path
from typing import Any

import pytest

from portal.search.documents import Document
from portal.search.terms import Line, line_terms, name_key, number_key, terms, ways

FROZEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "fixtures" / "search_tokens.json").read_text()
)
CHANGED = "then the indexes that stand hold other tokens: raise EDITION in portal/search/terms.py"


@pytest.mark.parametrize("row", FROZEN, ids=[ascii(row["text"])[:40] for row in FROZEN])
def test_a_text_is_cut_as_it_was(row: dict[str, Any]) -> None:
    text = row["text"]
    assert flat(line_terms(text, False)) == row["plain"], CHANGED
    assert flat(line_terms(text, True)) == row["called"], CHANGED
    assert (number_key(text), name_key(text)) == (row["number"], row["name"]), CHANGED
    assert [[list(way) for way in piece] for piece in ways(text)] == row["ways"], CHANGED


def flat(line: Line) -> list[object]:
    return [line.next, *([token.text, token.position] for token in line.tokens)]


def test_a_gap_of_one_position_stands_between_the_lines_of_a_document() -> None:
    document = Document(
        "JG-2026-000001", "result", "示例A店", "scjg", lines=("乙", "丙-丁"), numbers=("12345",)
    )
    found = [(token.text, token.position) for token in terms(document) if token.text[0] != "\x02"]
    assert found == [
        ("\x0312345", 0), ("\x04示例a店", 0), ("示例", 0), ("例", 1), ("a", 2), ("店", 3), ("乙", 5), ("丙", 7), ("丁", 9),
    ]  # fmt: skip
