"""What was pushed before: the answer to the same request, and what became of a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.intake.models import PushClient, PushRequest
from portal.intake.pushing import Conflict, Push
from portal.publications.models import Publication, Revision
from portal.words import say

KEPT = timedelta(days=30)  # how long an answer is remembered


def answered(session: Session, client: PushClient, push: Push) -> Mapping[str, Any] | None:
    """What was answered when the same request came before.

    :raises Conflict: when the key came before with something else.
    """
    if not push.key:
        return None
    earlier = session.scalar(
        sa.select(PushRequest).where(PushRequest.client_id == client.id, PushRequest.key == push.key)
    )
    if earlier is None:
        return None
    if earlier.digest != push.digest:
        raise Conflict(say("这个 Idempotency-Key 已经用于另一次内容不同的推送；内容变了，请换一个新的键。"))
    return earlier.answer


def remember(session: Session, client: PushClient, push: Push, answer: Mapping[str, Any]) -> None:
    """Keep the answer, in the transaction of what it tells."""
    if push.key:
        row = {
            "client_id": client.id,
            "key": push.key,
            "digest": push.digest,
            "answer": answer,
            "at": clock.now(),
        }
        session.execute(sa.insert(PushRequest), row)


def forget_old_requests(session: Session) -> int:
    """Answers that nobody will ask for again; how many were forgotten."""
    gone = session.execute(sa.delete(PushRequest).where(PushRequest.at < clock.now() - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class State:
    """How far a record has come that was pushed.

    :param stage: draft, submitted, approved, sent_back, abandoned; done: carried out.
    :param number: the 公示编号, once it has been public.
    :param held: why it waits for a decision (D6).
    """

    kind: str
    stage: str
    number: str
    held: Sequence[str]


def state_of(session: Session, client: PushClient, record: str) -> State | None:
    """What became of a record of the client's department; none when there is no such record."""
    newest = (
        sa.select(Revision)
        .join(Publication, Publication.id == Revision.publication_id)
        .where(
            Publication.identity == record,
            Publication.department_code == client.acts_as.department_code,
            Revision.successor_id.is_(None),
        )
        .order_by(Revision.id.desc())
        .limit(1)
    )
    found = session.scalar(newest)
    if found is None:
        return None
    held = found.held if found.state == "draft" else []
    return State(found.kind, found.state, found.publication.number or "", held)
