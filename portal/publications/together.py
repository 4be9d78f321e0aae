"""Many results through one act at once: what ``pipeline.py`` does with each, without ten statements for each.

In two parts. First everything is read, asked and made that needs no lock: the rules' reasons, bodies, commitments.
Then a few statements write a whole turn: whoever files meanwhile waits for those alone. Only what batches are made of
goes this way, the first publication of a result; :func:`is_plain` tells. Everything else goes one by one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Profile
from portal.errors import Overtaken
from portal.ledger import book, numbers
from portal.people.models import Person
from portal.publications import facing, lines, preparing, prior, requirements, tallying
from portal.publications.gate import Released
from portal.publications.kinds import KINDS
from portal.publications.models import Face, Prepared, Publication, Release, Revision, Step
from portal.publications.prior import PriorNotice
from portal.words import Sentence, say


@dataclass(frozen=True)
class Ready:
    """A revision that nothing stands against, with what was made for it before anything is locked.

    :param body: of its fixed public version, and ``fields`` of that.
    """

    revision: Revision
    public: Released | Prepared | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Looked:
    """What became of some revisions so far: ready, refused, or to be looked at one by one."""

    ready: list[Ready] = field(default_factory=list)
    refused: list[tuple[int, str, Sequence[Sentence]]] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)

    def refuses(self, revision: Revision, reasons: Sequence[Sentence]) -> bool:
        """Note why a revision can not go along; False when nothing stands against it."""
        if reasons:
            self.refused.append((revision.id, revision.title, reasons))
        return bool(reasons)


def is_plain(revision: Revision, seen: int | None) -> bool:
    """Whether a revision is what batches are made of, and nobody moved it since it stood on a page."""
    return (
        (revision.kind, revision.act) == ("result", "publish")
        and not revision.withheld_ground
        and not revision.attachments
        and revision.publication.number is None
        and revision.step_id is not None
        and (seen is None or revision.step_id <= seen)
    )


# ── before anything is locked ────────────────────────────────


def look_to_submit(session: Session, revisions: Sequence[Revision], by: Person) -> Looked:
    """Which of them can go to review."""

    @cache
    def known(department: str, item: str, item_code: str, on: date) -> bool:
        return requirements.is_listed(session, department, {"item": item, "item_code": item_code}, on)

    def is_listed(_session: Session, department: str, row: dict[str, Any], on: date) -> bool:
        return known(department, str(row.get("item") or ""), str(row.get("item_code") or ""), on)

    looked = Looked()
    for each in revisions:
        if not looked.refuses(each, requirements.why_not_submit(session, each, by, is_listed)):
            looked.ready.append(Ready(each))
    return looked


def look_to_approve(session: Session, revisions: Sequence[Revision], by: Person) -> Looked:
    """Which of them can be agreed to, each with its public version."""
    makers = requirements.makers(session, revisions)
    noticed = _noticed(session, revisions)
    looked = Looked(alone=[each.id for each in revisions if each.publication_id in noticed])
    for each in revisions:
        if each.publication_id not in noticed:
            reasons = requirements.why_not_approve(session, each, by, makers[each.id])
            if not looked.refuses(each, reasons):
                looked.ready.append(Ready(each, preparing.public_version(each)))
    return looked


def look_to_publish(session: Session, revisions: Sequence[Revision], by: Person) -> Looked:
    """Which of them can go out, each with what was fixed when it was agreed to."""
    noticed, looked = _noticed(session, revisions), Looked()
    wanted = sa.select(Prepared).where(Prepared.revision_id.in_([each.id for each in revisions]))
    fixed = {each.revision_id: each for each in session.scalars(wanted)}
    for each in revisions:
        found = fixed.get(each.id)
        if each.publication_id in noticed or found is None or found.version != each.publication.version + 1:
            looked.alone.append(each.id)
            continue
        reasons = requirements.why_not_carry_out(session, each, by, noticed=False)
        if not looked.refuses(each, reasons):
            looked.ready.append(Ready(each, found, facing.read(found.body)["fields"]))
    return looked


def _noticed(session: Session, revisions: Sequence[Revision]) -> set[int]:
    """Publications whose entity is told before: what was answered is looked at one by one."""
    wanted = [each.publication_id for each in revisions]
    return set(
        session.scalars(sa.select(PriorNotice.publication_id).where(PriorNotice.publication_id.in_(wanted)))
    )


# ── one turn of writing ──────────────────────────────────────


def submit(session: Session, ready: Sequence[Ready], by_id: int, note: str) -> None:
    """As :func:`portal.publications.pipeline.submit`, all of them or none.

    :raises Overtaken: when somebody moved one of them meanwhile.
    """
    _step(session, ready, "submitted", by_id, note)


def approve(session: Session, ready: Sequence[Ready], by_id: int, note: str, rules: Profile | None) -> None:
    """As :func:`portal.publications.pipeline.approve`, all of them or none.

    :raises Overtaken: when somebody moved one of them meanwhile.
    """
    _step(session, ready, "approved", by_id, note)
    made = [(each.revision, each.public) for each in ready if isinstance(each.public, Released)]
    rows = [preparing.row_of(revision, public) for revision, public in made]
    session.execute(sa.insert(Prepared), rows)
    owed = [each for each, _public in made if rules is not None and prior.is_owed(each, rules)]
    session.add_all(prior.new_notice(each) for each in owed)
    session.flush()


def publish(session: Session, ready: Sequence[Ready], by_id: int) -> None:
    """As :func:`portal.publications.pipeline.carry_out`, all of them or none; numbers in the given order.

    :raises Overtaken: when somebody moved one of them meanwhile.
    """
    _step(session, ready, "done", by_id, "")
    going = [(each, each.public) for each in ready if isinstance(each.public, Prepared)]
    book.lock(session)
    kind = KINDS["result"]
    given = numbers.next_numbers(session, kind.prefix, clock.today().year, kind.digits, len(going))
    drafts = [lines.up(each.revision, fixed, n) for (each, fixed), n in zip(going, given, strict=True)]
    entries = book.write_all(session, drafts)
    rows = [
        {
            "number": entry.number, "kind": each.revision.kind, "version": fixed.version,
            "act": each.revision.act, "department_code": each.revision.publication.department_code,
            "record_hash": fixed.record_hash, "body": fixed.body, "entry_index": entry.index,
            "published_at": entry.at,
        }
        for (each, fixed), entry in zip(going, entries, strict=True)
    ]  # fmt: skip
    session.execute(sa.insert(Release), rows)
    wanted = sa.select(Release.number, Release.id).where(Release.number.in_(given))
    ids = {row.number: row.id for row in session.execute(wanted)}
    faces = [
        facing.new_face(row | {"release_id": ids[row["number"]]}, each.fields)
        for row, (each, _fixed) in zip(rows, going, strict=True)
    ]
    session.execute(sa.insert(Face), faces)
    tallying.move(session, Counter(), tallying.counted(faces))
    _number(session, [(each.revision, row) for (each, _fixed), row in zip(going, rows, strict=True)])


def _number(session: Session, numbered: Iterable[tuple[Revision, dict[str, Any]]]) -> None:
    table = Publication.__table__
    update = (
        sa.update(table)  # type: ignore[arg-type]
        .where(table.c.id == sa.bindparam("of"), table.c.number.is_(None))
        .values(number=sa.bindparam("given"), version=sa.bindparam("now"), withheld_ground=None)
    )
    rows = [
        {"of": one.publication_id, "given": row["number"], "now": row["version"]} for one, row in numbered
    ]
    _all_or_none(session.execute(update, rows), len(rows))


def _step(session: Session, ready: Sequence[Ready], state: str, by_id: int, note: str) -> None:
    """Move all of them to a state, each only from the step that was looked at."""
    at, table = clock.now(), Revision.__table__
    told = {"state": state, "by_id": by_id, "at": at, "note": note}
    moved = [each.revision.id for each in ready]
    # asked for afterwards: SQLite gives what it inserts back in order only one by one
    session.execute(sa.insert(Step), [told | {"revision_id": each} for each in moved])
    newest = sa.select(Step.revision_id, sa.func.max(Step.id).label("newest")).where(
        Step.revision_id.in_(moved)
    )
    steps = {row.revision_id: row.newest for row in session.execute(newest.group_by(Step.revision_id))}
    update = (
        sa.update(table)  # type: ignore[arg-type]
        .where(table.c.id == sa.bindparam("of"), table.c.step_id == sa.bindparam("seen"))
        .values(step_id=sa.bindparam("new"), state=state)
    )
    rows = [
        {"of": each.revision.id, "seen": each.revision.step_id, "new": steps[each.revision.id]}
        for each in ready
    ]
    _all_or_none(session.execute(update, rows), len(rows))


def _all_or_none(moved: Any, wanted: int) -> None:
    if moved.rowcount != wanted:
        raise Overtaken(say("这份稿件刚刚有变动，请刷新页面后再办理。"))
