"""Taking in what another system pushes: the same drafts, the same refusals as from a file.

A request is one transaction, committed by its door: all that it says of its records is true, or nothing of it.
Records of one push may come in many requests under one name of the client's; until it is completed, its batches
are not to be acted on (as with a file that is still being read).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Overtaken, refuse_if
from portal.intake.clients import why_not_act_as
from portal.intake.judging import Judge, Judged, Refusal
from portal.intake.models import Import, PushBatch, PushClient
from portal.intake.moving_on import keep_refusals, move_on
from portal.intake.pushed import Fault, PushedRecord, count_rows, faults_of, head_of, read
from portal.intake.report import Report
from portal.intake.taking_in import TakingIn, known_among
from portal.publications.kinds import KINDS
from portal.words import Sentence, say

MOST_AT_ONCE = 300  # records of one request: what one transaction may hold without keeping others waiting
MOST_ROWS = 10_000  # of their tables together: some three seconds, in which nobody else writes on SQLite
DRAFTED, HELD, KNOWN, REFUSED = "drafted", "held", "known", "refused"


class Conflict(Overtaken):
    """The request is at odds with one that was carried out before."""


@dataclass(frozen=True)
class Push:
    """What is pushed.

    :param batch: the client's own name for records that belong together; empty: these records alone.
    :param key: the same key never does a thing twice (``Idempotency-Key``); empty: the records' own
        identity alone keeps them from coming in twice.
    """

    kind: str
    records: Sequence[Any]
    batch: str = ""
    key: str = ""

    @cached_property
    def digest(self) -> str:
        """SHA-256, hex, of what is asked."""
        told = json.dumps([self.kind, self.batch, self.records], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass
class Outcome:
    """What became of one record.

    :param status: drafted; held: drafted, and to be decided about (D6); known: it is here already; refused.
    :param record: by which it can be asked after; empty when it was refused.
    """

    at: int
    status: str
    record: str = ""
    faults: Sequence[Fault] = ()
    held: Sequence[Sentence] = ()


@dataclass
class Answer:
    """What became of a request."""

    outcomes: list[Outcome]
    warnings: list[str] = field(default_factory=list)
    import_id: int | None = None

    def count(self, *statuses: str) -> int:
        """How many of the records came to one of these."""
        return sum(1 for each in self.outcomes if each.status in statuses)

    @property
    def counted(self) -> dict[str, int]:
        """By how much the counters of the import rise."""
        return {
            "rows": len(self.outcomes),
            "accepted": self.count(DRAFTED, HELD),
            "held": self.count(HELD),
            "unchanged": self.count(KNOWN),
            "refused": self.count(REFUSED),
        }


@dataclass
class _Looked:
    """The records of a request, judged: what is to be written beside the answer."""

    answer: Answer
    accepted: list[Judged] = field(default_factory=list)
    refused: dict[int, Sequence[Refusal]] = field(default_factory=dict)

    def refuse(self, at: int, faults: Sequence[Fault], refusals: Sequence[Refusal]) -> None:
        self.answer.outcomes.append(Outcome(at, REFUSED, faults=faults))
        self.refused[at] = refusals

    @property
    def refusals(self) -> list[Refusal]:
        """In the order of the request."""
        return [each for at in sorted(self.refused) for each in self.refused[at]]

    def add(self, one: Judged, seen: set[tuple[str, str]]) -> None:
        """Sort one in; the second of two alike in one request is known too."""
        assert isinstance(one.record, PushedRecord)
        at = one.record.at
        if not one.content:
            self.refuse(at, faults_of(one.record, one.refusals), one.refusals)
        elif (one.record.kind, one.identity) in seen:
            self.answer.outcomes.append(Outcome(at, KNOWN, one.identity))
        else:
            self.accepted.append(one)
            self.answer.outcomes.append(
                Outcome(at, HELD if one.held else DRAFTED, one.identity, held=one.held)
            )


def why_not(client: PushClient, push: Push) -> list[Sentence]:
    """Why nothing of it can be taken; empty means that each record is looked at."""
    reasons = why_not_act_as(client.acts_as)
    if push.kind not in KINDS:
        reasons.append(
            say("不认识的类别“{kind}”；请填写 list、plan、task 或者 result。", kind=push.kind[:40])
        )
    if not push.records:
        reasons.append(say("records 里没有记录；请至少推送一条。"))
    if len(push.records) > MOST_AT_ONCE:
        reasons.append(
            say(
                "一次推送了{count}条，最多{most}条；请分成几次推送，用同一个 batch 归在一起。",
                count=len(push.records),
                most=MOST_AT_ONCE,
            )
        )
    elif (rows := count_rows(push.records)) > MOST_ROWS:
        reasons.append(
            say(
                "一次推送的各条记录共有{count}行，最多{most}行；请分成几次推送，更大的名单请用文件导入。",
                count=rows,
                most=MOST_ROWS,
            )
        )
    return reasons


def try_out(session: Session, client: PushClient, push: Push, *, profile: str) -> Answer:
    """What would become of the records; writes nothing."""
    refuse_if(why_not(client, push))
    return _look(session, client, push, profile, 0).answer


def take(session: Session, client: PushClient, push: Push, *, profile: str) -> Answer:
    """Make drafts of the records.

    :raises Conflict: when the batch was completed before, or is of another kind.
    """
    refuse_if(why_not(client, push))
    batch = _batch(session, client, push)
    done = batch.taken_in.position
    looked = _look(session, client, push, profile, done)
    sink = TakingIn(session, Report(batch.name, push.kind), batch.taken_in, client.acts_as)
    sink.draft(looked.accepted, client.acts_as)
    keep_refusals(session, batch.import_id, looked.refusals)
    move_on(session, batch.import_id, done, len(push.records), looked.answer.counted)
    session.expire(batch.taken_in)
    looked.answer.import_id = batch.import_id
    if not push.batch:
        complete(session, batch)
    return looked.answer


def batch_of(session: Session, client: PushClient, name: str) -> PushBatch | None:
    """A client's batch by the client's own name."""
    return session.scalar(
        sa.select(PushBatch).where(PushBatch.client_id == client.id, PushBatch.name == name)
    )


def complete(session: Session, batch: PushBatch) -> None:
    """Nothing more comes in under this name: from here on its batches may be acted on. Twice is once."""
    if batch.taken_in.finished_at is None:
        batch.taken_in.finished_at = clock.now()
        session.flush()


# ── on the way ───────────────────────────────────────────────


def _look(session: Session, client: PushClient, push: Push, profile: str, done: int) -> _Looked:
    """Judge each record by its place.

    :param done: how many came before in the same batch, so that staff find a refused one by its number.
    """
    by, looked = client.acts_as, _Looked(Answer([]))
    judge = Judge.load(session, by, {"department": by.department_code}, profile)
    judged = []
    for at, given in enumerate(push.records):
        source = str(say("第{n}条", n=done + at + 1))
        record, faults = read(push.kind, at, given, source)
        if record is None:
            looked.refuse(at, faults, [Refusal(source, 1, "", each.value, each.sentence) for each in faults])
        else:
            judged.append(judge.judge(record))
    seen = known_among(session, judged)
    for one in judged:
        looked.add(one, seen)
        seen.add((push.kind, one.identity))
    looked.answer.outcomes.sort(key=lambda outcome: outcome.at)
    looked.answer.warnings += list(judge.warnings)
    return looked


def _batch(session: Session, client: PushClient, push: Push) -> PushBatch:
    """The batch that these records go into: the one begun before, or a new one."""
    name = push.batch or f"{clock.now():%Y%m%dT%H%M%S%f}"
    found = batch_of(session, client, name)
    if found is None:
        return _begin(session, client, push.kind, name)
    if found.taken_in.kind != push.kind:
        raise Conflict(
            say("batch“{name}”里是另一类记录；每个 batch 只放一类，请换一个名称。", name=name[:80])
        )
    if found.taken_in.is_finished:
        raise Conflict(say("batch“{name}”已经结束，不能再加记录；请换一个名称。", name=name[:80]))
    return found


def _begin(session: Session, client: PushClient, kind: str, name: str) -> PushBatch:
    key = hashlib.sha256(f"push\x1f{client.id}\x1f{name}".encode()).hexdigest()
    taken_in = Import(
        key=key, file_digest="", name=f"{client.name} {name}"[:200], kind=kind,
        options={"pushed_by": client.name}, by_id=client.acts_as_id, at=clock.now(), warnings=[],
        head=[["", list(head_of(kind).columns.names)]],
        position=0, rows=0, skipped=0, accepted=0, held=0, refused=0,
    )  # fmt: skip
    batch = PushBatch(client_id=client.id, name=name, taken_in=taken_in)
    session.add(batch)
    session.flush()
    return batch
