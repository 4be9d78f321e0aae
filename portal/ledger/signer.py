"""Who signs the log: the key, kept outside the database, and the memory of what was signed.

The memory is what a database can not be made to forget. Before a signature leaves the transaction it is noted
as pending, after the commit as signed. A pending one that the database does not hold was never public; a signed
one must be a beginning of whatever is signed next.
"""

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.errors import Refused
from portal.files import write_whole
from portal.ledger.checkpoints import Checkpoint
from portal.ledger.entry import is_word
from portal.ledger.notes import Note, SignerKey, is_name, sign
from portal.words import Sentence, say

LONGEST_NAME = 74  # of the 128 characters of an entry's word 54 are the key's own

RootAt = Callable[[int], bytes]


@dataclass(frozen=True)
class Memory:
    """The heads that were signed last, each as size and root."""

    signed: tuple[int, bytes] | None = None
    pending: tuple[int, bytes] | None = None


class Signer:
    """One key folder: ``key``, after ``portal log key --rotate`` for a moment ``next``, and ``signed.json``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_there(self) -> bool:
        """Whether a key was made."""
        return (self.folder / "key").exists()

    def held_keys(self) -> list[SignerKey]:
        """The key, and the one that is about to take its place.

        :raises Refused: when a file is damaged.
        """
        there = [path for path in (self.folder / "key", self.folder / "next") if path.exists()]
        try:
            return [SignerKey.parse(path.read_text("utf-8")) for path in there]
        except ValueError as error:
            raise Refused(
                say("公示存证的签名密钥文件已损坏。请从密钥的备份恢复后再试，恢复前不能公示。")
            ) from error

    def make(self, name: str, file: str = "key") -> SignerKey:
        """A new key, readable by this user alone.

        :raises Refused: when there is one already, or the name could not stand in a checkpoint.
        """
        key = SignerKey.new(name) if is_name(name) else None
        if key is None or not is_word(str(key.verifier)):  # the log itself will have to name it one day
            raise Refused(
                say(
                    "存证的名称只能用英文字母、数字和 . _ : / -，最多{most}个字符。"
                    "请用 --name 另写一个，例如 gs.example.gov.cn/log。",
                    most=LONGEST_NAME,
                )
            )
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._held():  # of two who make one at once the second finds the first's
            if (self.folder / file).exists():
                raise Refused(
                    say("已经有签名密钥了，没有另外生成。要更换密钥，请用 portal log key --rotate。")
                )
            write_whole(self.folder / file, f"{key.secret()}\n".encode())
        return key

    def replace(self) -> None:
        """The next key takes the place of the one before, which is gone for good."""
        (self.folder / "next").replace(self.folder / "key")

    def sign(
        self,
        head: Checkpoint,
        standing: Sequence[Checkpoint],
        root_at: RootAt,
        signers: Sequence[SignerKey] = (),
    ) -> Note:
        """Sign a head that extends everything that was ever signed.

        :param standing: what the database and the published files say was signed before.
        :param root_at: the root of the first so many entries, as the database has them now.
        :param signers: those of the held keys that sign; all of them unless told otherwise.
        :raises Refused: when it would be a second head of one size, or does not extend the last.
        """
        with self._held():
            remembered = self.memory()
            refused = why_not_extend(head, [*standing, *self._binding(remembered, standing)], root_at)
            if refused:
                raise Refused(*refused)
            self._keep(Memory(self._newest(remembered, standing), (head.size, head.root)))
        return sign(head.text, signers or self.held_keys())

    def confirm(self, head: Checkpoint) -> None:
        """The transaction that a head was signed in is committed: from here on it is public."""
        with self._held():
            remembered = self.memory()
            if remembered.signed is None or remembered.signed[0] < head.size:
                self._keep(Memory((head.size, head.root), remembered.pending), durable=False)

    def memory(self) -> Memory:
        """What was signed last.

        :raises Refused: when the file is damaged.
        """
        path = self.folder / "signed.json"
        if not path.exists():
            return Memory()
        try:
            kept = json.loads(path.read_text("utf-8"))
            return Memory(*(_read(kept[name]) for name in ("signed", "pending")))
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(
                say("签名记录（signed.json）已损坏。请从备份恢复，或者用外部留存的存证核对后再删除它。")
            ) from error

    def remembered(self) -> list[Checkpoint]:
        """The head that is certainly public, if there is one."""
        signed = self.memory().signed
        return [Checkpoint("", *signed)] if signed else []

    def _binding(self, memory: Memory, standing: Sequence[Checkpoint]) -> Iterator[Checkpoint]:
        """The remembered heads that are public; a pending one only if a later head was committed."""
        if memory.signed:
            yield Checkpoint("", *memory.signed)
        if memory.pending and any(each.size >= memory.pending[0] for each in standing):
            yield Checkpoint("", *memory.pending)

    def _newest(self, memory: Memory, standing: Sequence[Checkpoint]) -> tuple[int, bytes] | None:
        known = [*self._binding(memory, standing), *standing]
        newest = max(known, key=lambda each: each.size, default=None)
        return (newest.size, newest.root) if newest else None

    def _keep(self, memory: Memory, *, durable: bool = True) -> None:
        kept = {"signed": _written(memory.signed), "pending": _written(memory.pending)}
        write_whole(self.folder / "signed.json", json.dumps(kept).encode(), durable=durable)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Two processes of one machine keep one memory."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def why_not_extend(head: Checkpoint, earlier: Sequence[Checkpoint], root_at: RootAt) -> list[Sentence]:
    """Why a head must not be signed or published after earlier ones; empty means that it extends them all."""
    for each in earlier:
        if each.size > head.size:
            return [
                say(
                    "数据库只有{size}条公示存证，而已经签名公开的有{signed}条：数据库缺少最后的记录。"
                    "请停止公示，从更新的备份恢复；确实恢复不了的，请按 docs/decisions/0029 处理并公开说明。",
                    size=head.size,
                    signed=each.size,
                )
            ]
        if root_at(each.size) != each.root:
            return [
                say(
                    "数据库中前{size}条公示存证与已经签名公开的不一致，不能再签名。"
                    "请停止公示，运行 portal log verify 查明从哪一条开始不同，从备份恢复。",
                    size=each.size,
                )
            ]
    return []


def _written(head: tuple[int, bytes] | None) -> list[object] | None:
    return [head[0], b64encode(head[1]).decode()] if head else None


def _read(kept: list[object] | None) -> tuple[int, bytes] | None:
    return (int(str(kept[0])), b64decode(str(kept[1]), validate=True)) if kept else None
