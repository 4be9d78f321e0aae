"""What a program is told when it can not be answered: RFC 9457, in both languages, with what to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Request, Response, json
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException

from portal.web.rendering import said
from portal.words import Sentence, say

MEDIA_TYPE = "application/problem+json"
FOR_MACHINES = ("/api/", "/push/", "/openapi.json")
FOR_PEOPLE = ("/api/",)  # the documentation is a page
HELP = "/api/"

WHAT_TO_DO: Mapping[int, Sentence] = {
    400: say("请求有误，请对照 /api/ 的说明检查后再试。"),
    401: say("没有给出有效的密钥，请检查 Authorization 请求头。"),
    403: say("这把密钥不能做这件事，请联系本站管理人员。"),
    404: say("没有这个地址或者这条记录。请核对编号；全部地址写在 /openapi.json 里。"),
    405: say("这个地址不接受这种请求方法，可以用的写在 Allow 响应头里。"),
    409: say("从上次读取以来情况已经变了，请重新读取后再试。"),
    410: say("这条记录已经停止公示，副本请一并删除。"),
    413: say("内容太大，请分成几次发送。"),
    414: say("地址太长，请减少条件后再试。"),
    415: say("不接受这种格式，请按 /openapi.json 写明的格式发送。"),
    422: say("内容不符合要求，请对照 /openapi.json 检查后再试。"),
    429: say("请求太频繁，请按 Retry-After 响应头等一会儿再试。"),
    451: say("这条记录暂停公示，副本请一并停止显示。"),
    503: say("暂时不能回答，请稍后再试。"),
}
OTHERWISE = say("网站出了问题，已经记录下来，请稍后再试。")


@dataclass(frozen=True)
class Wrong:
    """One parameter that can not be taken, and what to do about it."""

    parameter: str
    sentence: Sentence


def is_for_machines(asked: Request) -> bool:
    """Whether whoever asks reads JSON: errors there are problems, not pages."""
    return asked.path.startswith(FOR_MACHINES) and asked.path not in FOR_PEOPLE


def what_to_do(status: int) -> Sentence:
    """The sentence that goes with a status where nothing more is known."""
    return WHAT_TO_DO.get(status, OTHERWISE)


def problem(
    status: int,
    sentences: Iterable[object] = (),
    *,
    wrong: Sequence[Wrong] = (),
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """A problem document.

    :param sentences: why not; those without their English are left out, and where none is left the usual one stands.
    :param wrong: the parameters that can not be taken, each named.
    :param members: more that a program may want to know, such as what is left of a record.
    """
    told = [each for each in (*sentences, *(each.sentence for each in wrong)) if isinstance(each, Sentence)]
    told = told or [what_to_do(status)]
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "".join(told),
        "detail_en": in_english(told),
        "help": HELP,
        **members,
    }
    if wrong:
        body["errors"] = [_named(each) for each in wrong]
    text = json.dumps(body, ensure_ascii=False, sort_keys=False) + "\n"
    response = Response(text, status, content_type=MEDIA_TYPE)
    response.headers.update(headers or {})
    return response


def of(error: HTTPException) -> Response:
    """The problem of an HTTP error, with the headers that belong to it (``Allow``, ``Retry-After``)."""
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return problem(error.code or 500, headers=kept)


def in_english(sentences: Iterable[Sentence]) -> str:
    """Some sentences in English, one after the other."""
    with force_locale("en"):
        return " ".join(said(each) for each in sentences)


def _named(wrong: Wrong) -> dict[str, str]:
    return {
        "parameter": wrong.parameter,
        "detail": str(wrong.sentence),
        "detail_en": in_english([wrong.sentence]),
    }
