"""A private key under a passphrase: scrypt (RFC 7914) and AES-256-GCM. Pure; slow on purpose.

The text is ``scrypt$<log2 n>$<r>$<p>$<salt>$<nonce>$<sealed>``, its parts in base64, so that a later cost can stand
beside an earlier one. The public key is bound to it: a text moved to another key opens nothing.

Never while the write lock is held. The passphrase is kept nowhere.
"""

import secrets
import unicodedata
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

LOG_N, BLOCK, PARALLEL = 16, 8, 1  # 64 MiB and a fifth of a second
MOST_LOG_N = 20  # what a text may ask of this machine
cost = LOG_N  # tests put a small one in its place


class Opened:
    """A private key in memory, for one request. Its text form tells nothing."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @property
    def key(self) -> str:
        """The public half in base64."""
        return b64encode(self._private.public_key().public_bytes_raw()).decode("ascii")

    def sign(self, statement: bytes) -> str:
        """The signature over a statement, in base64."""
        return b64encode(self._private.sign(statement)).decode("ascii")


def generated(passphrase: str) -> tuple[Opened, str]:
    """A new key, and the text that keeps it under a passphrase."""
    private = Ed25519PrivateKey.generate()
    opened = Opened(private)
    return opened, wrap(private.private_bytes_raw(), opened.key, passphrase)


def wrap(private: bytes, public: str, passphrase: str) -> str:
    """The text that keeps a private key (32 bytes) whose public half is given in base64."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_derived(passphrase, salt, cost, BLOCK, PARALLEL)).encrypt(
        nonce, private, public.encode()
    )
    parts = (b64encode(each).decode("ascii") for each in (salt, nonce, sealed))
    return "$".join(("scrypt", str(cost), str(BLOCK), str(PARALLEL), *parts))


def unwrap(text: str, public: str, passphrase: str) -> Opened | None:
    """The key that a text keeps; None when the passphrase, the public half or the text is not right."""
    try:
        name, *numbers, salt, nonce, sealed = text.split("$")
        log_n, block, parallel = map(int, numbers)
        if name != "scrypt" or not 1 <= log_n <= MOST_LOG_N:
            return None
        key = _derived(passphrase, b64decode(salt), log_n, block, parallel)
        private = AESGCM(key).decrypt(b64decode(nonce), b64decode(sealed), public.encode())
        opened = Opened(Ed25519PrivateKey.from_private_bytes(private))
    except (ValueError, InvalidTag):
        return None
    return opened if opened.key == public else None


def _derived(passphrase: str, salt: bytes, log_n: int, block: int, parallel: int) -> bytes:
    # keyboards differ in how they compose a letter; the passphrase is the same
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    return Scrypt(salt=salt, length=32, n=1 << log_n, r=block, p=parallel).derive(typed)
