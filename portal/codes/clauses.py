"""A clause as it is quoted, in English. Pure."""

import re

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_UNITS = {"条": "Article", "款": "paragraph", "项": "item", "部分": "Part", "章": "Chapter"}
_PIECE = re.compile(r"第([零一二三四五六七八九十百]+)(部分|[条款项章])")


def clause_in_english(clause: str) -> str:
    """The English of a clause; what is no clause stays as it is.

    >>> clause_in_english("第二十八条第四项"), clause_in_english("第六条、第二部分第六项")
    ('Article 28 item 4', 'Article 6, Part 2 item 6')
    """
    return ", ".join(_one(each) for each in clause.split("、"))


def _one(clause: str) -> str:
    pieces = _PIECE.findall(clause)
    if "".join(f"第{number}{unit}" for number, unit in pieces) != clause:
        return clause
    return " ".join(f"{_UNITS[unit]} {number_of(number)}" for number, unit in pieces)


def number_of(chinese: str) -> int:
    """A whole number below a thousand, as laws write it.

    >>> number_of("十"), number_of("二十八"), number_of("一百零三")
    (10, 28, 103)
    """
    hundreds, _, rest = chinese.rpartition("百")
    tens, ten, ones = rest.lstrip("零").rpartition("十")
    return (
        100 * (_DIGITS[hundreds] if hundreds else 0)
        + 10 * (_DIGITS[tens] if tens else 1 if ten else 0)
        + (_DIGITS[ones] if ones else 0)
    )
