"""Files beside the words of a revision: attached, named, marked, withheld, taken away. Each makes a new revision.

The public copy takes seconds to make: whoever calls makes it first (:mod:`portal.attachments.keeping`) and hands it
in, and the compare-and-swap of the revision tells them when somebody else has changed it meanwhile.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.attachments import listing, showing
from portal.attachments.keeping import Quarantined, as_kept
from portal.attachments.listing import LONGEST_TITLE, MOST
from portal.attachments.models import AttachmentCopy
from portal.errors import refuse_if
from portal.people.models import Person
from portal.publications import pipeline, requirements
from portal.publications.models import Revision
from portal.publications.values import prose
from portal.redaction.documents.boxes import Box, why_not_box
from portal.redaction.masking import GROUNDS
from portal.words import Sentence, say


def why_not_attach(revision: Revision, by: Person) -> list[Sentence]:
    """Why no file can be put beside this revision now."""
    reasons = requirements.why_not_revise(revision, by, rewritten=True)
    if revision.act in ("withdraw", "restore"):
        reasons.append(say("撤下和恢复公示的稿件不带附件。"))
    if len(revision.attachments) >= MOST:
        reasons.append(say("一条公示最多{most}个附件，请把几份合成一份再上传。", most=MOST))
    return reasons


def why_not_title(title: str, others: Sequence[str]) -> list[Sentence]:
    """Why a title does not do; it is public."""
    if not title:
        return [say("请填写附件的名称，公众看到的就是它。")]
    if len(title) > LONGEST_TITLE:
        return [say("附件的名称最多{most}个字，请缩短。", most=LONGEST_TITLE)]
    return [say("已有名称相同的附件，请换一个名称。")] if title in others else []


def clean_title(typed: str, revision: Revision) -> str:
    """A title as typed, on one line; the next number of 附件 when nothing was."""
    titles = {each["title"] for each in revision.attachments}
    free = next(n for n in range(1, MOST + 2) if f"附件{n}" not in titles)
    return " ".join(prose(typed).split()) or f"附件{free}"


def attach(
    session: Session,
    revision: Revision,
    file: Quarantined,
    copy: AttachmentCopy,
    title: str,
    *,
    by: Person,
    seen: int | None = None,
) -> Revision:
    """Put a file that was taken in beside a revision, last."""
    refuse_if(why_not_attach(revision, by))
    refuse_if(why_not_title(title, [each["title"] for each in revision.attachments]))
    session.add(file.row)
    session.flush()
    copy.attachment_id = file.row.id
    new = {
        "file": file.row.id,
        "title": title,
        "boxes": [],
        "withheld": None,
        "copy": _kept(session, copy),
        "found": list(file.found),
        "kept": [],
    }
    return _revise(session, revision, [*revision.attachments, new], by, seen)


def detach(session: Session, revision: Revision, n: int, *, by: Person, seen: int | None = None) -> Revision:
    """Take a file away, counted from one; what came stays in quarantine, for it was handed in."""
    gone = revision.attachments[n - 1]
    changed = _revise(
        session, revision, [each for each in revision.attachments if each is not gone], by, seen
    )
    _drop(session, gone)
    return changed


def rename(
    session: Session,
    revision: Revision,
    n: int,
    title: str,
    copy: AttachmentCopy | None,
    *,
    by: Person,
    seen: int | None = None,
) -> Revision:
    """Give a file another public title; its copy says it too."""
    others = [each["title"] for at, each in enumerate(revision.attachments, start=1) if at != n]
    refuse_if(why_not_title(title, others))
    return _change(session, revision, n, by, seen, title=title, copy=copy)


def box(place: Mapping[str, Any], ground: str, basis: str, *, by: Person) -> dict[str, Any]:
    """A box as it is kept. ``place``: ``page`` from one and the four sides in fractions of the page."""
    return {**place, "ground": ground, "basis": basis.strip(), "by": by.id, "at": clock.stamp(clock.now())}


def why_not_boxes(boxes: Sequence[Box], pages: int) -> list[Sentence]:
    """Why some boxes can not be drawn; each reason once."""
    return list(dict.fromkeys(reason for each in boxes for reason in why_not_box(each, pages)))


def mark(
    session: Session,
    revision: Revision,
    n: int,
    boxes: Sequence[Box],
    copy: AttachmentCopy,
    *,
    by: Person,
    seen: int | None = None,
) -> Revision:
    """Let a file have these boxes and no others. ``copy``: with exactly these burnt in."""
    refuse_if(why_not_boxes(boxes, copy.pages))
    return _change(session, revision, n, by, seen, boxes=list(boxes), copy=copy)


def keep(
    session: Session,
    revision: Revision,
    n: int,
    which: Sequence[int],
    reason: str,
    *,
    by: Person,
    seen: int | None = None,
) -> Revision:
    """Decide that what recognisers proposed may be read, and say why. ``which``: their places in ``found``."""
    before = revision.attachments[n - 1]
    if not reason.strip():
        refuse_if([say("请写明保留的理由，这项决定会留痕。")])
    open_ones = [at for at in listing.open_findings(before) if at in which]
    if not open_ones:
        refuse_if([say("这一处已经有人决定过，请刷新页面查看。")])
    told = {"reason": reason.strip(), "by": by.id, "at": clock.stamp(clock.now())}
    kept = [*before["kept"], *({"of": at, **told} for at in open_ones)]
    attachments = [{**each, "kept": kept} if each is before else each for each in revision.attachments]
    return _revise(session, revision, attachments, by, seen)


def withhold(
    session: Session,
    revision: Revision,
    n: int,
    ground: str,
    basis: str,
    *,
    by: Person,
    seen: int | None = None,
) -> Revision:
    """Withhold a file whole: the public reads its title and on what ground it is not shown (W1)."""
    if ground not in GROUNDS:
        refuse_if([say("请选择隐去的理由。")])
    if not basis.strip():
        refuse_if([say("请写明整份附件不公开的法律依据。")])
    return _change(session, revision, n, by, seen, withheld=box({}, ground, basis, by=by), copy=None)


def release(
    session: Session,
    revision: Revision,
    n: int,
    copy: AttachmentCopy,
    *,
    by: Person,
    seen: int | None = None,
) -> Revision:
    """Show a file after all, with the boxes it has."""
    return _change(session, revision, n, by, seen, withheld=None, copy=copy)


def _change(
    session: Session, revision: Revision, n: int, by: Person, seen: int | None, **changes: Any
) -> Revision:
    before = revision.attachments[n - 1]
    copy = changes.pop("copy")
    after = {**before, **changes, "copy": _kept(session, copy) if copy is not None else None}
    attachments = [after if each is before else each for each in revision.attachments]
    changed = _revise(session, revision, attachments, by, seen)
    _drop(session, before)
    return changed


def _revise(
    session: Session, revision: Revision, attachments: list[Any], by: Person, seen: int | None
) -> Revision:
    return pipeline.revise(session, revision, by=by, seen=seen, attachments=attachments)


def _kept(session: Session, copy: AttachmentCopy) -> dict[str, Any]:
    session.add(copy)
    session.flush()
    return as_kept(copy)


def _drop(session: Session, attached: listing.Attached) -> None:
    if attached["copy"]:
        showing.drop_copy(session, attached["copy"]["id"])
