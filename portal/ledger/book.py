"""Writing in the ledger, in the transaction of the act itself, and checking what was written.

Entries are numbered in the order they commit: whoever writes holds the head's row until the commit. So let
everything that needs no number be made **before** :func:`lock`, and lock late.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.db import hurry
from portal.ledger.entry import EntryDraft, entry_bytes, read_entry, reason_hash
from portal.ledger.hashing import Frontier, leaf_hash
from portal.ledger.models import Entry, LedgerHead, TreeHash
from portal.ledger.trees import HEIGHT
from portal.words import Sentence, say

HEAD = 1
HELD = "the ledger's head and the transaction that holds it"
WRITTEN = "the ledger was written since the last commit"
MOST_PROBLEMS = 20


def open_book(session: Session) -> LedgerHead:
    """The head of the ledger; of an empty one, when there was none."""
    head = session.get(LedgerHead, HEAD)
    return head or _open_empty(session)


def lock(session: Session) -> LedgerHead:
    """The head, held until the end of the transaction: nobody else writes or gives numbers meanwhile.

    On SQLite the write door's ``BEGIN IMMEDIATE`` holds it already. The first act ever opens the book.
    """
    head: LedgerHead | None
    transaction, head = session.info.get(HELD, (None, None))
    if head is not None and transaction is session.get_transaction() and head in session:
        return head
    hurry(session)
    # populate_existing: what this session read before it waited for the lock is no longer true
    wanted = sa.select(LedgerHead).where(LedgerHead.id == HEAD).with_for_update()
    head = session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()
    head = head or _open_empty(session)
    if not session.in_nested_transaction():  # rolling back to a savepoint would give this lock away
        session.info[HELD] = (session.get_transaction(), head)
    return head


def write(session: Session, draft: EntryDraft) -> Entry:
    """Write one act; see :func:`write_all`."""
    return write_all(session, [draft])[0]


def write_all(session: Session, drafts: Sequence[EntryDraft]) -> list[Entry]:
    """Write acts in their order and move the head; they are public when the caller's transaction commits.

    :raises ValueError: when an entry would be too long.
    """
    head = lock(session)
    # a clock set back must not make the ledger's time run backwards; an empty ledger has no time yet
    at = max(_now(), head.at) if head.size else _now()
    newest = _newest(session, {draft.number for draft in drafts if draft.number})
    frontier = Frontier.from_text(head.size, head.frontier)
    entries = []
    for index, draft in enumerate(drafts, start=head.size):
        entry = _entry(draft, index, newest.get(draft.number or ""), at)
        completed = frontier.completes(entry.leaf_hash)
        session.add_all(tree_hashes(frontier.size, completed))
        frontier = frontier.grown(completed)
        entries.append(entry)
        if draft.number:
            newest[draft.number] = index
    session.add_all(entries)
    _move(head, frontier, at)
    session.flush()
    session.info[WRITTEN] = True
    return entries


def tree_hashes(size: int, completed: Sequence[bytes]) -> list[TreeHash]:
    """What the tiles above level 0 gain by what one more leaf completes: mostly nothing."""
    return [
        TreeHash(level=level, number=size >> HEIGHT * level, hash=each)
        for level, each in enumerate(completed[HEIGHT::HEIGHT], start=1)
    ]


def check(session: Session) -> list[Sentence]:
    """What is wrong with the ledger, in sentences; empty means that every line and the root are right.

    Reads every entry: about two minutes for a million.
    """
    return list(islice(_problems(session), MOST_PROBLEMS))


def _open_empty(session: Session) -> LedgerHead:
    empty = Frontier()
    head = LedgerHead(id=HEAD, size=0, root=empty.root().hex(), frontier=empty.to_text(), at=_now())
    try:
        with session.begin_nested():
            session.add(head)
    except IntegrityError:  # PostgreSQL: another first act was a moment faster, and has committed
        return lock(session)
    return head


def _entry(draft: EntryDraft, index: int, previous: int | None, at: datetime) -> Entry:
    body = entry_bytes(draft, previous, at)
    return Entry(
        index=index,
        type=draft.type,
        number=draft.number,
        version=draft.version,
        previous=previous,
        body=body,
        leaf_hash=leaf_hash(body),
        at=at,
        department_code=draft.department_code,
        basis=draft.basis,
        reason=draft.reason,
    )


def _move(head: LedgerHead, frontier: Frontier, at: datetime) -> None:
    head.size = frontier.size
    head.root = frontier.root().hex()
    head.frontier = frontier.to_text()
    head.at = at


def _newest(session: Session, numbers: set[str]) -> dict[str, int]:
    """The index of the newest entry of each number that has one."""
    if not numbers:
        return {}
    wanted = sa.select(Entry.number, sa.func.max(Entry.index)).where(Entry.number.in_(numbers))
    return {str(number): index for number, index in session.execute(wanted.group_by(Entry.number))}


def _now() -> datetime:
    return clock.now().replace(microsecond=0)  # as precise as the entry's bytes


def _problems(session: Session) -> Iterator[Sentence]:
    frontier, newest, last = Frontier(), dict[str, int](), None
    entries = session.scalars(sa.select(Entry).order_by(Entry.index).execution_options(yield_per=1000))
    for entry in entries:
        if entry.index != frontier.size:
            yield say("存证缺少第{index}条。请从备份中恢复，恢复前不要继续公示。", index=frontier.size)
            return
        yield from _problems_of(entry, newest.get(entry.number or ""), last)
        frontier = frontier.add(leaf_hash(_bytes_of(entry)))
        last = entry.at
        if entry.number:
            newest[entry.number] = entry.index
    yield from _problems_of_head(session, frontier)


def _problems_of(entry: Entry, previous: int | None, last: datetime | None) -> Iterator[Sentence]:
    if leaf_hash(_bytes_of(entry)) != entry.leaf_hash:
        yield say("第{index}条存证的内容与其哈希值不符，写入后被改动过。请从备份中恢复。", index=entry.index)
    if entry.previous != previous:
        yield say("第{index}条存证没有指向同一编号的上一条。请从备份中恢复。", index=entry.index)
    if last is not None and entry.at < last:
        yield say("第{index}条存证的时间早于上一条。请从备份中恢复。", index=entry.index)
    if not _says_what_its_columns_say(entry):
        yield say("第{index}条存证的内容与数据库中的登记项不一致。请从备份中恢复。", index=entry.index)


def _bytes_of(entry: Entry) -> bytes:
    body: object = entry.body
    # a body edited by hand in SQLite comes back as text; it must be reported, not stop the check
    return body.encode() if isinstance(body, str) else entry.body


def _says_what_its_columns_say(entry: Entry) -> bool:
    try:
        said = read_entry(_bytes_of(entry))
    except ValueError:
        return False
    columns = {
        "type": entry.type,
        "number": entry.number,
        "version": entry.version,
        "previous": entry.previous,
        "time": clock.stamp(entry.at),
        "basis": entry.basis or None,
    }
    if entry.reason:  # a reason's words can be erased; the hash of them stays
        columns["reason"] = reason_hash(entry.reason)
    return all(said.get(name) == value for name, value in columns.items())


def _problems_of_head(session: Session, frontier: Frontier) -> Iterator[Sentence]:
    head = session.get(LedgerHead, HEAD)
    if head is None:
        yield say("存证尚未建立。请先运行 portal migrate。")
    elif head.size != frontier.size:
        yield say(
            "存证应有{expected}条，实有{found}条。请从备份中恢复，恢复前不要继续公示。",
            expected=head.size,
            found=frontier.size,
        )
    elif (head.root, head.frontier) != (frontier.root().hex(), frontier.to_text()):
        yield say("存证的根哈希与全部条目算出的不符。请从备份中恢复，恢复前不要继续公示。")
