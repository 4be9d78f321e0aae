"""A checkpoint (c2sp.org/tlog-checkpoint): whose log, how many entries, and the root over all of them. Pure."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself when it signs.

    :param origin: the log's name, its address without scheme, as ``disclosure.example/log``.
    :param root: RFC 6962, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read a note's text; lines that others may add after the third are passed over.

        :raises ValueError: when it is no checkpoint.
        """
        origin, size, root, *more = [*text.split("\n"), "", "", ""]
        if not origin or not _SIZE.fullmatch(size) or not text.endswith("\n") or "" in more[:-4]:
            raise ValueError("this is no checkpoint: origin, size and root are missing")
        try:
            hashed = b64decode(root, validate=True)
        except NotBase64:
            hashed = b""
        if len(hashed) != 32:
            raise ValueError("a checkpoint's root is 32 bytes in base64")
        return cls(origin, int(size), hashed)
