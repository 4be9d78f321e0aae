"""Settings that may not serve in production."""

from portal.settings import Settings, from_environment, unsafe

SAFE = Settings(env="production", secret_key="x" * 32, base_url="https://portal.example")


def test_a_provider_is_reached_safely_or_not_at_all() -> None:
    given = from_environment({"PORTAL_OIDC_ISSUER": "http://sso.example", "PORTAL_OIDC_CLIENT_ID": "portal"})
    assert unsafe(given) == []  # the demo may
    told = unsafe(Settings(env="production", secret_key="x" * 32, base_url="https://portal.example",
                           oidc_issuer=given.oidc_issuer, oidc_client_id=given.oidc_client_id))  # fmt: skip
    assert [each.partition(" ")[0] for each in told] == ["PORTAL_OIDC_ISSUER", "PORTAL_OIDC_CLIENT_ID"]


def test_without_a_provider_nothing_is_asked() -> None:
    assert unsafe(SAFE) == []
