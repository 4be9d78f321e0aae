"""The internal places that an erasure reaches, in the order in which it does.

Each is one function, done in one transaction of its own; done twice it finds nothing any more. What needs the
words comes before :func:`revisions`, the last that knows them: killed in between, the next round works them out
again. A room that keeps words of its own about a publication adds its place here.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.attachments import listing
from portal.erasing.blanking import MARKER
from portal.erasing.own_draws import own_draws
from portal.erasing.taking import Taking
from portal.intake.judging import identity
from portal.intake.models import Import, ImportRefusal
from portal.objections.models import Objection
from portal.outbox.models import Message
from portal.people.models import Person
from portal.prior_notice.models import Opinion
from portal.publications.models import Batch, DrawnObject, Hold, ListedItem, Prepared, Revision, Step
from portal.publications.prior import PriorAnswer, PriorNotice
from portal.publications.proposing import title_of
from portal.publications.signed import SignedSheet
from portal.words import Sentence, say

Clear = Callable[[Session, Taking], int]


@dataclass(frozen=True)
class Place:
    """One place: what staff call it, what is done there, and what it counts."""

    label: Sentence
    note: Sentence
    clear: Clear


def intake(session: Session, found: Taking) -> int:
    """Rows that imports refused, in which the record or its words stand; files themselves are never kept."""
    count = 0
    for refusal in session.scalars(_refusals(found)):
        if found.is_whole:
            refusal.cells, refusal.value = [MARKER for _ in refusal.cells], MARKER if refusal.value else ""
            refusal.sentence, changed = MARKER, True
        else:
            changed = _blank(found, refusal, ("value", "sentence"))
            cells = [found.blanked(str(cell)) for cell in refusal.cells]
            changed, refusal.cells = changed or cells != refusal.cells, cells
        count += changed
    return count + sum(_blank_file(found, one) for one in session.scalars(_imports(found)))


def messages(session: Session, found: Taking) -> int:
    """Messages about the record or a case on it, waiting or sent, that quote the words."""
    receipts = session.scalars(sa.select(Objection.receipt).where(Objection.result_number == found.number))
    about = sa.or_(
        *(column.contains(each, autoescape=True)
          for each in (found.number, *receipts)
          for column in (Message.about, Message.subject, Message.body))
    )  # fmt: skip
    return sum(
        _blank(found, each, ("subject", "body")) for each in session.scalars(sa.select(Message).where(about))
    )


def notes(session: Session, found: Taking) -> int:
    """What staff wrote beside: notes of steps, reasons of holds, the label of the batch."""
    ids = [each.id for each in found.revisions]
    batches = {each.batch_id for each in found.revisions if each.batch_id}
    steps = session.scalars(sa.select(Step).where(Step.revision_id.in_(ids)))
    held = session.scalars(sa.select(Hold).where(Hold.publication_id == found.standing.publication_id))
    labels = session.scalars(sa.select(Batch).where(Batch.id.in_(batches)))
    count = sum(_blank(found, each, ("note",)) for each in steps)
    count += sum(_blank(found, each, ("reason",)) for each in held)
    return count + sum(_blank(found, each, ("label",)) for each in labels)


def answers(session: Session, found: Taking) -> int:
    """What the entity said before disclosure, what a third party said of a part, and what was decided about it."""
    publication = found.standing.publication_id
    notices = sa.select(PriorNotice.id).where(PriorNotice.publication_id == publication)
    said = session.scalars(sa.select(PriorAnswer).where(PriorAnswer.notice_id.in_(notices)))
    sought = session.scalars(sa.select(Opinion).where(Opinion.publication_id == publication))
    count = sum(_blank_all(found, each, ("text", "why", "reasons")) for each in said)
    return count + sum(_blank_all(found, each, ("text", "reasons")) for each in sought)


def worked_out(session: Session, found: Taking) -> int:
    """Items in force and entities drawn, worked out from lists and tasks."""
    publication = found.standing.publication_id
    items = session.scalars(sa.select(ListedItem).where(ListedItem.publication_id == publication))
    drawn = session.scalars(sa.select(DrawnObject).where(DrawnObject.publication_id == publication))
    count = sum(_blank(found, each, ("item_code", "item", "sub_item")) for each in items)
    return count + sum(_blank(found, each, ("entity_code", "entity_name")) for each in drawn)


def prepared(session: Session, found: Taking) -> int:
    """The key of every salt; and the fixed public text of each version but one that may still be read."""
    rows = session.scalars(
        sa.select(Prepared).where(Prepared.revision_id.in_([each.id for each in found.revisions]))
    )
    count = 0
    for row in rows:
        keeps = not found.is_whole and row.revision_id == found.standing.id
        count += bool(row.salt_key) or bool(row.body and not keeps)
        row.salt_key, row.body = "", row.body if keeps else ""
    return count


def revisions(session: Session, found: Taking) -> int:
    """Every version as the office has it, with its marks; and by what the source's record is known again."""
    rewritten = [(each, *found.rewritten(each)) for each in found.revisions]
    _forget_identity(found)
    for revision, content, marks in rewritten:
        revision.content, revision.marks = content, marks
        revision.title = title_of(found.kind.name, content)
        revision.attachments = _files_of(found, revision)
        revision.dismissed = [
            {**each, "reason": found.blanked(each["reason"])}
            for each in revision.dismissed
            if not found.is_whole
        ]
        for name in ("reason", "admitted_note", "withheld_basis", "basis", "source"):
            said = str(getattr(revision, name))
            gone = found.is_whole and name in ("reason", "admitted_note") and said
            setattr(revision, name, MARKER if gone else found.blanked(said))
        revision.held = [] if found.is_whole else [found.blanked(str(each)) for each in revision.held]
    return len(rewritten)


def _files_of(found: Taking, revision: Revision) -> list[dict[str, Any]]:
    """What a version says of its files: of a whole record, that there were any."""
    if found.is_whole:
        return listing.emptied(revision.attachments, MARKER)
    return [{**each, "title": found.blanked(each["title"])} for each in revision.attachments]


def case_files(session: Session, found: Taking) -> int:
    """Case files of objections are kept by law, each as it was handed in: counted, not erased."""
    about = sa.select(sa.func.count()).select_from(Objection).where(Objection.result_number == found.number)
    return session.scalar(about) or 0


def signed_sheets(session: Session, found: Taking) -> int:
    """Scans of sheets signed by hand prove who signed: the log names their digest. Counted, not erased."""
    ids = [each.id for each in found.revisions]
    return len(session.scalars(sa.select(SignedSheet.id).where(SignedSheet.revision_id.in_(ids))).all())


PLACES: Mapping[str, Place] = {
    "intake": Place(say("导入时退回的行"), say("导入的原文件系统不留存；办公电脑上的，请自行删除。"), intake),
    "messages": Place(say("通知"), say("已经发出的，收件人处的副本不在本系统内。"), messages),
    "notes": Place(say("办理意见、暂停理由和批次名称"), say("只删去其中的文字，经过照留。"), notes),
    "answers": Place(say("公示前告知和征求意见的答复"), say("只删去其中的文字，答复和决定照留。"), answers),
    "worked_out": Place(say("由清单和公告推算的内部表"), say("清单在用事项、抽取次数。"), worked_out),
    "own_draws": Place(
        say("本系统的抽取"), say("删去任务名称、条件和理由；核对数据不再公开，存证照留。"), own_draws
    ),
    "prepared": Place(
        say("定稿文本和随机数密钥"), say("密钥销毁后，存证里的摘要不能再用来核对原文。"), prepared
    ),
    "revisions": Place(
        say("各版稿件和标注"),
        say("整条删除的，只留部门、日期和经办记录；删除部分的，其余内容照留。"),
        revisions,
    ),
    "case_files": Place(say("异议案卷"), say("依法保存，不在删除范围内；这里是件数。"), case_files),
    "signed_sheets": Place(say("签好的审批表"), say("存证记有摘要，只计件数，不删。"), signed_sheets),
}  # in this order
FILES, INDEX, EXPORTS, DATABASE = "files", "index", "exports", "database"
PLACES_OUTSIDE = (FILES, INDEX, EXPORTS, DATABASE)  # of the tables: the worker reaches them by other means
TABLES = (
    "revisions", "prepared", "releases", "taken_down", "faces", "drawn_faces", "entries", "steps", "holds",
    "batches", "import_refusals", "imports", "outbox", "listed_items", "drawn_objects", "publications",
    "prior_answers", "opinions", "draws", "draw_faces", "attachments", "attachment_copies", "public_files",
)  # fmt: skip


# ── finding ──────────────────────────────────────────────────


def _imports(found: Taking) -> sa.Select[Import]:
    """The imports that brought a revision of the record, known by their file's name."""
    names = {each.source.rpartition("#")[0] for each in found.revisions if "#" in each.source}
    here = sa.func.substr(Import.name, 1, 120).in_(names)
    return sa.select(Import).where(here, Import.by_id.in_(_colleagues(found)))


def _colleagues(found: Taking) -> sa.Select[int]:
    return sa.select(Person.id).where(Person.department_code == found.standing.department_code)


def _refusals(found: Taking) -> sa.Select[ImportRefusal]:
    """Refused rows of the department's imports: of the same object and task, of the same file, or with the words."""
    mine = sa.select(Import.id).where(Import.by_id.in_(_colleagues(found)))
    query = sa.select(ImportRefusal).where(ImportRefusal.import_id.in_(mine)).order_by(ImportRefusal.id)
    if not found.is_whole:
        return query.where(_holds_any(found.words))
    if found.kind.name != "result":
        return query.where(ImportRefusal.import_id.in_(_imports(found).with_only_columns(Import.id)))
    return query.where(sa.or_(sa.false(), *map(_of_the_same_sheet, _sheets(found.revisions))))


def _sheets(revisions: Iterable[Revision]) -> set[tuple[str, str]]:
    """Object and task of each version of a result."""
    said = [each.content for each in revisions]
    return {
        (str(one), str(each.get("task_no") or ""))
        for each in said
        for one in (each.get("entity_code"), each.get("entity_name"))
        if one and one != MARKER
    }


def _of_the_same_sheet(sheet: tuple[str, str]) -> sa.ColumnElement[bool]:
    entity, task = sheet
    return sa.and_(_holds(ImportRefusal.cells, entity), _holds(ImportRefusal.cells, task))


def _holds_any(words: Iterable[str]) -> sa.ColumnElement[bool]:
    columns = (ImportRefusal.cells, ImportRefusal.value, ImportRefusal.sentence)
    return sa.or_(sa.false(), *(_holds(column, word) for word in words for column in columns))


def _holds(column: InstrumentedAttribute[Any], text: str) -> sa.ColumnElement[bool]:
    """Whether a column holds a text; JSON columns hold it with every hanzi escaped."""
    if isinstance(column.type, sa.JSON):
        return sa.cast(column, sa.Text).contains(json.dumps(text)[1:-1], autoescape=True)
    return column.contains(text, autoescape=True)


# ── taking away ──────────────────────────────────────────────


def _blank(found: Taking, row: Any, columns: Sequence[str]) -> bool:
    """Take the words out of some columns of a row; whether there were any."""
    changed = False
    for name in columns:
        text = getattr(row, name)
        if (left := found.blanked(text)) != text:
            setattr(row, name, left)
            changed = True
    return changed


def _blank_all(found: Taking, row: Any, columns: Sequence[str]) -> bool:
    """The same for what says the secret in words of its own: of a whole record nothing is left."""
    if not found.is_whole:
        return _blank(found, row, columns)
    said = [name for name in columns if getattr(row, name) not in ("", MARKER)]
    for name in said:
        setattr(row, name, MARKER)
    return bool(said)


def _blank_file(found: Taking, one: Import) -> bool:
    """What an import remembers of its file: its name, what was said for all of it, its head and warnings."""
    changed = _blank(found, one, ("name",))
    for name in ("options", "warnings", "head"):
        value = getattr(one, name)
        if (left := found.blanked_in(value)) != value:
            setattr(one, name, left)
            changed = True
    return changed


def _forget_identity(found: Taking) -> None:
    """The digest by which a source's record is known again would give a short number away to whoever tries."""
    publication = found.standing.publication
    if found.is_whole or publication.identity in _identities(found):
        publication.identity = secrets.token_hex(32)


def _identities(found: Taking) -> set[str]:
    """The digests that the words went into."""
    after, _ = found.rewritten(found.standing)
    try:
        return {identity(found.kind.name, found.standing.content)} - {identity(found.kind.name, after)}
    except KeyError:  # a record that no import could have brought
        return set()
