"""``portal import`` and the staff page's upload: a file in, drafts and refusals out.

A job: it commits per chunk of at most 300 records. Whatever is wrong with the file as a whole is found before
the first of them; a job that is killed goes on where it stood when the same file is imported again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Overtaken, Refused, refuse_if
from portal.intake import mappings, registering
from portal.intake.columns import READABLE
from portal.intake.finding_heads import heads_of, say_what_is_left_out
from portal.intake.judging import Judge, Judged
from portal.intake.models import Import, ImportRefusal
from portal.intake.records import Record, Table
from portal.intake.registry_fields import REGISTRY_KINDS
from portal.intake.report import Options, Progress, Report
from portal.intake.staging import digest_of, let_go, stage
from portal.intake.taking_in import DryRun, TakingIn
from portal.intake.tasks import make_tasks
from portal.people import roles
from portal.people.models import Person
from portal.publications.kinds import KINDS
from portal.words import Sentence, label_of, say

CHUNK = 300


def run(session: Session, path: Path, options: Options, progress: Progress | None = None) -> Report:
    """Import a file, or try it with ``options.dry_run``.

    The session must have nothing under way: it is committed per chunk (rolled back in a dry run, which may
    be given the door ``reads``). Afterwards nothing is left in it; load again what you need.

    :raises Refused: when the file as a whole can not be taken; then nothing is changed.
    """
    refuse_if([*roles.why_not(options.by, "import"), *_unknown_fields(options)])
    if options.kind in REGISTRY_KINDS:
        return registering.run(session, path, options, progress)
    name = options.name or path.name
    report = Report(name, options.kind, options.dry_run)
    columns = mappings.columns_for(session, options.source, options.kind) | dict(options.mapping)
    digest = digest_of(path)
    key = _key(digest, options, columns)
    earlier = session.scalar(sa.select(Import).where(Import.key == key))
    if earlier is not None and earlier.is_finished and earlier.accepted:
        return _repeated(report, earlier)
    let_go(session)
    with stage(path) as staged:
        table = Table(options.kind, staged, heads_of(options, staged, columns))
        if next(table.records(), None) is None:
            raise Refused(say("表头下面没有数据行，没有导入；请确认选对了文件，再重新上传。"))
        judge = _judge(session, options)
        sink = _sink(session, report, options, _New(key, digest, name, _head_rows(table)))
        say_what_is_left_out(judge.warn, table.staged, table.heads)
        _take_all(table, judge, sink, options, progress)
        sink.finish(table.skipped, list(judge.warnings))
    return report


def _judge(session: Session, options: Options) -> Judge:
    by = session.get_one(Person, options.by.id)
    judge = Judge.load(session, by, options.given, options.profile)
    let_go(session)
    return judge


def _unknown_fields(options: Options) -> list[Sentence]:
    known = READABLE[options.kind].by_name
    return [
        say(
            "{kind}没有名为“{field}”的字段；请核对字段名。",
            kind=label_of(READABLE[options.kind]),
            field=name,
        )
        for name in options.fields
        if name not in known
    ]


def _key(digest: str, options: Options, columns: Mapping[str, str]) -> str:
    told = [digest, options.kind, options.given, columns, options.make_task]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _repeated(report: Report, earlier: Import) -> Report:
    report.repeated, report.import_id = True, earlier.id
    for name in ("rows", "skipped", "accepted", "held", "refused"):
        setattr(report, name, getattr(earlier, name))
    return report


def _head_rows(table: Table) -> list[Any]:
    """By sheet, the names over the columns of a refused row."""
    fields = KINDS[table.kind].by_name
    return [
        [sheet, [*head.columns.names, *(fields[path].label for path in head.labelled)]]
        for sheet, head in table.heads.items()
    ]


@dataclass(frozen=True)
class _New:
    key: str
    digest: str
    name: str
    head: list[Any]


def _sink(session: Session, report: Report, options: Options, new: _New) -> DryRun | TakingIn:
    if options.dry_run:
        return DryRun(session, report)
    one = session.scalar(sa.select(Import).where(Import.key == new.key))
    if one is None:
        one = _begin(session, options, new)
    elif one.is_finished:
        _begin_again(session, one)
    report.import_id = one.id
    sink = TakingIn(session, report, one, options.by)
    session.commit()
    session.expunge_all()
    return sink


def _begin(session: Session, options: Options, new: _New) -> Import:
    told = {**options.given, "source": options.source, "make_task": options.make_task}
    one = Import(
        key=new.key, file_digest=new.digest, name=new.name[:200], kind=options.kind, options=told,
        by_id=options.by.id, at=clock.now(), warnings=[], head=new.head,
        position=0, rows=0, skipped=0, accepted=0, held=0, refused=0,
    )  # fmt: skip
    session.add(one)
    try:
        session.flush()
    except IntegrityError as taken:
        session.rollback()
        raise Overtaken(say("同一个文件正在另一处导入，这里停止；请等它完成后查看结果。")) from taken
    return one


def _begin_again(session: Session, one: Import) -> None:
    """A file of which nothing could be taken may be tried again, once codes or lists are put right."""
    session.execute(sa.delete(ImportRefusal).where(ImportRefusal.import_id == one.id))
    one.position = one.rows = one.skipped = one.refused = 0
    one.finished_at = None
    session.flush()


def _take_all(
    table: Table, judge: Judge, sink: DryRun | TakingIn, options: Options, progress: Progress | None
) -> None:
    done, already = 0, sink.done
    records = table.records()
    if options.make_task and options.kind == "result":
        tasks = list(make_tasks(table.records(), judge))
        judged = _after(tasks, records, judge, already)
    else:
        judged = _after([], records, judge, already)
    while chunk := list(islice(judged, CHUNK)):
        sink.take(chunk)
        done += sum(len(each.record.rows) for each in chunk if not each.beside)
        if progress:
            progress(done, table.staged.size)


def _after(tasks: list[Judged], records: Iterable[Record], judge: Judge, already: int) -> Iterator[Judged]:
    """What has not been dealt with yet: the tasks made first, then the records."""
    yield from tasks[already:]
    already = max(0, already - len(tasks))
    for at, record in enumerate(records):
        is_new = judge.note(record) or record.kind != "result"
        if at < already:
            continue
        judged = judge.judge(record)
        if not is_new and judged.content:
            judged.content, judged.held = {}, []
            judged.refuse(_again())
        yield judged


def _again() -> Sentence:
    return say(
        "这张检查表的另一部分在前面的行里，中间隔着别的记录；一个部门对一个对象一次检查只填一张表，"
        "请把同一张表的各行排在一起后重新上传。"
    )
