"""A file of inspected objects or of inspectors into its registry: new, changed, unchanged or refused, row by row.

A job like every import: it commits per chunk of at most 300 rows. One that was killed is begun again from the
start with the same file; what was taken then is unchanged now.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.book import CodeBook
from portal.errors import Overtaken, Refused, refuse_if
from portal.intake import mappings
from portal.intake.finding_heads import heads_of, say_what_is_left_out
from portal.intake.heading import Head, is_record
from portal.intake.judging import Refusal
from portal.intake.models import Import, ImportRefusal
from portal.intake.moving_on import keep_refusals, move_on
from portal.intake.records import SourceRow, read_row
from portal.intake.registry_rows import Read, Reader
from portal.intake.report import Options, Progress, Report
from portal.intake.staging import Staged, digest_of, let_go, stage
from portal.people import roles
from portal.people.models import Person
from portal.registries import keeping
from portal.registries.keeping import REGISTRIES, Registry
from portal.words import Sentence, say

CHUNK = 300
MOST_WARNINGS = 100


def run(session: Session, path: Path, options: Options, progress: Progress | None = None) -> Report:
    """Take a file in, or try to; see :func:`portal.intake.importing.run`."""
    refuse_if(roles.why_not(options.by, "keep_registries", department=options.department or None))
    name = options.name or path.name
    report = Report(name, options.kind, options.dry_run)
    columns = mappings.columns_for(session, options.source, options.kind) | dict(options.mapping)
    digest = digest_of(path)
    with stage(path) as staged:
        file = _File(options.kind, staged, heads_of(options, staged, columns))
        if next(file.rows(), None) is None:
            raise Refused(say("表头下面没有数据行，没有导入；请确认选对了文件，再重新上传。"))
        department = options.department or options.by.department_code
        reader = Reader(options.kind, CodeBook.load(session), options.by, department, options.secret)
        let_go(session)
        taking = _Taking(session, report, REGISTRIES[options.kind], options.by.id, reader)
        if not options.dry_run:
            taking.begin(_begin(session, options, digest, name, file))
        say_what_is_left_out(taking.warn, staged, file.heads)
        _take_all(file, reader, taking, progress)
        taking.finish(file.skipped, complete=options.complete)
    return report


@dataclass
class _File:
    kind: str
    staged: Staged
    heads: Mapping[str, Head]
    skipped: int = 0

    def rows(self) -> Iterator[tuple[SourceRow, Head]]:
        """Every record of every sheet, from the beginning."""
        self.skipped = 0
        for sheet, head in self.heads.items():
            for row in self.staged.rows(sheet):
                if row.number <= head.row:
                    continue
                if is_record(row, head.columns):
                    yield read_row(self.kind, sheet, head.columns, row), head
                else:
                    self.skipped += 1


def _take_all(file: _File, reader: Reader, taking: "_Taking", progress: Progress | None) -> None:
    reads = (reader.read(row, head) for row, head in file.rows())
    while chunk := list(islice(reads, CHUNK)):
        taking.take(chunk)
        if progress:
            progress(taking.done, file.staged.size)


def _begin(session: Session, options: Options, digest: str, name: str, file: _File) -> Import:
    """The import's own row; one of the same file that was killed is begun again."""
    finished = sa.select(sa.func.count()).where(
        Import.file_digest == digest, Import.kind == options.kind, Import.finished_at.is_not(None)
    )
    told = {**options.given, "source": options.source, "complete": options.complete}
    key = hashlib.sha256(
        json.dumps([digest, options.kind, told, session.scalar(finished)]).encode()
    ).hexdigest()
    one = session.scalar(sa.select(Import).where(Import.key == key))
    if one is None:
        one = Import(
            key=key, file_digest=digest, name=name[:200], kind=options.kind, options=told, by_id=options.by.id,
            at=clock.now(), head=[[sheet, list(head.columns.names)] for sheet, head in file.heads.items()],
        )  # fmt: skip
        session.add(one)
    else:
        session.execute(sa.delete(ImportRefusal).where(ImportRefusal.import_id == one.id))
    one.warnings = []
    one.position = one.rows = one.skipped = one.accepted = one.held = one.refused = 0
    one.changed = one.unchanged = one.gone = 0
    try:
        session.commit()
    except IntegrityError as taken:
        session.rollback()
        raise Overtaken(say("同一个文件正在另一处导入，这里停止；请等它完成后查看结果。")) from taken
    return one


class _Taking:
    """Writes one import, or only counts it."""

    def __init__(
        self, session: Session, report: Report, registry: Registry, by_id: int, reader: Reader
    ) -> None:
        self.session = session
        self.report = report
        self.registry = registry
        self.by_id = by_id
        self.department = reader.department
        self.seen = reader.seen  # hashes of the keys in the file
        self.import_id: int | None = None
        self.done = 0

    def begin(self, one: Import) -> None:
        """From here on things are written."""
        self.import_id = self.report.import_id = one.id
        let_go(self.session)

    def warn(self, sentence: Sentence) -> None:
        if len(self.report.warnings) < MOST_WARNINGS and sentence not in self.report.warnings:
            self.report.warnings.append(sentence)

    def take(self, chunk: Sequence[Read]) -> None:
        """One chunk; once more if another import was faster with a line."""
        try:
            self._take(chunk)
        except IntegrityError:
            self.session.rollback()
            self._take(chunk)

    def finish(self, skipped: int, *, complete: bool) -> None:
        """Say the rest; of a complete file, mark what it did not hold."""
        self.report.skipped = skipped
        if complete and self.report.refused:
            self.warn(
                say(
                    "有{count}行被退回，看不出哪些已不在名录，没有标记；请改好后重新导入完整的文件。",
                    count=self.report.refused,
                )
            )
        elif complete:
            self.report.gone = self._count_missing() if self.import_id is None else self._retire()
        if self.import_id is not None:
            one = self.session.get_one(Import, self.import_id)
            one.skipped, one.warnings, one.finished_at = skipped, self.report.warnings, clock.now()
            self.session.commit()
        let_go(self.session)

    def _take(self, chunk: Sequence[Read]) -> None:
        good = [read for read in chunk if not read.refusals]
        self._send_back_others(good)
        good = [read for read in good if not read.refusals]
        counted: dict[str, int] = {"rows": len(chunk), "refused": len(chunk) - len(good)}
        refusals = [refusal for read in chunk for refusal in read.refusals]
        if self.import_id is None:
            counted |= self._compare(good)
        else:
            counted |= self._write(good)
            keep_refusals(self.session, self.import_id, refusals)
            move_on(self.session, self.import_id, self.done, len(chunk), counted)
            self.session.commit()
        self.session.expunge_all()
        if self.import_id is None:
            self.session.rollback()
        self.done += len(chunk)
        self.report.keep(refusals)
        for name, count in counted.items():
            setattr(self.report, name, getattr(self.report, name) + count)

    def _send_back_others(self, good: Sequence[Read]) -> None:
        there = keeping.standing(self.session, self.registry, [read.key for read in good if read.key])
        for read in good:
            stranger = keeping.why_not_theirs(there.get(read.key), read.told["department_code"])
            read.refusals = [Refusal(read.row.sheet, read.row.number, "", "", each) for each in stranger]

    def _compare(self, good: Sequence[Read]) -> dict[str, int]:
        self._number(good, new_ones=False)
        there = keeping.standing(self.session, self.registry, [read.key for read in good if read.key])
        became = [keeping.became(self.registry, read.line(""), there.get(read.key)) for read in good]
        return _counted({how: became.count(how) for how in became})

    def _write(self, good: Sequence[Read]) -> dict[str, int]:
        by = self.session.get_one(Person, self.by_id)
        self._number(good, new_ones=True)
        lines = [read.line(f"{self.report.name[:120]}#{_place(read.row)}") for read in good]
        became = keeping.take(self.session, self.registry, lines, by=by, seen_in=self.import_id)
        return _counted(became)

    def _number(self, good: Sequence[Read], *, new_ones: bool) -> None:
        """Objects without a code: the number they got before, else a new one (D20)."""
        own = [read for read in good if read.is_own]
        for read in own:
            told = read.told
            read.key = keeping.own_number_of(
                self.session, told["name"], told["kind"], told.get("address", ""), told["department_code"]
            )
        unnumbered = [read for read in own if not read.key]
        if new_ones:
            for read, number in zip(
                unnumbered, keeping.own_numbers(self.session, len(unnumbered)), strict=True
            ):
                read.key = number
        self.seen |= {hash(read.key) for read in own}

    def _retire(self) -> int:
        assert self.import_id is not None  # why: a trial run retires nothing
        gone = 0
        while True:
            by = self.session.get_one(Person, self.by_id)
            count = keeping.retire(
                self.session, self.registry, self.department, by=by, seen_in=self.import_id,
                source=f"{self.report.name[:120]}#", most=CHUNK,
            )  # fmt: skip
            moved = sa.update(Import).where(Import.id == self.import_id).values(gone=Import.gone + count)
            self.session.execute(moved.execution_options(synchronize_session=False))
            self.session.commit()
            self.session.expunge_all()
            gone += count
            if count < CHUNK:
                return gone

    def _count_missing(self) -> int:
        model = self.registry.model
        keys = sa.select(getattr(model, self.registry.key)).where(
            model.department_code == self.department, model.gone_at.is_(None)
        )
        found = self.session.scalars(keys.execution_options(yield_per=1000))
        return sum(1 for key in found if hash(key) not in self.seen)


def _counted(became: Mapping[Any, int]) -> dict[str, int]:
    return {
        "accepted": became.get("new", 0),
        "changed": became.get("changed", 0),
        "unchanged": became.get("unchanged", 0),
    }


def _place(row: SourceRow) -> str:
    return f"{row.sheet}!{row.number}" if row.sheet else str(row.number)
