"""A witness for a public log: one file that anybody can run alone. 存证见证程序：单个文件，任何人都可以独立运行。

It needs Python 3.11 on Linux or macOS, the package ``cryptography``, and nothing of the portal. Each time it runs it
fetches the log's newest checkpoint and cosigns it, if the log signed it and it extends the one cosigned last::

    python witness.py --name witness.example/w1 --log VKEY https://disclosure.example/log

The first run makes a key. The cosigned checkpoint goes to the standard output and into the folder, where the next run
finds it; sentences go to the error stream. Exit codes: 0 cosigned, 1 refused, 2 wrong options.
Formats: c2sp.org/tlog-checkpoint, signed-note, tlog-tiles, tlog-cosignature (cosignature/v1, type 0x04), RFC 6962.
"""

import argparse
import fcntl
import hashlib
import os
import struct
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 1, 4  # signature types
WIDTH, HASH = 256, 32  # of a tile, in hashes; of a hash, in bytes
PATIENCE, LARGEST = 60, 1 << 20  # seconds; bytes
Read = Callable[[str], bytes]

SHRUNK = "存证变短了：上次签的有{old}条，现在只有{new}条。 The log has shrunk: {old} entries when last cosigned, {new} now."
TWO_HEADS = "同样是{new}条，却有两个不同的根：存证被改写，或者给不同的人看了不同的存证。 There are two heads of {new} entries: the log was rewritten, or shows different people different logs."
WRONG_ROOT = "哈希块算出的根与存证头不符。 The tiles do not lead to the root that was signed."
REWRITTEN = "新的存证不是上次{old}条的延续：以前的条目被改动过。 The log does not begin with the {old} entries last cosigned: earlier ones were changed."


class Refusal(Exception):
    """Why nothing is cosigned, in Chinese and in English."""


class Key(NamedTuple):
    """A verifier key; its id begins each of its signatures."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"


class Head(NamedTuple):
    """A checkpoint: the text that is signed, what it says, and of each signature its line, name and bytes."""

    text: str
    origin: str
    size: int
    root: bytes
    lines: Sequence[tuple[str, str, bytes]]


def read_key(text: str) -> Key:
    """A ``vkey`` of the log."""
    try:
        name, given, encoded = text.strip().split("+", 2)
        data = b64decode(encoded, validate=True)
        key = Key(name, data[0], data[1:])
        if key.id.hex() == given and key.kind == ED25519 and len(key.public) == HASH:
            return key
    except (ValueError, IndexError):
        pass
    raise Refusal("--log 不是验证公钥。 What --log gives is no verifier key.")


def read_head(note: bytes) -> Head:
    """A signed checkpoint, not yet believed."""
    try:
        text, _blank, below = note.decode().rpartition("\n\n")
        origin, size, root, *_more = text.split("\n")
        lines = [(line, *line.removeprefix("— ").split(" ")) for line in below.splitlines()]
        made = [(line, name, b64decode(data, validate=True)) for line, name, data in lines]
        head = Head(f"{text}\n", origin, int(size), b64decode(root, validate=True), made)
        if origin and size == str(head.size) and head.size >= 0 and len(head.root) == HASH:
            return head
    except ValueError:
        pass
    raise Refusal("读到的不是存证头。 What was read is no checkpoint.")


def signature(head: Head, key: Key) -> tuple[str, bytes] | None:
    """The line and the signature that bear a key's name and id."""
    wanted = (key.name, key.id)
    return next(((line, data[4:]) for line, name, data in head.lines if (name, data[:4]) == wanted), None)


def signed(head: Head, keys: Sequence[Key]) -> list[str]:
    """The lines of the log's own keys; each must fit."""
    found = []
    for key in keys:
        if (one := signature(head, key)) is not None:
            check(key, one[1], head.text.encode())
            found.append(one[0])
    if not found:
        raise Refusal("存证头不是用所给的密钥签的。 The checkpoint is not signed with the key given.")
    return found


def check(key: Key, signature: bytes, message: bytes) -> None:
    """Refuse what a key did not sign."""
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Refusal(f"{key.name} 的签名不成立。 The signature of {key.name} is not valid.") from None


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def tile_path(level: int, number: int, width: int) -> str:
    """Where a tile stands (tlog-tiles)."""
    groups, rest = f"{number % 1000:03}", number // 1000
    while rest:
        groups, rest = f"x{rest % 1000:03}/{groups}", rest // 1000
    return f"tile/{level}/{groups}" + (f".p/{width}" if width < WIDTH else "")


class Tree:
    """The tree of a head, from tiles that nobody vouches for: what is worked out is compared with signed roots."""

    def __init__(self, read: Read, size: int) -> None:
        self.read, self.size = read, size
        self.tile = cache(self._tile)

    def _tile(self, level: int, number: int) -> bytes:
        width = min(WIDTH, (self.size >> 8 * level) - number * WIDTH)
        try:
            return self.read(tile_path(level, number, width))
        except Refusal:
            if width == WIDTH:
                raise
            return self.read(tile_path(level, number, WIDTH))  # the partial one may have been swept away

    def range(self, low: int, high: int) -> bytes:
        """The root over the leaves from one to before another; a lone complete subtree stands on its width."""
        width = high - low
        if width & (width - 1):
            middle = low + (1 << (width - 1).bit_length() - 1)
            return node_hash(self.range(low, middle), self.range(middle, high))
        level, above = divmod(width.bit_length() - 1, 8)
        tile, at = divmod((low // width) << above, WIDTH)
        row = self.tile(level, tile)[at * HASH : (at + (1 << above)) * HASH]
        hashes = [row[n : n + HASH] for n in range(0, len(row), HASH)]
        if len(hashes) != 1 << above or len(hashes[-1]) != HASH:
            raise Refusal("存证的哈希块不完整。 A tile of the log is too short.")
        while len(hashes) > 1:
            hashes = [node_hash(*hashes[n : n + 2]) for n in range(0, len(hashes), 2)]
        return hashes[0]

    def both(self, old: int, low: int, high: int) -> tuple[bytes, bytes]:
        """The roots of the first leaves and of all, from one set of hashes: a consistency proof (RFC 6962, 2.1.2)."""
        if old == high:
            whole = self.range(low, high)
            return whole, whole
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if old <= middle:
            before, left = self.both(old, low, middle)
            return before, node_hash(left, self.range(middle, high))
        before, right = self.both(old, middle, high)
        left = self.range(low, middle)
        return node_hash(left, before), node_hash(left, right)


def why_not(tree: Tree, new: Head, last: Head | None) -> str:
    """Why a head does not verify, or does not extend the last one; empty when it does."""
    old = last.size if last else 0
    if new.size < old:
        return SHRUNK.format(old=old, new=new.size)
    if last and new.size == old and new.root != last.root:
        return TWO_HEADS.format(new=new.size)
    if new.root != (tree.range(0, new.size) if new.size else hashlib.sha256(b"").digest()):
        return WRONG_ROOT
    if last and 0 < old < new.size and tree.both(old, 0, new.size) != (last.root, new.root):
        return REWRITTEN.format(old=old)
    return ""


class Witness:
    """A name, a key of its own, and a folder that remembers what was cosigned last."""

    def __init__(self, name: str, folder: Path) -> None:
        if not name or "+" in name or any(each.isspace() for each in name):
            raise Refusal("见证人的名称不能有空格和加号。 A witness's name has no blanks and no plus sign.")
        folder.mkdir(parents=True, exist_ok=True)
        own = folder / "witness.key"
        if not own.exists():
            write_safely(own, b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
        self.folder, self._private = folder, Ed25519PrivateKey.from_private_bytes(b64decode(own.read_bytes()))
        self.key = Key(name, COSIGNATURE, self._private.public_key().public_bytes_raw())

    def last(self, origin: str) -> Head | None:
        """The head cosigned last; it must bear this witness's own signature, or somebody put it there."""
        path = self._kept(origin)
        if not path.exists():
            return None
        head = read_head(path.read_bytes())
        if (one := signature(head, self.key)) is None or head.origin != origin:
            raise Refusal(f"{path} 不是本程序留下的。 {path} was not left there by this witness.")
        check(self.key, one[1][8:], message(head, struct.unpack(">Q", one[1][:8])[0]))
        return head

    def cosign(self, head: Head, lines: Sequence[str], now: int) -> str:
        """Sign, and remember before anybody sees the signature."""
        made = self.key.id + struct.pack(">Q", now) + self._private.sign(message(head, now))
        note = "\n".join([head.text, *lines, f"— {self.key.name} {b64encode(made).decode()}", ""])
        write_safely(self._kept(head.origin), note.encode())
        return note

    def _kept(self, origin: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:16]}.checkpoint"


def message(head: Head, at: int) -> bytes:
    """What is signed (tlog-cosignature)."""
    return f"cosignature/v1\ntime {at}\n{head.text}".encode()


def write_safely(path: Path, data: bytes) -> None:
    """On the disk whole, or not at all; read by the owner alone."""
    half = path.with_name(f".{path.name}.half")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def fetch(place: str, path: str) -> bytes:
    """A file of a log, at an address or in a folder."""
    try:
        if "://" not in place:
            return Path(place, path).read_bytes()
        with urlopen(f"{place.rstrip('/')}/{path}", timeout=PATIENCE) as answer:
            return bytes(answer.read(LARGEST))
    except (OSError, ValueError):
        raise Refusal(f"读不到 {place}/{path}。 {place}/{path} can not be read.") from None


def run(name: str, log: Sequence[str], folder: Path, place: str, now: int) -> str:
    """Cosign the newest checkpoint of a log, or refuse.

    :param log: the log's verifier keys; more than one while it changes its key.
    :param now: seconds since 1970.
    """
    keys, witness, read = [read_key(each) for each in log], Witness(name, folder), partial(fetch, place)
    with (folder / "witness.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once could each cosign another continuation
        note = read("checkpoint")
        head = read_head(note)
        if head.origin not in {key.name for key in keys}:
            raise Refusal(f"这是另一份存证：{head.origin}。 This is another log: {head.origin}.")
        lines = signed(head, keys)
        if reason := why_not(Tree(read, head.size), head, witness.last(head.origin)):
            kept = folder / f"refused-{now}.checkpoint"
            write_safely(kept, note)  # signed by the log: it proves what the log did
            raise Refusal(f"{reason}\n已留存证据：{kept} Kept as evidence: {kept}")
        return witness.cosign(head, lines, now)


def main(arguments: Sequence[str] | None = None) -> int:
    """From the command line."""
    parser = argparse.ArgumentParser(
        description="Cosign a public log's newest checkpoint. 为公示存证作见证。"
    )
    parser.add_argument("place", help="the log's address, as https://disclosure.example/log, or a folder")
    parser.add_argument("--name", required=True, help="of this witness, as witness.example/w1")
    parser.add_argument("--log", required=True, action="append", help="the log's verifier key")
    parser.add_argument("--folder", default="witness", type=Path, help="where key and memory are kept")
    asked = parser.parse_args(arguments)
    try:
        note = run(asked.name, asked.log, asked.folder, asked.place, int(time.time()))
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stderr.write(f"已见证。 Cosigned. {Witness(asked.name, asked.folder).key}\n")
    sys.stdout.write(note)
    return 0


if __name__ == "__main__":
    sys.exit(main())
