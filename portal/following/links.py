"""The links in a reader's mail, and the hashes that stand for an address. Pure.

A link's secret half is made of the site's key and never stored: whoever reads the database can leave for nobody.
The key is the site's; with a new one the links in mail that was sent no longer open, and the next mail brings new ones.
"""

import hashlib
import hmac
import secrets
from ipaddress import IPv6Address, ip_address

SEED, PROOF = 22, 32  # characters of base64url and of hex: 128 bits each


def new_seed() -> str:
    """The public half of a subscription's link."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """What a mail of confirmation carries; the database keeps its hash."""
    return secrets.token_hex(24)  # ends in no mark that a mail program would take for the sentence's


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def handle_of(key: str, seed: str) -> str:
    """The two halves of a subscription's link.

    >>> handle = handle_of("k", "0123456789abcdefghijkl")
    >>> seed_of("k", handle), seed_of("k", handle[:-1] + "x"), seed_of("other", handle)
    ('0123456789abcdefghijkl', '', '')
    """
    return seed + _keyed(key, "link", seed)[:PROOF]


def seed_of(key: str, handle: str) -> str:
    """The public half of a link that is ours; empty for any other."""
    seed = handle[:SEED]
    fits = handle.isascii() and hmac.compare_digest(handle, handle_of(key, seed))
    return seed if fits else ""


def address_hash(key: str, address: str) -> str:
    """What stands for a mail address, in capitals or not.

    >>> address_hash("k", "Zhang@Example.com ") == address_hash("k", "zhang@example.com")
    True
    """
    return _keyed(key, "address", address.strip().casefold())


def mailbox_hash(key: str, address: str) -> str:
    """What stands for the mailbox that addresses with a ``+`` share at most servers: for limits alone, since at
    some server they may be two people's.

    >>> mailbox_hash("k", "zhang+2@example.com") == mailbox_hash("k", "zhang@example.com")
    True
    """
    name, _, host = address.strip().casefold().rpartition("@")
    return _keyed(key, "mailbox", f"{name.partition('+')[0] or name}@{host}")


def source_hash(key: str, source: str) -> str:
    """What stands for where a request came from; of IPv6 the network that one household has.

    >>> source_hash("k", "2001:db8::1") == source_hash("k", "2001:db8::2")
    True
    """
    try:
        given = ip_address(source)
    except ValueError:
        return _keyed(key, "source", source)
    if isinstance(given, IPv6Address) and given.ipv4_mapped is None:
        return _keyed(key, "source", given.exploded[:19])
    return _keyed(key, "source", source)


def _keyed(key: str, what: str, text: str) -> str:
    return hmac.new(key.encode(), f"{what}:{text}".encode(), hashlib.sha256).hexdigest()
