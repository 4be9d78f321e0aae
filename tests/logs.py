"""Logs laid down in folders, as a mirror would: whole ones, and ones that somebody tampered with."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger.checkpoints import Checkpoint
from portal.ledger.commitments import commit_record
from portal.ledger.entry import EntryDraft, entry_bytes, statement
from portal.ledger.hashing import leaf_hash
from portal.ledger.notes import SignerKey, sign
from portal.ledger.schemes import to_text
from portal.ledger.tiles import ENTRIES, pack_entries, pack_hashes, tiles_of
from portal.ledger.trees import joined

ORIGIN = "disclosure.example/log"
SIGNER = SignerKey(ORIGIN, bytes(range(32)))
SOMEBODY_ELSE = SignerKey(ORIGIN, bytes(range(1, 33)))
BEGAN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

HEAD, OFFICER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (7, 8))


@dataclass
class Log:
    """Entries in order, and the bytes of the records that they speak of."""

    bodies: list[bytes] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)
    records: dict[str, bytes] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.bodies)

    def write(self, draft: EntryDraft, at: datetime | None = None) -> int:
        """One entry; its index."""
        index, number = len(self.bodies), draft.number or ""
        moment = at or BEGAN + timedelta(seconds=index)
        self.bodies.append(entry_bytes(draft, self.newest.get(number), moment))
        if number:
            self.newest[number] = index
        return index

    def show(self, number: str, act: str = "publish", signed_by: Sequence[str] = (), **words: str) -> int:
        """``publish`` or ``correct``: a small record becomes public."""
        version = self.versions.get(number, 0) + 1
        record, commitments = small_record(version, act, {"entity_name": "示例商行", "remark": "无"} | words)
        draft = EntryDraft(
            type=act, number=number, version=version, record=hashlib.sha256(record).hexdigest(),
            commitments=tuple(commitments), basis="D1" if act == "publish" else "O2",
        )  # fmt: skip
        if version > 1:
            self.records[f"{number}/versions/{version - 1}"] = self.records[number]
        self.records[number], self.versions[number] = record, version
        return self.write(signed(draft, *signed_by))

    def take_down(self, number: str, act: str, signed_by: Sequence[str] = ()) -> int:
        """``hold`` or ``withdraw``."""
        self.statuses[number] = 451 if act == "hold" else 410
        draft = EntryDraft(type=act, number=number, version=self.versions[number], basis="O2")
        return self.write(signed(draft, *signed_by))

    def announce_officers(self) -> None:
        """From here on corrections need two signatures."""
        for role, key in (("head", HEAD), ("officer", OFFICER)):
            extra = {"purpose": "officer", "key": public(key), "role": role, "department": "scjg"}
            self.write(EntryDraft(type="key_rotate", extra=extra))
        self.write(EntryDraft(type="signatures_required"))

    def lay_down(self, folder: Path, signers: Sequence[SignerKey] = (SIGNER,)) -> Path:
        """Write checkpoint, key, tiles and records where their addresses are."""
        lay_down_log(folder, self.bodies, signers)
        for number, record in self.records.items():
            at = folder / "results" / number
            at.mkdir(parents=True, exist_ok=True)
            if status := self.statuses.get(number):
                (at / "status").write_text(f"{status}\n")
            else:
                (at / "record.json").write_bytes(record)
        return folder


def signed(draft: EntryDraft, *roles: str) -> EntryDraft:
    """The draft with the signatures of those roles."""
    keys = {"head": HEAD, "officer": OFFICER}
    signatures = tuple(
        {"key": public(keys[role]), "role": role, "scheme": "ed25519", "sig": to_text(keys[role].sign(statement(draft)))}
        for role in roles
    )  # fmt: skip
    return EntryDraft(**{name: getattr(draft, name) for name in draft.__dataclass_fields__} | {"signatures": signatures})  # fmt: skip


def public(key: Ed25519PrivateKey) -> str:
    return to_text(key.public_key().public_bytes_raw())


def small_record(version: int, act: str, fields: Mapping[str, Any]) -> tuple[bytes, list[str]]:
    """A ``record.json`` of two fields, one row and a withheld telephone number, with its commitments."""
    rows = [{"item": "价格检查", "inspector": "某甲"}]
    content = {**fields, "items": rows, "phone": "0000-0000000"}
    released = {**fields, "items": [{"item": "价格检查"}]}
    made = commit_record(
        bytes(31) + bytes([version]), [*content], content, released, {"items": ["inspector"]}
    )
    record = {
        "schema": "portal.record/1", "kind": "result", "version": version, "act": act, "fields": released,
        "notes": [], "salts": made.salts, "rows": made.rows, "withheld": made.withheld,
    }  # fmt: skip
    return rfc8785.dumps(record), made.digests  # type: ignore[arg-type]


def lay_down_log(folder: Path, bodies: Sequence[bytes], signers: Sequence[SignerKey] = (SIGNER,)) -> None:
    """The files of a log: key, checkpoint, tiles."""
    rows = rows_of([leaf_hash(body) for body in bodies])
    tiles = folder / "log" / "tile"
    for tile in tiles_of(len(bodies)):
        at = tiles / tile.path
        at.parent.mkdir(parents=True, exist_ok=True)
        part = slice(tile.start, tile.start + tile.width)
        made = pack_entries(bodies[part]) if tile.level == ENTRIES else pack_hashes(rows[tile.level][part])
        at.write_bytes(made)
    tiles.mkdir(parents=True, exist_ok=True)
    (folder / "log" / "checkpoint").write_text(str(checkpoint_of(rows[0], signers)))
    (folder / "log" / "key").write_text(f"{signers[-1].verifier}\n")


def checkpoint_of(leaves: Sequence[bytes], signers: Iterable[SignerKey] = (SIGNER,)) -> Any:
    """The signed head over some leaf hashes."""
    return sign(Checkpoint(ORIGIN, len(leaves), root_by_splitting(leaves)).text, list(signers))


def rows_of(leaves: list[bytes]) -> list[list[bytes]]:
    """The hashes of every level of tiles."""
    rows = [leaves]
    while len(rows[-1]) >= 256:
        row = rows[-1]
        rows.append([joined(row[at : at + 256]) for at in range(0, len(row) // 256 * 256, 256)])
    return rows


def root_by_splitting(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 6962, 2.1 defines it, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = root_by_splitting(leaves[:split]), root_by_splitting(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def plain_log(size: int) -> Log:
    """A log of so many publications, as long as entries really are; without records to look at."""
    log = Log()
    log.show("JG-2026-000000")
    digests = [_digest(f"{at}") for at in range(40)]
    pattern = changed(log.bodies.pop(), commitments=sorted(digests)).decode()
    for index in range(size):
        moment = (BEGAN + timedelta(seconds=index)).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = pattern.replace("JG-2026-000000", f"JG-2026-{index:06}").replace(
            "2026-11-02T01:00:00Z", moment
        )
        log.bodies.append(body.encode())
    return log


def _digest(text: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def changed(body: bytes, **members: Any) -> bytes:
    """An entry's bytes with other members, canonical again."""
    return json.dumps(json.loads(body) | members, sort_keys=True, separators=(",", ":")).encode()


ONE, TWO, THREE = "JG-2026-000001", "JG-2026-000002", "JG-2026-000003"
BOTH = ("head", "officer")


def office_log() -> Log:
    """An office's small log: three results, one corrected, one on hold, one objection answered, one running."""
    log = Log()
    log.announce_officers()
    for number in (ONE, TWO, THREE):
        log.show(number)
    received = log.write(objection(TWO))
    log.show(ONE, "correct", BOTH, entity_name="示例商店")
    log.write(EntryDraft(type="objection_ended", number=TWO, extra={"received": received, "outcome": "maintained"}))  # fmt: skip
    log.take_down(THREE, "hold")
    log.write(objection(ONE))
    return log


def objection(number: str | None, due: str = "2026-12-14") -> EntryDraft:
    return EntryDraft(type="objection_received", number=number, extra={"due": due, "provisional": False})
