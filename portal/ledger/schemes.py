"""The ways in which a signature can be made and checked: scheme → check. The one place where another is added. Pure.

Built is ``ed25519`` (RFC 8032). A token of the office (UKey) that speaks SM2 (GM/T 0003) gets a line in
:data:`SCHEMES` with two functions, what a public key looks like and whether a signature fits, and its announcement
names the scheme beside the key. Whatever is not in the table is refused, by the portal and by every verifier.
"""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = "ed25519"


@dataclass(frozen=True)
class Scheme:
    """One way of signing.

    :param fits: whether some bytes can be a public key of this scheme.
    :param verify: public key, statement, signature → whether the signature is the key's over the statement.
    """

    fits: Callable[[bytes], bool]
    verify: Callable[[bytes, bytes, bytes], bool]


def to_text(data: bytes) -> str:
    """Base64 (RFC 4648, 4), as keys and signatures stand in an entry."""
    return b64encode(data).decode("ascii")


def from_text(text: object) -> bytes | None:
    """What a base64 text holds; None when it is none, or another spelling of the same bytes."""
    try:
        data = b64decode(text, validate=True) if isinstance(text, str) else None
    except (Error, ValueError):
        return None
    # two spellings of one key would count as two people
    return data if data is not None and to_text(data) == text else None


def is_key(scheme: object, key: object) -> bool:
    """Whether a base64 text is a public key of a scheme that is built."""
    data = from_text(key)
    return data is not None and isinstance(scheme, str) and scheme in SCHEMES and SCHEMES[scheme].fits(data)


def verifies(scheme: object, key: object, statement: bytes, signature: object) -> bool:
    """Whether a base64 signature is a key's over a statement; False for an unknown scheme, whatever is given."""
    sig, data = from_text(signature), from_text(key)
    if sig is None or data is None or not is_key(scheme, key):
        return False
    return SCHEMES[str(scheme)].verify(data, statement, sig)


_ONE_EIGHTH = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
_P = 2**255 - 19
# points of small order: with such a key anybody can sign anything
_WEAK = {0, 1, _P - 1, _P, _P + 1, int.from_bytes(_ONE_EIGHTH, "little")}
_WEAK |= {_P - int.from_bytes(_ONE_EIGHTH, "little")}


def _fits_ed25519(key: bytes) -> bool:
    return len(key) == 32 and int.from_bytes(key, "little") & (2**255 - 1) not in _WEAK


def _verify_ed25519(key: bytes, statement: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, statement)
    except (InvalidSignature, ValueError):
        return False
    return True


SCHEMES: Mapping[str, Scheme] = {ED25519: Scheme(_fits_ed25519, _verify_ed25519)}
