"""The proof that one keeps (c2sp.org/tlog-proof): an entry, its place, and the signed checkpoint over it. Pure.

Its ``extra`` line holds what the format leaves to the application, as canonical JSON: the entry's own bytes,
and the disclosures (RFC 9901) that open commitments of it for whoever holds the proof.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import rfc8785

from portal.ledger.checkpoints import Checkpoint
from portal.ledger.hashing import leaf_hash
from portal.ledger.notes import Note, VerifierKey, open_note
from portal.ledger.trees import is_included

FIRST = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class TlogProof:
    """That an entry stands in a log.

    :param entry: its exact bytes.
    :param disclosures: what its holder may show, each as it was committed to.
    :param hashes: from the leaf's sibling up to a child of the root.
    """

    index: int
    entry: bytes
    hashes: Sequence[bytes]
    checkpoint: Note
    disclosures: Sequence[str] = ()

    def __str__(self) -> str:
        extra = rfc8785.dumps({"entry": self.entry.decode(), "disclosures": list(self.disclosures)})
        lines = [FIRST, f"extra {_base64(extra)}", f"index {self.index}", *map(_base64, self.hashes), ""]
        return "\n".join(lines) + f"\n{self.checkpoint}"

    @classmethod
    def parse(cls, given: str | bytes) -> "TlogProof":
        """Read a proof of this log.

        :raises ValueError: when it is none.
        """
        text = given.decode() if isinstance(given, bytes) else given
        head, blank, note = text.partition("\n\n")
        first, extra, index, *hashes = [*head.split("\n"), "", ""]
        if first != FIRST or not blank or not extra.startswith("extra ") or not index.startswith("index "):
            raise ValueError("this is no proof of an entry of this log")
        try:
            said = json.loads(b64decode(extra[6:], validate=True))
            path = [b64decode(each, validate=True) for each in hashes if each]
            entry, disclosures = said["entry"].encode(), [*map(str, said["disclosures"])]
        except (NotBase64, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError("this is no proof of an entry of this log") from error
        return cls(int(index[6:]), entry, path, Note.parse(note), disclosures)

    def check(self, keys: Iterable[VerifierKey]) -> Checkpoint:
        """The checkpoint that covers the entry.

        :raises ValueError: when it is not signed by a key that is believed, or does not cover the entry.
        """
        open_note(self.checkpoint, keys)
        checkpoint = Checkpoint.parse(self.checkpoint.text)
        leaf = leaf_hash(self.entry)
        if not is_included(leaf, self.index, checkpoint.size, checkpoint.root, self.hashes):
            raise ValueError(
                f"entry {self.index} is not in the log that was signed, or not as it stands here"
            )
        return checkpoint


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
