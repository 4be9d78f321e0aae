"""Writing an import, chunk by chunk: what became of the records and how far it got, in one commit."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.intake.judging import Judged
from portal.intake.models import Import, ImportBatch
from portal.intake.moving_on import keep_refusals, move_on
from portal.intake.report import Report
from portal.people.models import Person
from portal.publications.batch_desk import undecided_by_batch
from portal.publications.entering import enter
from portal.publications.models import Batch, Publication
from portal.publications.proposing import Proposal
from portal.words import Sentence, say

BatchKey = tuple[str, str]  # task number, department


class DryRun:
    """Counts what an import would do; writes nothing."""

    def __init__(self, session: Session, report: Report) -> None:
        self.session = session
        self.report = report
        self.done = 0

    def take(self, chunk: Sequence[Judged]) -> None:
        """Count a chunk."""
        send_backknown_among(self.session, chunk, self.report)
        count(self.report, chunk)
        self.session.rollback()

    def finish(self, skipped: int, warnings: Sequence[str]) -> None:
        """Say the rest."""
        self.report.skipped = skipped
        self.report.warnings += warnings


class TakingIn:
    """Writes one import."""

    def __init__(self, session: Session, report: Report, one: Import, by: Person) -> None:
        self.session = session
        self.report = report
        self.id, self.name, self.by_id, self.done = one.id, one.name, by.id, one.position
        self.batches = self._batches_so_far()
        for name in ("rows", "accepted", "held", "refused"):
            setattr(report, name, getattr(one, name))

    def take(self, chunk: Sequence[Judged]) -> None:
        """Write a chunk and commit it; once more from the start if another import was faster with a record."""
        try:
            self._write(chunk)
        except IntegrityError:
            self.session.rollback()
            self._write(chunk)

    def finish(self, skipped: int, warnings: Sequence[str]) -> None:
        """Mark the import as finished: from here on its batches may be acted on."""
        self.report.skipped = skipped
        self.report.warnings += warnings
        one = self.session.get_one(Import, self.id)
        one.skipped, one.warnings, one.finished_at = skipped, self.report.warnings, clock.now()
        self.report.batches = list(self.batches.values())
        self.report.undecided = sum(undecided_by_batch(self.session, self.report.batches).values())
        self.session.commit()
        self.session.expunge_all()

    def _write(self, chunk: Sequence[Judged]) -> None:
        by = self.session.get_one(Person, self.by_id)
        send_backknown_among(self.session, chunk, self.report)
        self.draft([each for each in chunk if each.content], by)
        keep_refusals(self.session, self.id, [refusal for each in chunk for refusal in each.refusals])
        counted = counts(chunk)
        move_on(self.session, self.id, self.done, len(chunk), counted)
        self.session.commit()
        self.session.expunge_all()
        self.done += len(chunk)
        count(self.report, chunk)

    def draft(self, accepted: Sequence[Judged], by: Person) -> None:
        """Make drafts, results in a batch per task and department; whoever calls commits."""
        groups: dict[tuple[str, BatchKey | None], list[Judged]] = {}
        for each in accepted:
            groups.setdefault((each.record.kind, _batch_key(each)), []).append(each)
        for (kind, key), group in groups.items():
            proposals = [
                Proposal(
                    each.content,
                    identity=each.identity,
                    held=[str(sentence) for sentence in each.held],
                    source=f"{self.name[:120]}#{each.source}"[:200],
                )
                for each in group
            ]
            enter(self.session, kind, proposals, by=by, batch=self._batch(key, group[0], by))

    def _batch(self, key: BatchKey | None, first: Judged, by: Person) -> Batch | None:
        if key is None:
            return None
        if key in self.batches:
            return self.session.get_one(Batch, self.batches[key])
        label = f"{first.content.get('task_name') or key[0]} · {first.content['department']['label']}"
        batch = Batch(
            kind="result", label=label[:200], department_code=key[1], task_no=key[0],
            created_by_id=by.id, created_at=clock.now(),
        )  # fmt: skip
        self.session.add(batch)
        self.session.flush()
        self.session.add(ImportBatch(batch_id=batch.id, import_id=self.id))
        self.batches[key] = batch.id
        return batch

    def _batches_so_far(self) -> dict[BatchKey, int]:
        made = sa.select(Batch.id, Batch.task_no, Batch.department_code).join(
            ImportBatch, ImportBatch.batch_id == Batch.id
        )
        rows = self.session.execute(made.where(ImportBatch.import_id == self.id))
        return {(task, department): batch_id for batch_id, task, department in rows}


def send_backknown_among(session: Session, chunk: Sequence[Judged], report: Report) -> None:
    """Records that an earlier file has brought already come back; a task made again is only told of."""
    known = known_among(session, chunk)
    for each in chunk:
        if not each.content or (each.record.kind, each.identity) not in known:
            continue
        if each.beside:
            report.warnings.append(_already("task", each.content["source_number"]))
            each.content = {}
            continue
        known_task = each.content.get("source_number") if each.record.kind == "task" else None
        each.content, each.held = {}, []
        each.refuse(_already(each.record.kind, known_task))


def _already(kind: str, number: object) -> Sentence:
    if kind == "task":
        return say("任务公告{number}已存在，没有重复生成；需要改动的请在原公告上提出更正。", number=number)
    if kind == "result":
        return say(
            "这条结果已存在（同一任务、对象、事项和检查日期），没有重复导入；需要改动的请在原记录上修改或者提出更正。"
        )
    return say("这份文件对应的记录已存在，没有重复导入；内容有变化的请在原记录上提出调整。")


def known_among(session: Session, chunk: Sequence[Judged]) -> set[tuple[str, str]]:
    """Kind and identity of those that are here already."""
    wanted = [each.identity for each in chunk if each.content]
    if not wanted:
        return set()
    rows = session.execute(
        sa.select(Publication.kind, Publication.identity).where(Publication.identity.in_(wanted))
    )
    return {(kind, identity) for kind, identity in rows}


def counts(chunk: Sequence[Judged]) -> dict[str, int]:
    """Rows, drafts, held drafts and refused rows of a chunk. A task made beside them counts no row."""
    own = [each for each in chunk if not each.beside]
    return {
        "rows": sum(len(each.record.rows) for each in own),
        "accepted": sum(1 for each in own if each.content),
        "held": sum(1 for each in own if each.held),
        "refused": sum(len(each.record.rows) for each in own if not each.content),
    }


def count(report: Report, chunk: Sequence[Judged]) -> None:
    """Add a chunk to the report."""
    for name, value in counts(chunk).items():
        setattr(report, name, getattr(report, name) + value)
    report.tasks += sum(1 for each in chunk if each.beside and each.content)
    report.keep([refusal for each in chunk for refusal in each.refusals])


def _batch_key(judged: Judged) -> BatchKey | None:
    if judged.record.kind != "result":
        return None
    return str(judged.content["task_no"]), judged.content["department"]["code"]
