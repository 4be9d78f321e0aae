"""A parameter's text against its JSON Schema, as far as parameters need it. Pure."""

import re
from datetime import date
from typing import Any

from portal.words import Sentence, say

Schema = dict[str, Any]

INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LISTED = 40  # values that a sentence names; of more, only where they are


def unfit(name: str, schema: Schema, text: str, example: Any) -> Sentence | None:
    """Why a parameter can not be taken; None when it can.

    >>> unfit("limit", {"type": "integer", "minimum": 1, "maximum": 100}, "x", 20)
    '参数limit应当是1到100之间的整数，例如limit=20。'
    >>> unfit("limit", {"type": "integer", "minimum": 1, "maximum": 100}, "7", 20)
    """
    if schema["type"] == "integer":
        return _integer(name, schema, text, example)
    if "enum" in schema and text not in schema["enum"]:
        return _not_listed(name, schema["enum"], text)
    if schema.get("format") == "date" and not is_day(text):
        return say("参数{name}应当是日期，写成{name}={example}的样子。", name=name, example=example)
    if len(text) > schema.get("maxLength", len(text)):
        return say("参数{name}最多{most}个字，请缩短后再试。", name=name, most=schema["maxLength"])
    if len(text) < schema.get("minLength", 0):
        return say("参数{name}是空的，请填写或者去掉，例如{name}={example}。", name=name, example=example)
    if "pattern" in schema and not re.search(schema["pattern"], text):
        return say("参数{name}的写法不对，例如{name}={example}。", name=name, example=example)
    return None


def is_day(text: str) -> bool:
    """Whether a text is a day as RFC 3339 writes it."""
    try:
        return ISO_DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _integer(name: str, schema: Schema, text: str, example: Any) -> Sentence | None:
    least, most = schema["minimum"], schema["maximum"]
    if INTEGER.fullmatch(text) and least <= int(text) <= most:
        return None
    return say(
        "参数{name}应当是{least}到{most}之间的整数，例如{name}={example}。",
        name=name,
        least=least,
        most=most,
        example=example,
    )


def _not_listed(name: str, listed: list[str], text: str) -> Sentence:
    return say(
        "参数{name}没有“{value}”这个值。可以用的有：{known}。",
        name=name,
        value=text[:40],
        known="、".join(listed[:LISTED]) + ("……" if len(listed) > LISTED else ""),
    )
