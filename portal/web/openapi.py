"""The OpenAPI 3.1 document, made from the descriptions beside the views (:mod:`portal.web.describing`)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask

from portal.web.checking import Schema
from portal.web.describing import LANGUAGE, Endpoint, Param, Shape, Speak, described
from portal.web.problems import MEDIA_TYPE, what_to_do
from portal.words import Sentence, say

VERSION = "1.0.0"
NOT_DESCRIBED = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")

TAGS: Mapping[str, Sentence] = {
    "records": say("公示与检查对象"),
    "changes": say("变化与更正"),
    "tables": say("代码、字段与统计"),
    "calendar": say("工作日历"),
    "push": say("推送"),
}
SCHEMES: Mapping[str, Schema] = {"key": {"type": "http", "scheme": "bearer"}}  # of what not everybody may ask


@dataclass(frozen=True)
class Address:
    """One described address."""

    path: str
    method: str
    name: str
    endpoint: Endpoint

    def shown(self) -> str:
        """An address that can be asked, with the example's parameters."""
        path = self.path
        for each in self.endpoint.params:
            if each.where == "path":
                path = path.replace(f"{{{each.name}}}", str(each.an_example()))
        return f"{path}?{self.endpoint.shown}" if self.endpoint.shown else path


def addresses(app: Flask) -> list[Address]:
    """Every described address, by chapter and then as the site knows them."""
    found = []
    for rule in app.url_map.iter_rules():
        endpoint = described(app.view_functions[rule.endpoint])
        if endpoint is not None:
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            path, name = NOT_DESCRIBED.sub(r"{\1}", rule.rule), rule.endpoint.rpartition(".")[2]
            found += [Address(path, method, name, endpoint) for method in methods]
    order = list(TAGS)
    return sorted(found, key=lambda each: order.index(each.endpoint.tag))


def document(app: Flask, speak: Speak, *, server: str, title: str) -> Schema:
    """The whole document, its words in one language.

    :param server: the site's address as the outside knows it.
    """
    known = addresses(app)
    paths: dict[str, Any] = {}
    for each in known:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, speak)
    used = {tag: name for tag, name in TAGS.items() if any(each.endpoint.tag == tag for each in known)}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION, "description": speak(_ABOUT)},
        "servers": [{"url": server}],
        "tags": [{"name": tag, "description": speak(name)} for tag, name in used.items()],
        "paths": paths,
        "components": {
            "schemas": dict(_schemas(known, speak)),
            "securitySchemes": {
                name: scheme
                for name, scheme in SCHEMES.items()
                if any(each.endpoint.security == name for each in known)
            },
        },
    }


_ABOUT = say(
    "公开数据的读取接口：不需要账号，不设验证码，可以跨域读取。时间为协调世界时，日期为北京时间的日期。"
    "错误按RFC 9457答复，中英文都有。取得的副本请用“变化”接口跟上更正和撤下。"
)


def _operation(address: Address, speak: Speak) -> Schema:
    endpoint = address.endpoint
    operation: Schema = {
        "operationId": address.name,
        "tags": [endpoint.tag],
        "summary": speak(endpoint.summary),
        "parameters": [_parameter(each, speak) for each in (*endpoint.params, LANGUAGE)],
        "responses": dict(_responses(address, speak)),
    }
    if endpoint.says:
        operation["description"] = speak(endpoint.says)
    if endpoint.body:
        content: Schema = {"application/json": {"schema": endpoint.body.ref}}
        if endpoint.body.example:
            content["application/json"]["example"] = endpoint.body.example()
        operation["requestBody"] = {"required": True, "content": content}
    if endpoint.security:
        operation["security"] = [{endpoint.security: []}]
    return operation


def _parameter(param: Param, speak: Speak) -> Schema:
    see = " " + speak(say("可以用的见 {see}。", see=param.see)) if param.see else ""
    return {
        "name": param.name,
        "in": param.where,
        "required": param.required or param.where == "path",
        "description": f"{speak(param.says)}{see}",
        "schema": param.full_schema(),
        "example": param.an_example(),
    }


def _responses(address: Address, speak: Speak) -> Iterator[tuple[str, Schema]]:
    endpoint = address.endpoint
    content: Schema = {"schema": endpoint.answer.ref}
    if endpoint.answer.example:
        content["example"] = endpoint.answer.example()
    yield "200", {"description": speak(endpoint.summary), "content": {"application/json": content}}
    if address.method == "GET":
        yield "304", {"description": speak(say("从上次读取以来没有变化（If-None-Match）。"))}
    for status in sorted({400, 429, 500, *endpoint.problems}):
        about = f"{HTTPStatus(status).phrase}: {speak(what_to_do(status))}"
        yield str(status), {"description": about, "content": {MEDIA_TYPE: {"schema": PROBLEM.ref}}}


def _schemas(known: list[Address], speak: Speak) -> Iterator[tuple[str, Schema]]:
    shapes: dict[str, Shape] = {PROBLEM.name: PROBLEM}
    waiting = [shape for each in known for shape in (each.endpoint.answer, each.endpoint.body) if shape]
    while waiting:
        shape = waiting.pop()
        if shape.name not in shapes:
            shapes[shape.name] = shape
            waiting += shape.uses
    for name, shape in sorted(shapes.items()):
        yield name, shape.build(speak)


def _problem(speak: Speak) -> Schema:
    text: Schema = {"type": "string"}
    error = {"parameter": text, "detail": text, "detail_en": text}
    members: Mapping[str, tuple[Schema, Sentence]] = {
        "type": (text, say("总是about:blank：title就是状态码的名称。")),
        "title": (text, say("状态码的名称。")),
        "status": ({"type": "integer"}, say("状态码。")),
        "detail": (text, say("为什么，下一步怎么办。")),
        "detail_en": (text, say("同样的话，英文。")),
        "help": (text, say("说明页在本站的地址。")),
        "errors": (
            {"type": "array", "items": {"type": "object", "properties": error, "required": [*error]}},
            say("不能接受的各个参数。"),
        ),
        "publication": ({"type": "object"}, say("停止公示的记录留下的编号、日期和理由。")),
    }
    return {
        "type": "object",
        "properties": {
            name: schema | {"description": speak(says)} for name, (schema, says) in members.items()
        },
        "required": ["type", "title", "status", "detail", "detail_en"],
    }


PROBLEM = Shape("Problem", _problem)
