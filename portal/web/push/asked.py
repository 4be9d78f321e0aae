"""A request's body as a push, or the problem with it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from portal.intake.pushing import Push
from portal.publications.kinds import KINDS
from portal.web.problems import Wrong, problem
from portal.web.push.shapes import BATCH_NAME, LONGEST_KEY
from portal.words import say

MEMBERS = ("kind", "batch", "records")
MOST_BYTES = 8 * 1024 * 1024  # of a request: ten thousand rows of the widest table
DEEPEST = 20  # of what is nested in another; a record has three


def asked_push() -> Push | Response:
    """What is pushed, or a problem that says what is wrong with the body as a whole."""
    if not request.is_json:
        return problem(415)
    # what is sent in chunks does not say how long it is
    if (request.content_length or 0) > MOST_BYTES or len(request.get_data()) > MOST_BYTES:
        return problem(413)
    try:
        body = request.get_json()
        json.dumps(
            body, ensure_ascii=False, allow_nan=False
        ).encode()  # half characters, numbers that are none
    except (BadRequest, RecursionError, ValueError):
        return problem(400, [say("请求的内容不是JSON；请检查括号、引号和逗号，用UTF-8编码发送。")])
    wrong = list(_wrong(body))
    if wrong:
        return problem(400, wrong=wrong)
    key = request.headers.get("Idempotency-Key", "").strip()
    return Push(body["kind"], body["records"], batch=body.get("batch", ""), key=key)


def _wrong(body: object) -> Iterator[Wrong]:
    if not isinstance(body, Mapping):
        yield Wrong("", say("请求的内容应当是一个JSON对象，里面有 kind 和 records。"))
        return
    for name in body.keys() - {*MEMBERS}:
        yield Wrong(
            f"/{name[:40]}",
            say("请求里没有“{name}”这一项；可以用的有：kind、batch、records。", name=name[:40]),
        )
    if body.get("kind") not in [*KINDS]:
        yield Wrong("/kind", say("kind 请写 list、plan、task 或者 result。"))
    if not isinstance(body.get("records"), list):
        yield Wrong("/records", say("records 应当是一个数组，每条记录一个对象。"))
    elif any(_depth(each) > DEEPEST for each in body["records"]):
        yield Wrong("/records", say("有的记录层数太多；请对照 /openapi.json 里的字段填写。"))
    yield from _wrong_names(body)


def _wrong_names(body: Mapping[str, Any]) -> Iterator[Wrong]:
    batch, key = body.get("batch", "x"), request.headers.get("Idempotency-Key", "")
    if not isinstance(batch, str) or not re.fullmatch(BATCH_NAME["pattern"], batch):
        yield Wrong("/batch", say("batch 请用1到60个字母、数字、点、下划线或者连字符。"))
    if len(key) > LONGEST_KEY:
        yield Wrong(
            "Idempotency-Key", say("Idempotency-Key 最多{most}个字符，请换一个短的。", most=LONGEST_KEY)
        )
    if "Idempotency-Key" in request.headers and not key.strip():
        yield Wrong(
            "Idempotency-Key",
            say("Idempotency-Key 是空的，断线以后重发就认不出来；请填写，或者去掉这个请求头。"),
        )


def _depth(value: object) -> int:
    """How deep things are nested in each other; counts no further than it has to."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        level = [
            inner
            for each in level
            if isinstance(each, Mapping | list)
            for inner in (each.values() if isinstance(each, Mapping) else each)
        ]
        depth += 1
    return depth
