"""The county's acts written down: numbers, ledger lines with their hashes, releases, faces, what the staff sees."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bench.making import FACE, Made
from bench.rows import Rows
from bench.sheets import SHANGHAI, Task, reason_of
from portal import clock
from portal.ledger.book import tree_hashes
from portal.ledger.entry import EntryDraft, entry_bytes
from portal.ledger.hashing import Frontier, leaf_hash
from portal.publications.facing import columns
from portal.publications.kinds import KINDS
from portal.publications.lines import BASIS

STATES = ("draft", "submitted", "approved", "done")


@dataclass
class Standing:
    """What must be known of a result to correct or withdraw it later."""

    publication: int
    number: str
    entry: int
    release: int
    made: Made


@dataclass
class Writer:
    """Writes acts in the order of their time.

    :param lean: without what an approval fixed (``prepared``): half the disk.
    """

    rows: Rows
    author: int
    officer: int
    lean: bool = False
    frontier: Frontier = field(default_factory=Frontier)
    at: datetime = datetime.min.replace(tzinfo=UTC)
    entries: int = 0
    releases: int = 0
    _serials: Counter[tuple[str, int]] = field(default_factory=Counter)
    _standing: dict[tuple[int, int], Standing] = field(default_factory=dict)
    _ids: dict[str, "count[int]"] = field(default_factory=dict)

    def publish(
        self, made: list[Made], at: datetime, task: Task | None = None, kept: frozenset[int] = frozenset()
    ) -> None:
        """Publish at one moment, results of a task as one batch.

        :param kept: places in the task of what will be corrected or withdrawn.
        """
        self.at = at
        batch = self._batch(task) if task is not None and made and made[0].kind == "result" else None
        for each in made:
            standing = self._publish(each, batch)
            if task is not None and each.place in kept and each.kind == "result":
                self._standing[task.nth, each.place] = standing

    def change(self, made: list[Made], at: datetime, task: Task, acts: dict[int, str]) -> None:
        """Carry out a task's corrections and withdrawals."""
        self.at = at
        new = {each.place: each for each in made}
        for place, act in acts.items():
            standing = self._standing.pop((task.nth, place))
            if act == "correct":
                self._correct(standing, new[place])
            else:
                self._withdraw(standing)

    def close(self) -> None:
        """The series of numbers, where the next act goes on."""
        for (prefix, year), last in self._serials.items():
            self.rows.add("number_series", (prefix, year, last))
        self.rows.flush()

    def _publish(self, made: Made, batch: int | None) -> Standing:
        publication, number = self._id("publications"), self._number(made.kind)
        entry = self._entry("publish", number, made, None, 1, "")
        now, day = self.rows.moment(self.at), self.at.astimezone(SHANGHAI).date()
        self.rows.add(
            "publications",
            (publication, made.kind, number, made.department, made.identity, 1, None, False, now),
        )
        self._revision(publication, made, "publish", 1, batch)
        release = self._release(number, made, "publish", 1, entry)
        self.rows.add(
            "faces",
            (number, made.kind, made.department, "live", True, 1, release, entry, day.isoformat(), now, False,
             *made.face, made.happened_on, day.year),
        )  # fmt: skip
        self._beside(publication, number, made, day.year)
        return Standing(publication, number, entry, release, made)

    def _beside(self, publication: int, number: str, made: Made, year: int) -> None:
        for code, name in made.drawn:
            self.rows.add("drawn_faces", (self._id("drawn_faces"), number, code, name))
            self.rows.add("drawn_objects", (self._id("drawn_objects"), publication, code, name, year))
        for row in made.listed:
            day = made.happened_on
            self.rows.add(
                "listed_items",
                (self._id("listed_items"), publication, made.department, False, *row, day),
            )
        if made.lock is not None:
            salt, digest, members = made.lock
            line = EntryDraft(type="draw_result", number=number, version=1, basis="D9", extra=members)
            at = self._line(
                entry_bytes(line, self.entries - 1, self.at), line, self.entries - 1, made.department
            )
            self.rows.add("locked_lists", (at, number, 1, digest, salt))

    def _correct(self, standing: Standing, made: Made) -> None:
        reason = reason_of(standing.publication)
        entry = self._entry("correct", standing.number, made, standing.entry, 2, reason)
        self._revision(standing.publication, made, "correct", 2, None, reason)
        release = self._release(standing.number, made, "correct", 2, entry)
        self.rows.change("UPDATE publications SET version = 2 WHERE id = ?", (standing.publication,))
        names = ", ".join(f"{each} = ?" for each in FACE)
        self.rows.change(
            f"UPDATE faces SET version = 2, release_id = ?, entry_index = ?, changed_at = ?, corrected = ?, {names}"
            " WHERE number = ?",
            (release, entry, self.rows.moment(self.at), True, *made.face, standing.number),
        )

    def _withdraw(self, standing: Standing) -> None:
        made, reason = standing.made, "同一检查重复公示，撤下其中一条。"
        line = EntryDraft(
            type="withdraw", number=standing.number, version=1, reason=reason, basis=BASIS["withdraw"]
        )
        body = entry_bytes(line, standing.entry, self.at)
        entry = self._line(body, line, standing.entry, made.department)
        self._revision(standing.publication, made, "withdraw", 1, None, reason)
        self.rows.add("taken_down", (standing.release, made.body))
        self.rows.change("UPDATE releases SET body = NULL WHERE id = ?", (standing.release,))
        empty = columns(made.kind, {})
        names = ", ".join(f"{each} = ?" for each in FACE)
        self.rows.change(
            "UPDATE faces SET face = 'withdrawn', live = ?, entry_index = ?, changed_at = ?, happened_on = NULL, "
            f"{names} WHERE number = ?",
            (False, entry, self.rows.moment(self.at), *(empty[each] for each in FACE), standing.number),
        )

    def _batch(self, task: Task) -> int:
        batch = self._id("batches")
        label = f"{task.title}检查结果"
        at = self.rows.moment(self.at)
        self.rows.add("batches", (batch, "result", label, task.department, task.number, self.author, at))
        return batch

    def _revision(
        self, publication: int, made: Made, act: str, version: int, batch: int | None, reason: str = ""
    ) -> None:
        revision, at = self._id("revisions"), self.rows.moment(self.at)
        steps = [self._id("steps") for _ in STATES]
        self.rows.add(  # before its steps: rows are written whenever there are enough
            "revisions",
            (revision, publication, made.kind, made.department, act, made.title, made.content, made.marks, "[]", 0,
             "[]", "", reason, "", "[]", "", batch, self.author, "done", steps[-1], at, "bench"),
        )  # fmt: skip
        for step, state in zip(steps, STATES, strict=True):
            by = self.author if state in ("draft", "submitted") else self.officer
            self.rows.add("steps", (step, revision, state, by, at, ""))
        if not self.lean and act != "withdraw":
            self.rows.add(
                "prepared", (revision, version, made.body, made.record_hash, made.commitments, made.salt_key)
            )

    def _release(self, number: str, made: Made, act: str, version: int, entry: int) -> int:
        release = self._id("releases")
        self.releases += 1
        at = self.rows.moment(self.at)
        self.rows.add(
            "releases",
            (
                release,
                number,
                made.kind,
                version,
                act,
                made.department,
                made.record_hash,
                made.body,
                entry,
                at,
            ),
        )
        return release

    def _entry(
        self, act: str, number: str, made: Made, previous: int | None, version: int, reason: str
    ) -> int:
        line = LineText(act, number, version, reason, BASIS[act])
        body = line.body(made.commitments, made.record_hash, previous, self.at)
        return self._line(body, line, previous, made.department)

    def _line(self, body: bytes, line: Any, previous: int | None, department: str) -> int:
        index, leaf = self.entries, leaf_hash(body)
        completed = self.frontier.completes(leaf)
        for each in tree_hashes(index, completed):
            self.rows.add("tree_hashes", (each.level, each.number, each.hash))
        self.frontier = self.frontier.grown(completed)
        self.rows.add(
            "entries",
            (index, line.type, line.number, line.version, previous, body, leaf, self.rows.moment(self.at),
             department, line.basis, line.reason),
        )  # fmt: skip
        self.entries += 1
        return index

    def _number(self, kind: str) -> str:
        of, year = KINDS[kind], self.at.astimezone(SHANGHAI).year
        self._serials[of.prefix, year] += 1
        return f"{of.prefix}-{year}-{self._serials[of.prefix, year]:0{of.digits}d}"

    def _id(self, table: str) -> int:
        if table not in self._ids:
            self._ids[table] = count(1)
        return next(self._ids[table])


@dataclass(frozen=True, slots=True)
class LineText:
    """A ledger line of plain members, put together as text: the bytes of ``portal.ledger.entry.entry_bytes``."""

    type: str
    number: str
    version: int
    reason: str
    basis: str

    def body(self, commitments: str, record: str, previous: int | None, at: datetime) -> bytes:
        """:param commitments: as a canonical JSON list, sorted."""
        reason = f'"{hashlib.sha256(self.reason.encode()).hexdigest()}"' if self.reason else "null"
        return (
            f'{{"basis":"{self.basis}","commitments":{commitments},"number":"{self.number}",'
            f'"previous":{"null" if previous is None else previous},"reason":{reason},"record":"{record}",'
            f'"signatures":[],"time":"{clock.stamp(at)}","type":"{self.type}","v":1,"version":{self.version}}}'
        ).encode("ascii")
