"""A checkpoint in the transaction of the acts it covers: nothing public changes before it is in the log.

:func:`seal` runs just before a commit, :func:`confirm` just after it; see ``portal/opening.py``.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger import book, tile_files
from portal.ledger.checkpoints import Checkpoint
from portal.ledger.entry import EntryDraft, read_entry
from portal.ledger.models import Entry, LedgerHead, SignedCheckpoint
from portal.ledger.notes import Note, SignerKey, VerifierKey
from portal.ledger.signer import Signer, why_not_extend
from portal.ledger.tiles import Tile
from portal.ledger.tlog_proofs import TlogProof
from portal.ledger.trees import Tree
from portal.words import Sentence, say

SEALED = "the checkpoint that the next commit makes public"

log = logging.getLogger(__name__)


def tree(session: Session, size: int) -> Tree:
    """The tree over the first so many entries, as the database has it."""
    return Tree(size, lambda level, number: tile_files.hashes(session, Tile(level, number)))


def newest(session: Session) -> SignedCheckpoint | None:
    """The last checkpoint that was published."""
    return session.scalar(sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size.desc()).limit(1))


def keys(session: Session) -> list[VerifierKey]:
    """Every key that ever signed here, the one in use first."""
    first = sa.func.min(SignedCheckpoint.size)
    query = sa.select(SignedCheckpoint.key).group_by(SignedCheckpoint.key).order_by(first.desc())
    return [VerifierKey.parse(each) for each in session.scalars(query)]


def covers(session: Session, index: int) -> bool:
    """Whether a checkpoint was signed over an entry."""
    last = newest(session)
    return last is not None and index < last.size


def proof(session: Session, entry: Entry, disclosures: Sequence[str] = ()) -> TlogProof | None:
    """That an entry stands in the log, as one keeps it; none while no checkpoint covers it."""
    last = newest(session)
    if last is None or last.size <= entry.index:
        return None
    hashes = tree(session, last.size).inclusion(entry.index)
    return TlogProof(entry.index, entry.body, hashes, Note.parse(last.note), disclosures)


def begin(session: Session) -> None:
    """Have the ledger signed as it stands, with the next commit: the log's first checkpoint."""
    book.lock(session)
    session.info[book.WRITTEN] = True


def announce(session: Session, signer: Signer) -> Entry:
    """Write that the next key takes the place of the one in use; both sign the checkpoint over it."""
    used, following = [each.verifier for each in signer.held_keys()]
    extra = {"purpose": "log", "key": str(following), "ends": str(used)}
    return book.write(session, EntryDraft(type="key_rotate", extra=extra))


def is_announced(session: Session, key: VerifierKey) -> bool:
    """Whether an entry says already that a key of the log takes another's place."""
    written = session.scalars(sa.select(Entry.body).where(Entry.type == "key_rotate"))
    return any(read_entry(each).get("key") == str(key) for each in written)


def seal(session: Session, signer: Signer, published: Path) -> None:
    """Sign what this transaction wrote. A transaction that was refused is refused again, however often it is tried.

    :param published: the folder of the log's files.
    :raises Refused: when the ledger does not extend what was signed before, or the key's folder does not work.
    """
    if not session.info.get(book.WRITTEN):
        return
    session.flush()
    try:
        _sign(session, signer, published)
    except OSError as error:
        raise Refused(
            say(
                "公示存证没有签成，这次办理没有生效：签名密钥的目录读不了或者写不进。请检查磁盘和权限后再办理。"
            )
        ) from error


def _sign(session: Session, signer: Signer, published: Path) -> None:
    head, last = book.lock(session), newest(session)
    if not signer.is_there:
        if last is None:  # a portal that began without a key
            return
        raise Refused(
            say(
                "公示存证的签名密钥不见了，找到以前不能公示。请恢复密钥目录，不要另生成一把：新的密钥没有人认得。"
            )
        )
    if last is not None and (last.size, last.root) == (head.size, head.root):
        return
    signers = _signers(session, signer)
    checkpoint = Checkpoint(signers[0].name, head.size, bytes.fromhex(head.root))
    grown = tree(session, head.size)
    if grown.root() != checkpoint.root:
        raise Refused(say("存证的根哈希与全部条目算出的不符。请从备份中恢复，恢复前不要继续公示。"))
    earlier = [*_standing(last), *tile_files.published(published)]
    note = signer.sign(checkpoint, earlier, grown.root, signers)
    session.add(
        SignedCheckpoint(
            size=head.size,
            root=head.root,
            note=str(note),
            key=str(signers[-1].verifier),
            at=head.at,
        )
    )
    session.flush()
    session.info[SEALED] = (signer, checkpoint)


def _signers(session: Session, signer: Signer) -> Sequence[SignerKey]:
    """The key in use, and the next one from its announcement on: a rotation may have been cut short before it."""
    used, *following = signer.held_keys()
    return [used, *(each for each in following if is_announced(session, each.verifier))]


def why_not_begin(session: Session, name: str) -> list[Sentence]:
    """Why no first key may be made for a log of this name: one that was signed goes on with its own key."""
    last = newest(session)
    if last is None or VerifierKey.parse(last.key).name != name:
        return []
    return [
        say(
            "存证“{name}”已经由另一把密钥签过名，不能改用没有公布过的密钥。请从密钥的备份恢复；"
            "确实丢失的，请用 --name 另起名称，并公开说明。",
            name=name,
        )
    ]


def confirm(session: Session) -> None:
    """What was signed is committed. It is so whether or not the signer can note it: the database says it as well."""
    session.info.pop(book.WRITTEN, None)
    signer, checkpoint = session.info.pop(SEALED, (None, None))
    if signer is None:
        return
    try:
        signer.confirm(checkpoint)
    except (OSError, Refused):  # whoever acted must not be told that nothing was done
        log.exception("the signer could not note what was committed")


def why_not_write(session: Session, signer: Signer, published: Path) -> list[Sentence]:
    """Why nothing can be published now: database, files and the signer's memory disagree. Empty: they agree."""
    head = session.get(LedgerHead, book.HEAD)
    if head is None or not signer.is_there:
        return []
    now, last = Checkpoint("", head.size, bytes.fromhex(head.root)), newest(session)
    grown = tree(session, head.size)
    try:
        earlier = [*_standing(last), *signer.remembered(), *tile_files.published(published)]
        found = why_not_extend(now, [*earlier, now], grown.root)
    except Refused as refusal:
        found = list(refusal.reasons)
    except ValueError:
        found = [say("存证的条目或者分片缺失。请从备份中恢复，恢复前不要继续公示。")]
    if last is None and head.size:
        found.append(say("公示存证还没有签名。请运行 portal log key，让现有的存证签上名。"))
    return found + tile_files.differing(session, published, last.size if last else 0)


def _standing(last: SignedCheckpoint | None) -> list[Checkpoint]:
    return [Checkpoint("", last.size, bytes.fromhex(last.root))] if last else []
