"""The demo's facts: CSV files beside this package, with what each cell may hold besides words."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

from portal.codes.seed import Row, read_rows

# ⟦ground|words⟧ is a part that will be withheld
_WITHHELD = re.compile(r"⟦(?P<ground>\w+)\|(?P<words>[^⟧]*)⟧")

# 隐去依据, as an office would write them
BASES = {
    "trade_secret": "《中华人民共和国政府信息公开条例》第十五条",
    "personal_info": "《中华人民共和国个人信息保护法》第二十五条",
    "state_secret": "《中华人民共和国政府信息公开条例》第十四条",
}


@lru_cache
def facts(name: str) -> tuple[Row, ...]:
    """The rows of one file in ``portal/demo/data``; shared, not to be changed."""
    return tuple(read_rows(files("portal.demo") / "data" / f"{name}.csv"))


def without_marks(text: str) -> str:
    """The words as the office knows them."""
    return _WITHHELD.sub(lambda match: match["words"], text)


def marks_in(text: str, path: str) -> list[dict[str, Any]]:
    """The parts to withhold, as marks on the text without its brackets.

    >>> marks_in("使用⟦trade_secret|某配方⟧生产", "problem")[0]["start"], without_marks("使⟦a|用⟧")
    (2, '使用')
    """
    marks, removed = [], 0
    for match in _WITHHELD.finditer(text):
        start = match.start() - removed
        marks.append(mark(path, match["ground"], start, start + len(match["words"])))
        removed += len(match[0]) - len(match["words"])
    return marks


def mark(path: str, ground: str, start: int | None = None, end: int | None = None) -> dict[str, Any]:
    """A mark without the person who sets it."""
    return {"path": path, "start": start, "end": end, "ground": ground, "basis": BASES[ground], "note": ""}
