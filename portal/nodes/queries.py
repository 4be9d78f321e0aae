"""Reading about nodes: who is there, who is behind, and where two differ that must not."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ledger.models import LedgerHead
from portal.nodes.models import Node
from portal.nodes.telling import SILENT_AFTER
from portal.words import Sentence, say

FOLDERS = {
    "evidence": "var/evidence",
    "quarantine": "var/quarantine",
    "public_files": "var/public_files",
    "log_key": "PORTAL_LOG_KEY",
}


def nodes(session: Session) -> Sequence[Node]:
    """Every node that told of itself, by name."""
    return session.scalars(sa.select(Node).order_by(Node.name)).all()


def clear_to(session: Session) -> int | None:
    """The ledger line before which no node has a copy of its index any more; None when no node told of itself."""
    return session.scalar(sa.select(sa.func.min(Node.clear_to)))


def behind(session: Session, entry: int) -> Sequence[Node]:
    """The nodes that have not told yet that they are clear of what stood before a ledger line."""
    return session.scalars(sa.select(Node).where(Node.clear_to < entry).order_by(Node.name)).all()


def ledger_line(session: Session) -> int:
    """The last line of the ledger; −1 when there is none."""
    return (session.scalar(sa.select(LedgerHead.size)) or 0) - 1


def why_not_alike(session: Session, at: datetime) -> list[Sentence]:
    """What is wrong with the nodes, or between them; empty when each is there and they agree."""
    there = nodes(session)
    return [*_silent(there, at), *_keys(there), *_editions(there), *_folders(there)]


def _silent(there: Sequence[Node], at: datetime) -> Iterator[Sentence]:
    for node in there:
        if node.seen_at < at - SILENT_AFTER:
            yield say(
                "节点“{name}”自{when}起没有消息。请查看它的后台任务；已经不用的，删除它的检索目录后运行 portal nodes forget。",
                name=node.name,
                when=f"{node.seen_at:%Y-%m-%d %H:%M}Z",
            )


def _keys(there: Sequence[Node]) -> Iterator[Sentence]:
    for name in _odd({node.name: node.key_print for node in there}):
        yield say(
            "节点“{name}”的 PORTAL_SECRET_KEY 与别的节点不同，登录和表单会时灵时不灵。请在各节点设成同一个。",
            name=name,
        )


def _editions(there: Sequence[Node]) -> Iterator[Sentence]:
    for name in _odd({node.name: node.edition for node in there}):
        yield say("节点“{name}”运行的版本与别的节点不同。请把各节点升级到同一个版本。", name=name)


def _folders(there: Sequence[Node]) -> Iterator[Sentence]:
    for folder, where in FOLDERS.items():
        for name in _odd({node.name: node.folders.get(folder, "") for node in there}):
            yield say(
                "节点“{name}”的 {folder} 与别的节点不是同一个目录，它收到的文件别处打不开。请改用共享目录。",
                name=name,
                folder=where,
            )


def _odd(values: dict[str, str]) -> list[str]:
    """Whose value is another than that of most; what has none yet is left out."""
    known = {name: value for name, value in values.items() if value}
    if not known:
        return []
    usual = Counter(known.values()).most_common(1)[0][0]
    return [name for name, value in known.items() if value != usual]
