"""Signing in at an OpenID provider, for one answer: for which entity code it vouches. No token is kept.

Everything here talks over the network: before the write door is opened.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import current_app, redirect, request, session
from flask.typing import ResponseReturnValue
from requests import RequestException

from portal.web.entity.room import settings
from portal.web.rendering import absolute

NAME = "oidc"
CALLBACK = "/objections/identity/callback"  # registered with the provider: exactly this, without language
TIME_OUT = 8.0  # seconds for each step of a conversation
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")


class NotVouched(Exception):
    """The provider vouched for nobody; ``why`` is a name of ``identity.REASONS``.

    :param begun: what was remembered when the sign-in began; empty when that is not known.
    """

    def __init__(self, why: str, begun: Mapping[str, Any] | None = None) -> None:
        super().__init__(why)
        self.why, self.begun = why, begun or {}


@dataclass(frozen=True)
class Vouching:
    """The entity code that a provider vouches for, and what was remembered when the sign-in began."""

    code: str
    begun: Mapping[str, Any]


def is_set_up() -> bool:
    """Whether this place has a provider."""
    return bool(settings().oidc_issuer and settings().oidc_client_id)


def begin(**remembered: str) -> ResponseReturnValue:
    """Send the browser to the provider; this room's cookie remembers state, nonce and verifier for an hour.

    :raises NotVouched: when the provider can not be reached.
    """
    _forget_earlier()
    with _told():
        client = _client()
        asked = client.create_authorization_url(absolute(CALLBACK))
    address = asked.pop("url")
    client.save_authorize_data(redirect_uri=absolute(CALLBACK), **asked, **remembered)
    return redirect(address, 303)


def settle() -> Vouching:
    """What came of it; good for one return from the provider.

    :raises NotVouched: when the sign-in is not known here, was cancelled, or the answer is not as it should be.
    """
    integration = FlaskIntegration(NAME)
    begun = integration.get_state_data(session, request.args.get("state", ""))
    if not begun:
        raise NotVouched("expired")
    if "code" not in request.args:
        integration.clear_state_data(session, request.args["state"])
        raise NotVouched("cancelled" if request.args.get("error") == "access_denied" else "unfit", begun)
    with _told(begun):
        return Vouching(_code(), begun)


def _code() -> str:
    client = _client()
    token = client.authorize_access_token(claims_options=_expected(client))
    claims = dict(token.get("userinfo") or {})
    if not claims:
        raise ValueError("the provider's answer has no id_token")
    wanted = settings().oidc_claim
    if wanted not in claims and "userinfo_endpoint" in client.server_metadata:
        more = client.userinfo(token=token)
        claims |= more if more.get("sub") == claims["sub"] else {}
    code = claims.get(wanted)
    return code if isinstance(code, str) else ""


def _expected(client: Any) -> dict[str, Any]:
    """Left to itself, the library takes a token that was issued for another site."""
    return {
        "iss": {"essential": True, "value": client.server_metadata["issuer"]},
        "aud": {"essential": True, "value": client.client_id},
    }


def _client() -> Any:
    """A client that knows what the provider says of itself today: its addresses and keys may change."""
    given = settings()
    issuer = given.oidc_issuer.rstrip("/")
    client = FlaskOAuth2App(
        FlaskIntegration(NAME),
        name=NAME,
        client_id=given.oidc_client_id,
        client_secret=given.oidc_client_secret or None,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": given.oidc_scope,
            "code_challenge_method": "S256",
            "default_timeout": TIME_OUT,
        },
    )
    metadata = client.load_server_metadata()
    if str(metadata.get("issuer", "")).rstrip("/") != issuer:
        raise ValueError("the provider's issuer is not the one configured")
    listed = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [each for each in listed if each in SIGNED]
    return client


def _forget_earlier() -> None:
    """One sign-in at a time: a cookie holds 4 KB."""
    for key in [each for each in session if each.startswith(f"_state_{NAME}_")]:
        session.pop(key)


@contextmanager
def _told(begun: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Whatever goes wrong between us and the provider, as what a person can do about it."""
    try:
        yield
    except Exception as error:
        # its words may hold codes and tokens: only what kind of error it was is written down
        current_app.logger.warning("the identity provider: %s", type(error).__name__)
        why = "unreachable" if isinstance(error, RequestException) else "unfit"
        raise NotVouched(why, begun) from error
