"""What somebody types for a draw, line by line. Pure."""

from collections.abc import Iterator

from portal.codes.book import CodeBook
from portal.draws.pool import GROUNDS
from portal.draws.wanted import Conditions
from portal.words import Sentence, say


def items_of(text: str) -> list[dict[str, str]]:
    """Items, one a line: code, space, name; a line of one word is a name.

    >>> items_of("B05 获证食品经营单位监督检查")
    [{'item_code': 'B05', 'item': '获证食品经营单位监督检查'}]
    """
    parts = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [
        {"item_code": each[0], "item": each[1].strip()} if len(each) == 2 else {"item": each[0]}
        for each in parts
    ]


def exclusions_of(text: str) -> tuple[dict[str, str], list[Sentence]]:
    """The ground of each code, one a line: code, space, ground by its code or its words; and what can not be read."""
    grounds = {str(label): name for name, label in GROUNDS.items()} | {name: name for name in GROUNDS}
    found: dict[str, str] = {}
    problems = []
    for line in filter(str.strip, text.splitlines()):
        code, _space, ground = line.strip().partition(" ")
        if ground.strip() in grounds:
            found[code] = grounds[ground.strip()]
        else:
            problems.append(
                say(
                    "排除名单的“{line}”没有可用的理由；请写明其中一项：{grounds}。",
                    line=line.strip()[:80],
                    grounds="、".join(map(str, GROUNDS.values())),
                )
            )
    return found, problems


def conditions_words(conditions: Conditions, book: CodeBook) -> str:
    """The conditions as the announcement says them; never by risk class (W2)."""
    return "；".join(_conditions(conditions, book))


def _conditions(conditions: Conditions, book: CodeBook) -> Iterator[str]:
    if conditions.kinds:
        yield "对象类型：" + "、".join(book.label("entity_type", each) for each in conditions.kinds)
    if conditions.regions:
        yield "地区：" + "、".join(book.label("region", each) for each in conditions.regions)
    if conditions.tags:
        yield "标签：" + "、".join(conditions.tags)
