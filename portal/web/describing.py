"""How an address for machines is described: once, beside its view. What is described here is what is checked,
and what ``/openapi.json`` and ``/api/`` say (:mod:`portal.web.openapi`).

    @public.get("/api/v1/publications/<number>")
    @describes(Endpoint("records", say("一条公示"), PUBLICATION, params=(NUMBER,), problems=(404, 410, 451)))
    def api_publication(number: str) -> Body: ...
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal

from flask import Response, json, request

from portal.db import db
from portal.errors import Overtaken, Refused
from portal.search.engine import NotReady
from portal.web.checking import Schema, unfit
from portal.web.problems import Wrong, problem
from portal.words import Sentence, say

Speak = Callable[[Sentence], str]
View = Callable[..., Any]
Body = Mapping[str, Any]

REFUSED = {Overtaken: 409, NotReady: 503}
CARRIED = ("display",)  # on every link of the site; means nothing to a program


@dataclass(frozen=True)
class Shape:
    """A named schema: what an answer or a body holds.

    :param build: makes it, its descriptions in a language; schemas of other shapes by their ``ref``.
    :param uses: those other shapes.
    :param example: makes one that fits.
    """

    name: str
    build: Callable[[Speak], Schema]
    uses: tuple["Shape", ...] = ()
    example: Callable[[], Any] | None = None

    @property
    def ref(self) -> Schema:
        return {"$ref": f"#/components/schemas/{self.name}"}


@dataclass(frozen=True)
class Param:
    """One parameter.

    :param schema: JSON Schema of its value: ``type`` string or integer with ``enum``, ``format: date``,
        ``pattern``, ``minimum``, ``maximum``, ``maxLength``.
    :param known: the values that exist on this site, where they are few: listed in the document.
    :param exists: whether a value exists, where they are many.
    :param see: where the values are to be found.
    """

    name: str
    says: Sentence
    schema: Schema
    example: Any
    where: Literal["query", "path", "header"] = "query"
    required: bool = False
    known: Callable[[], Collection[str]] | None = None
    exists: Callable[[str], bool] | None = None
    see: str = ""

    def full_schema(self) -> Schema:
        """The schema with the values that exist on this site."""
        return self.schema if self.known is None else self.schema | {"enum": list(self.known())}

    def an_example(self) -> Any:
        """A value that fits; a callable asks the site for one that exists."""
        return self.example() if callable(self.example) else self.example


LANGUAGE = Param(
    "lang",
    say("答复里说明文字的语言。"),
    {"type": "string", "enum": ["zh", "en"], "default": "zh"},
    "zh",
)  # of every address


@dataclass(frozen=True)
class Endpoint:
    """What one address takes and gives.

    :param tag: the chapter it belongs to, see :data:`portal.web.openapi.TAGS`.
    :param body: what it is sent, as JSON.
    :param problems: the statuses of its problems; 400 always.
    :param security: the name of a security scheme; empty for what anybody may read.
    :param shown: query of the example in the documentation.
    """

    tag: str
    summary: Sentence
    answer: Shape
    says: Sentence | None = None
    params: tuple[Param, ...] = ()
    body: Shape | None = None
    problems: tuple[int, ...] = ()
    security: str = ""
    shown: str = ""

    @property
    def queries(self) -> dict[str, Param]:
        return {each.name: each for each in (*self.params, LANGUAGE) if each.where == "query"}


def describes(endpoint: Endpoint) -> Callable[[View], View]:
    """Check what is asked against the description, then answer; what is refused becomes a problem."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(**parts: Any) -> Response:
            wrong = list(_wrong(endpoint))
            if wrong:
                return problem(400, wrong=wrong)
            try:
                return sent(view(**parts))
            except Refused as refusal:
                db.session.rollback()
                status = next((each for kind, each in REFUSED.items() if isinstance(refusal, kind)), 400)
                return problem(status, refusal.reasons)

        answered.__dict__["described"] = endpoint
        return answered

    return decorate


def described(view: View) -> Endpoint | None:
    """The description of a view; None where nobody described it."""
    found = getattr(view, "described", None)
    return found if isinstance(found, Endpoint) else None


def sent(body: Body | Response) -> Response:
    """A body as JSON, its members in the order they were written; ``next`` also as a Link header (RFC 8288)."""
    if isinstance(body, Response):
        return body
    text = json.dumps(body, ensure_ascii=False, sort_keys=False) + "\n"
    response = Response(text, content_type="application/json")
    if body.get("next"):
        response.headers["Link"] = f'<{body["next"]}>; rel="next"'
    return response


def _wrong(endpoint: Endpoint) -> Iterator[Wrong]:
    known = endpoint.queries
    for name in sorted(request.args.keys() - known.keys() - {*CARRIED}):
        yield Wrong(name[:40], _unknown(name[:40], known))
    for name, param in known.items():
        given = request.args.getlist(name)
        if len(given) > 1:
            yield Wrong(name, say("参数{name}写了{n}次，请只写一次。", name=name, n=len(given)))
        elif given:
            yield from (Wrong(name, why) for why in _unfit(param, given[0]))
        elif param.required:
            example = param.an_example()
            yield Wrong(name, say("缺少参数{name}，例如{name}={example}。", name=name, example=example))


def _unknown(name: str, known: Collection[str]) -> Sentence:
    return say("没有“{name}”这个参数。可以用的有：{known}。", name=name, known="、".join(known))


def _unfit(param: Param, text: str) -> Iterator[Sentence]:
    why = unfit(param.name, param.full_schema(), text, param.an_example())
    if why is not None:
        yield why
    elif param.exists is not None and not param.exists(text):
        yield say(
            "参数{name}没有“{value}”这个值，可以用的见 {see}。",
            name=param.name,
            value=text[:40],
            see=param.see,
        )
