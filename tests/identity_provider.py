"""A real OpenID provider on this machine, and a person in front of it, for tests."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry
from oidc_provider_mock import User, run_server_in_thread
from werkzeug.serving import make_server

FIRM, OTHER = "9133990075TNM5LB3J", "91339900QD7612PLT6"
USERS = [
    User(sub="beishunda", claims={"uscc": FIRM, "name": "示例经营者", "phone_number": "15400000000"}),
    User(sub="xifengsheng", claims={"uscc": OTHER}),
    User(sub="somebody", claims={}),
    User(sub="list", claims={"uscc": [FIRM]}),
]
TIME_OUT = 10


@dataclass
class Provider:
    """Where it is, and what a person does there."""

    issuer: str

    def sign_in(self, address: str, user: str) -> str:
        """Follow the address to the provider, sign in; the path that the browser is led back to."""
        return self._answer(address, {"sub": user})

    def cancel(self, address: str) -> str:
        """Follow the address and refuse."""
        return self._answer(address, {"action": "deny"})

    def _answer(self, address: str, form: dict[str, str]) -> str:
        page = requests.get(address, timeout=TIME_OUT)
        assert page.status_code == 200, page.text
        answer = requests.post(address, data=form, allow_redirects=False, timeout=TIME_OUT)
        assert answer.status_code in (302, 303), answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def provider() -> Iterator[Provider]:
    """The provider, for as long as the block lasts."""
    with run_server_in_thread(user_claims=USERS) as server:
        yield Provider(f"http://localhost:{server.server_port}")


@dataclass
class Liar:
    """A provider of our own that says whatever a test wants it to say."""

    issuer: str
    claims: dict[str, Any]
    way: str = "honest"
    nonce: str = ""

    def answer(self, address: str) -> str:
        """The path that the browser is led back to, at once."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = asked["nonce"]
        return f"/objections/identity/callback?{urlencode({'code': 'any', 'state': asked['state']})}"

    def token(self, key: RSAKey) -> dict[str, Any]:
        """What its token endpoint gives out."""
        given = {"nonce": self.nonce} | self.claims
        claims = {name: value for name, value in given.items() if value is not None}
        if self.way == "no token":
            return {"access_token": "any", "token_type": "Bearer"}
        signing: Any = {"another key": RSAKey.generate_key(2048), "shared secret": OctKey.import_key("a secret"),
                        "unsigned": None}.get(self.way, key)  # fmt: skip
        header = {"alg": {"unsigned": "none", "shared secret": "HS256"}.get(self.way, "RS256")}
        registry = JWSRegistry(algorithms=["none", "HS256", "RS256"])
        signed = jwt.encode(header, claims, signing or OctKey.import_key("unused"), registry=registry)
        return {"access_token": "any", "token_type": "Bearer", "id_token": signed}


@contextmanager
def liar() -> Iterator[Liar]:
    """It, listening."""
    key = RSAKey.generate_key(2048)
    app = Flask("liar")
    server = make_server("localhost", 0, app, threaded=True)
    issuer = f"http://localhost:{server.server_port}"
    now = int(time.time())
    honest = {"iss": issuer, "aud": "portal", "sub": "beishunda", "iat": now, "exp": now + 3600, "uscc": FIRM}
    lying = Liar(issuer, honest)
    algorithms = ["RS256", "HS256", "none"]
    said = {"issuer": issuer, "authorization_endpoint": f"{issuer}/authorize", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks", "id_token_signing_alg_values_supported": algorithms}  # fmt: skip
    app.get("/.well-known/openid-configuration", endpoint="said")(lambda: said)
    app.get("/jwks", endpoint="jwks")(lambda: {"keys": [key.as_dict(private=False)]})
    app.post("/token", endpoint="token")(lambda: lying.token(key))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield lying
    finally:
        server.shutdown()
        thread.join()
