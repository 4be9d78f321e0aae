"""A node tells of itself, now and then; and an administrator says which one is gone for good."""

import hashlib
import hmac
import os
import secrets
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.nodes.models import Node
from portal.settings import Settings
from portal.words import say

EACH = timedelta(seconds=30)  # how often a node tells of itself when nobody waits for it
SILENT_AFTER = timedelta(minutes=5)
MARK = ".folder"  # in a folder that all nodes must share, what it is known by
PACKAGE = "inspection-disclosure-portal"


class Told(NamedTuple):
    """What a node knows of itself.

    :param clear_to: None when it did not look just now.
    """

    index_entry: int
    clear_to: int | None = None


def name_of(settings: Settings) -> str:
    """What this node is called: by its setting, else by its machine and the folder of its index."""
    return (settings.node or f"{socket.gethostname()}:{settings.index_dir.resolve()}")[:120]


def is_due(node: Node | None, awaited: int, at: datetime) -> bool:
    """Whether it is time to tell again, or somebody waits to hear that a ledger line was reached."""
    return node is None or node.clear_to < awaited or not node.seen_at <= at < node.seen_at + EACH


def tell(session: Session, settings: Settings, told: Told, at: datetime) -> Node:
    """Write down what this node says of itself."""
    node = session.get(Node, name_of(settings))
    if node is None:
        node = Node(name=name_of(settings), clear_to=-1)
        session.add(node)
    node.index_entry, node.seen_at = told.index_entry, at
    node.clear_to = node.clear_to if told.clear_to is None else told.clear_to
    node.edition, node.key_print = edition(), key_print(settings.secret_key)
    node.folders = {name: mark(folder) for name, folder in shared_folders(settings).items()}
    session.flush()
    return node


def forget(session: Session, name: str) -> None:
    """The machine is gone for good, and its index with it: nobody waits for it any more. One that is not tells again.

    :raises Refused: when there is no such node.
    """
    node = session.get(Node, name)
    if node is None:
        raise Refused(say("没有名为“{name}”的节点。请用 portal nodes 查看现有的节点。", name=name))
    session.delete(node)
    session.flush()


def shared_folders(settings: Settings) -> dict[str, Path]:
    """The folders that must be the same for all nodes: what one takes in another gives out."""
    return {
        "evidence": settings.evidence_dir,
        "quarantine": settings.quarantine_dir,
        "public_files": settings.public_files_dir,
        "log_key": settings.log_key_dir,
    }


def mark(folder: Path) -> str:
    """By what a folder is known, whichever machine looks into it; written there by whoever comes first.

    Empty where it is not there yet: folders are made by what first needs them.
    """
    if not folder.is_dir():
        return ""
    path = folder / MARK
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(8))
    return path.read_text()


def key_print(secret_key: str) -> str:
    """What two nodes compare instead of their secret keys."""
    return hmac.new(secret_key.encode(), b"portal node", hashlib.sha256).hexdigest()[:16]


def edition() -> str:
    """The edition of the program that runs here."""
    try:
        return version(PACKAGE)[:40]
    except PackageNotFoundError:  # a checkout that nobody installed
        return ""
