"""The order that code and randomness give to objects. Pure.

``HKDF-Expand(HKDF-Extract(salt=code, IKM=randomness), label, 32)`` (RFC 5869, SHA-256), ascending; the label is the
object's code in UTF-8. For 32 bytes the expansion is one HMAC: a hundred thousand objects take half a second.
"""

import hmac
from collections.abc import Callable, Collection, Iterable

ALGORITHM = "portal.draw/1"
KEY_BYTES = 32


def places(code: str, randomness: str) -> Callable[[str], bytes]:
    """Where an object stands, as 32 bytes to sort by.

    :param code: the draw's, hex; :mod:`portal.draws.chain`.
    :param randomness: hex; :mod:`portal.draws.randomness`.
    :raises ValueError: when one of them is not 32 bytes in hex.
    """
    salt, material = bytes.fromhex(code), bytes.fromhex(randomness)
    if len(salt) != KEY_BYTES or len(material) != KEY_BYTES:
        raise ValueError("code and randomness are 32 bytes each")
    extracted = hmac.digest(salt, material, "sha256")
    return lambda label: hmac.digest(extracted, label.encode() + b"\x01", "sha256")


def in_order(labels: Iterable[str], code: str, randomness: str) -> list[str]:
    """The labels in the order of the draw."""
    return sorted(labels, key=places(code, randomness))


def first(
    labels: Iterable[str], count: int, code: str, randomness: str, skip: Collection[str] = ()
) -> list[str]:
    """The first so many in the order of the draw, without those that were excluded beforehand."""
    return in_order((label for label in labels if label not in skip), code, randomness)[:count]
