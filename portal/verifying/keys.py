"""Whose signature stands under a checkpoint, and how a log's key may change.

A change is an entry: ``key_rotate`` with ``purpose`` ``log``, the new ``key`` and the one that it ``ends``. Anybody can
write such an entry into a log of their own. So whoever believes a key goes on to the next one only by a checkpoint
that covers the entry and that **both** keys signed; the log signs one like that when it changes its key.
"""

from collections.abc import Iterable, Iterator, Sequence

from portal.ledger.checkpoints import Checkpoint
from portal.ledger.notes import Note, VerifierKey, open_note
from portal.verifying.register import Rotation
from portal.words import Sentence, say


def problems_of_keys(
    key: VerifierKey,
    head: Note,
    rotations: Sequence[Rotation],
    kept: tuple[Note, Checkpoint] | None = None,
) -> Iterator[Sentence]:
    """What is wrong with the signatures under the newest checkpoint and the one that was kept.

    :param key: the key that is believed.
    :param kept: a checkpoint that somebody kept.
    """
    yield from _chain(rotations)
    believed = _believed(key, rotations, kept)
    signed = _signed(head, believed)
    if signed is None:
        yield say("存证头上的签名与其内容不符：签名后被改动过。")
    elif not signed:
        yield _not_signed(key, rotations)
    if rotations and signed:
        newest = _keys([rotations[-1].key])
        if not _signed(head, newest):
            yield say("存证头不是用第{index}条公布的新密钥签的。", index=rotations[-1].at)
    if kept and not _signed(kept[0], [key, *_all(rotations)]):
        yield say("留存的存证头不是用这份存证的密钥签的。")


def _chain(rotations: Sequence[Rotation]) -> Iterator[Sentence]:
    for before, after in zip(rotations, rotations[1:], strict=False):
        if after.ends != before.key:
            yield say("第{index}条存证停用的不是当时使用的存证密钥。", index=after.at)


def _believed(
    key: VerifierKey, rotations: Sequence[Rotation], kept: tuple[Note, Checkpoint] | None
) -> list[VerifierKey]:
    """The key that was given, and those that a kept checkpoint leads to."""
    believed = [key]
    for each in rotations:
        following, before = _keys([each.key]), _keys([each.ends])
        if not kept or not following or not before or before[0] not in believed:
            continue
        note, checkpoint = kept
        if checkpoint.size > each.at and _signed(note, before) and _signed(note, following):
            believed += following
    return believed


def _not_signed(key: VerifierKey, rotations: Sequence[Rotation]) -> Sentence:
    for each in rotations:
        if each.ends == str(key):
            return say(
                "存证头不是用所给的密钥签的。第{index}条存证说它已经更换；"
                "请用新旧两把密钥都签过的存证头作 --earlier，或者向公示机关核实新密钥。",
                index=each.at,
            )
    return say("存证头不是用所给的密钥签的：这份存证由别人签署，或者密钥给错了。")


def _signed(note: Note, keys: Iterable[VerifierKey]) -> list[VerifierKey] | None:
    """Those of some keys that signed; None when a signature under the name of one of them does not fit."""
    known = list(keys)
    ids = {(each.name, each.id) for each in known}
    if not any((line.name, line.key_id) in ids for line in note.signatures):
        return []
    try:
        return open_note(note, known)
    except ValueError:
        return None


def _all(rotations: Sequence[Rotation]) -> list[VerifierKey]:
    return _keys(text for each in rotations for text in (each.key, each.ends))


def _keys(texts: Iterable[str]) -> list[VerifierKey]:
    found = []
    for text in texts:
        try:
            found.append(VerifierKey.parse(text))
        except ValueError:
            continue
    return found
