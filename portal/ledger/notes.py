"""Signed notes (c2sp.org/signed-note) with Ed25519 keys: text, a blank line, one line per signature. Pure."""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 1  # the signature type's byte
DASH = "— "
SECRET = "PRIVATE+KEY+"
LONGEST = 1 << 20  # bytes; nobody signs a book


@dataclass(frozen=True)
class VerifierKey:
    """Whose signatures are believed: a name without a scheme, as ``disclosure.example/log``, and 32 bytes.

    >>> str(VerifierKey("example.org/log", bytes(32)))
    'example.org/log+70da24f6+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    """

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that begin each signature made with the key."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([ED25519]) + self.public).digest()[:4]

    def __str__(self) -> str:
        encoded = b64encode(bytes([ED25519]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a ``vkey``.

        :raises ValueError: when it is none, or not of Ed25519.
        """
        name, given, encoded = [*text.strip().split("+", 2), "", ""][:3]
        key = cls(name, _ed25519(encoded))
        if not is_name(name) or key.id.hex() != given:
            raise ValueError(f"this is no verifier key: {text.strip()!r}")
        return key

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether the key made a signature (64 bytes) over a text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class SignerKey:
    """A name and the 32 secret bytes (RFC 8032's seed); never printed by accident."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def sign(self, text: str) -> bytes:
        """64 bytes over a note's text."""
        return self._private.sign(text.encode())

    def secret(self) -> str:
        """The key as a file keeps it, in the form that other programs for signed notes read."""
        encoded = b64encode(bytes([ED25519]) + self.seed).decode()
        return f"{SECRET}{self.name}+{self.verifier.id.hex()}+{encoded}"

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r})"

    @classmethod
    def parse(cls, text: str) -> "SignerKey":
        """Read what :meth:`secret` wrote.

        :raises ValueError: when it is no such key; the text is not repeated.
        """
        name, given, encoded = [*text.strip().removeprefix(SECRET).split("+", 2), "", ""][:3]
        key = cls(name, _ed25519(encoded))
        if not text.startswith(SECRET) or key.verifier.id.hex() != given:
            raise ValueError("this is no signer's key")
        return key

    @classmethod
    def new(cls, name: str) -> "SignerKey":
        """A key that nobody had before.

        :raises ValueError: when the name could not stand in a note.
        """
        if not is_name(name):
            raise ValueError(f"a key's name has no blanks and no plus sign: {name!r}")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())


@dataclass(frozen=True)
class Signature:
    """One signature line, by whomever."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and its signatures, not yet believed."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def parse(cls, given: str | bytes) -> "Note":
        """Take a note apart.

        :raises ValueError: when it is none.
        """
        note = given.decode() if isinstance(given, bytes) else given
        text, blank, lines = note.rpartition("\n\n")
        if not blank or not lines.endswith("\n") or len(note) > LONGEST:
            raise ValueError("this is no signed note: text, a blank line and signature lines are missing")
        if any(each < " " and each != "\n" for each in note):
            raise ValueError("a signed note holds no control characters")
        return cls(f"{text}\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def sign(text: str, signers: Sequence[SignerKey]) -> Note:
    """Sign a text that ends in a newline.

    :raises ValueError: when it does not.
    """
    if not text.endswith("\n") or not signers:
        raise ValueError("what is signed ends in a newline, and somebody signs it")
    made = [Signature(each.name, each.verifier.id, each.sign(text)) for each in signers]
    return Note(text, tuple(made))


def open_note(note: Note, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Whose signatures of those believed stand under a note; others' are passed over.

    :raises ValueError: when one of them did not sign what stands there, or none of them signed.
    """
    known = {(each.name, each.id): each for each in keys}
    found = []
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        if not key.verifies(note.text, line.signature):
            raise ValueError(f"the signature of {key.name} is not over this text")
        found.append(key)
    if not found:
        raise ValueError("nobody signed this note whose key is known here")
    return found


def is_name(name: str) -> bool:
    """Whether a key could be called so."""
    return bool(name) and "+" not in name and not any(each.isspace() for each in name)


def _ed25519(encoded: str) -> bytes:
    data = _base64(encoded)
    if len(data) != 33 or data[0] != ED25519:
        raise ValueError("this is no Ed25519 key")
    return data[1:]


def _signature(line: str) -> Signature:
    name, _blank, encoded = line.removeprefix(DASH).partition(" ")
    data = _base64(encoded)
    if not line.startswith(DASH) or not is_name(name) or len(data) < 5:
        raise ValueError("a signature line is a dash, a name and the signature in base64")
    return Signature(name, data[:4], data[4:])


def _base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64 as error:
        raise ValueError("this is no base64") from error
