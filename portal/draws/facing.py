"""What is public of a draw, and the bundle by which it is checked."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.draws import pool, strata
from portal.draws.models import Draw, DrawFace
from portal.draws.verify import FORMAT
from portal.ledger.models import Entry
from portal.publications.models import Publication


def strata_of(draw: Draw) -> list[Mapping[str, Any]]:
    """What the public may know of the strata beforehand: names, rules, sizes; nothing where it can not check."""
    if not draw.is_public:
        return []
    described = strata.described(draw.parts, pool.read_exclusions(draw.exclusions))
    return [{name: value for name, value in each.items() if name != "pool"} for each in described]


def show(session: Session, draw: Draw, shown: Sequence[Mapping[str, Any]] = ()) -> None:
    """Bring the public face to where the draw is. Its bundle comes with the code, never before.

    :param shown: its strata, when it is new.
    """
    face = session.get(DrawFace, draw.commit_index)
    if face is None:
        face = DrawFace(
            commit_index=draw.commit_index,
            department_code=draw.department_code,
            task_no=draw.task_no,
            attempt=draw.attempt,
            is_public=draw.is_public,
            source=draw.source,
            decides_at=draw.decides_at,
            strata=[*(shown or strata_of(draw))],
        )
        session.add(face)
    face.state = draw.state
    face.result_index, face.reveal_index = draw.result_index, draw.reveal_index
    if draw.result_index is not None:
        face.number = session.get_one(Publication, draw.publication_id).number
    if draw.state == "revealed" and draw.is_public:
        face.bundle = json.dumps(bundle(session, draw), ensure_ascii=False, separators=(",", ":"))
    session.flush()


def bundle(session: Session, draw: Draw) -> dict[str, Any]:
    """Everything by which a draw is checked, as data (see ``verify.py``); with its code, so only for whoever may know.

    The draws that it replaced come with it: its code tells theirs.
    """
    return {
        "format": FORMAT,
        "number": _number(session, draw),
        "commit": _line(session, draw.commit_index),
        "result": _line(session, draw.result_index),
        "reveal": _line(session, draw.reveal_index),
        "strata": [{"name": each.name, "rule": each.rule, "pool": each.codes} for each in draw.parts],
        "exclusions": draw.exclusions,
        "evidence": draw.evidence or None,
        "code": draw.code,
        "drawn": pool.pool_text(draw.codes) if draw.result_index is not None else None,
        "salt": draw.told_salt,
        "reason": draw.reason or None,
        "earlier": [bundle(session, each) | {"earlier": []} for each in before(draw)],
    }


def before(draw: Draw) -> list[Draw]:
    """The draws of the same task that this one replaced, in order."""
    found: list[Draw] = []
    one = draw.replaces
    while one is not None:
        found.append(one)
        one = one.replaces
    return found[::-1]


def _number(session: Session, draw: Draw) -> str | None:
    if draw.result_index is None:
        return None
    return session.scalar(sa.select(Publication.number).where(Publication.id == draw.publication_id))


def _line(session: Session, index: int | None) -> Mapping[str, Any] | None:
    if index is None:
        return None
    return {"index": index, "body": session.get_one(Entry, index).body.decode("ascii")}
