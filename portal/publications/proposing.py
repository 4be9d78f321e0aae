"""What somebody proposes, and the revision that is made of it, before it has a life (``pipeline.py``)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal import clock
from portal.errors import Refused
from portal.people.models import Person
from portal.publications import requirements
from portal.publications.kinds import KINDS
from portal.publications.models import Batch, Publication, Revision
from portal.words import say


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes to disclose.

    :param identity: digest of what makes the source's record this one; random when there is none.
    :param held: reasons found at intake why it must stay a draft (D6).
    """

    content: Mapping[str, Any]
    identity: str = ""
    held: Sequence[str] = ()
    source: str = ""
    marks: Sequence[Mapping[str, Any]] = field(default=())
    dismissed: Sequence[Mapping[str, Any]] = field(default=())
    attachments: Sequence[Mapping[str, Any]] = field(default=())


def title_of(kind: str, content: Mapping[str, Any]) -> str:
    """What staff call the record before the public sees it; empty while nobody has named it."""
    return str(content.get(KINDS[kind].title_field) or "")[:300]


def identity_of(*parts: str) -> str:
    """The digest by which the same record of a source is recognised when it comes in again."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def revision_of(
    publication: Publication, act: str, proposal: Proposal, by: Person, batch: Batch | None
) -> Revision:
    """The first draft of what is proposed, in no session yet."""
    return Revision(
        publication=publication,
        kind=publication.kind,
        department_code=publication.department_code,
        act=act,
        title=title_of(publication.kind, proposal.content),
        content=dict(proposal.content),
        marks=list(proposal.marks),
        dismissed=list(proposal.dismissed),
        attachments=list(proposal.attachments),
        held=list(proposal.held),
        batch=batch,
        author=by,
        state="draft",
        created_at=clock.now(),
        source=proposal.source,
    )


# what a changed revision keeps of the one it replaces, unless it is what was changed
_KEPT = (
    "kind", "department_code", "act", "content", "marks", "dismissed", "attachments", "withheld_ground",
    "withheld_basis", "reason", "basis", "held", "batch_id", "source",
)  # fmt: skip


def successor_of(revision: Revision, changes: Mapping[str, Any], by: Person) -> Revision:
    """The revision that takes another's place, in no session yet."""
    successor = Revision(
        publication=revision.publication,
        **{name: changes.get(name, getattr(revision, name)) for name in _KEPT},
    )
    if successor.content["department"]["code"] != revision.department_code:
        raise Refused(say("稿件的部门不能更改；属于其他部门的记录，请由该部门另行录入。"))
    if successor.withheld_ground and revision.act != "publish":
        raise Refused(say("已经公示的记录不能在这里改为整条不公开；请另拟撤下公示，由主要负责人签署。"))
    successor.title = title_of(successor.kind, successor.content)
    # a change of marks by the reviewer keeps the drafter as author; a change of content makes a new author
    successor.author = by if requirements.is_rewritten(revision, changes) else revision.author
    successor.created_at, successor.state = clock.now(), "draft"
    return successor
