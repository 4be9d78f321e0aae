"""How passwords and following codes are kept: argon2id, slow on purpose. Never while the write lock is held."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

hasher = PasswordHasher()  # tests put a quick one of the same kind in its place


def sealed(secret: str) -> str:
    """The hash under which a secret is kept."""
    return hasher.hash(secret)


def opens(kept: str | None, secret: str) -> bool:
    """Whether a secret is the one that was kept; takes the same time when nothing was."""
    try:
        hasher.verify(kept or _nobody(), secret)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobody() -> str:
    return hasher.hash(secrets.token_urlsafe(24))
