"""The room of systems that push: each request says with a key whose it is; no cookie, no page."""

import re
from typing import cast

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.orm import Session

from portal.db import db
from portal.intake import clients
from portal.intake.models import PushClient
from portal.settings import Settings
from portal.web.problems import problem
from portal.words import say

push = Blueprint("push", __name__)

SCHEME = "Bearer "
A_KEY = re.compile(re.escape(SCHEME + clients.BEGINS) + r"[\w-]{43}", re.ASCII)


def client() -> PushClient:
    """Whose request it is."""
    return cast(PushClient, g.push_client)


def writing() -> Session:
    """The session of this request."""
    return cast(Session, db.session())


def profile() -> str:
    """The name of the rules of this place."""
    return cast(Settings, current_app.extensions["portal_settings"]).profile


@push.before_request
def know_the_client() -> Response | None:
    """Nothing is read of a request before it is known whose it is."""
    given = request.headers.get("Authorization", "")
    # what is no key at all does not even wait for the database
    found = clients.client_of(writing(), given.removeprefix(SCHEME)) if A_KEY.fullmatch(given) else None
    if found is None:
        why = say(
            "没有给出有效的密钥；请在 Authorization 请求头里写“Bearer ”和密钥。密钥停用或者更换了的，请向本站索取。"
        )
        return problem(401, [why], headers={"WWW-Authenticate": 'Bearer realm="push"'})
    g.push_client = found
    return None
