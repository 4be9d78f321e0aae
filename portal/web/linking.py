"""``url_for`` for templates: every page links to the same two dozen pages, and each address is built once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, g, has_request_context, request

REMEMBERED = 4096  # addresses
LONGEST = 64  # characters of a value; what is longer was typed

Carried = tuple[str | None, str | None, str]  # what gets into an address from the request: see portal/app.py


def linking(app: Flask) -> Callable[..., str]:
    """The application's ``url_for``, which remembers addresses whose values are all words."""

    @lru_cache(REMEMBERED)
    def known(endpoint: str, values: tuple[tuple[str, str], ...], carried: Carried) -> str:
        given: dict[str, Any] = dict(values)
        return app.url_for(endpoint, **given)

    def link(endpoint: str, **values: Any) -> str:
        if not _is_plain(endpoint, values) or not has_request_context():
            return app.url_for(endpoint, **values)
        carried = (g.get("language"), g.get("display"), request.script_root)
        return known(endpoint, tuple(values.items()), carried)

    return link


def _is_plain(endpoint: str, values: dict[str, Any]) -> bool:
    """Whether nothing else has a say: 1, True and 1.0 would be one key, and ``_external`` asks for the host."""
    return endpoint[:1] != "." and all(
        type(value) is str and len(value) <= LONGEST and not name.startswith("_")
        for name, value in values.items()
    )
