"""Reading draws: what the public may (``DrawFace``), and what the office works on. Nothing here acts."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.draws.models import Draw, DrawFace
from portal.people import roles
from portal.people.models import Person

# ── for everybody ────────────────────────────────────────────


def face(session: Session, number: str) -> DrawFace | None:
    """The draw of an announcement; its bundle is not read."""
    return session.scalars(sa.select(DrawFace).where(DrawFace.number == number)).one_or_none()


def bundle(session: Session, commit_index: int) -> str | None:
    """The bundle of a draw whose code was told."""
    return session.scalar(sa.select(DrawFace.bundle).where(DrawFace.commit_index == commit_index))


def attempts(session: Session, face: DrawFace) -> Sequence[DrawFace]:
    """Every draw of the same task, in order."""
    wanted = sa.select(DrawFace).where(
        DrawFace.department_code == face.department_code, DrawFace.task_no == face.task_no
    )
    return session.scalars(wanted.order_by(DrawFace.attempt)).all()


def count(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(DrawFace)) or 0


def faces(session: Session, *, limit: int, offset: int) -> Sequence[DrawFace]:
    """Every draw that was committed to, the newest first."""
    wanted = sa.select(DrawFace).order_by(DrawFace.commit_index.desc()).limit(limit).offset(offset)
    return session.scalars(wanted).all()


# ── for the office ───────────────────────────────────────────


def sees(person: Person, draw: Draw) -> bool:
    return roles.sees(person, draw.department_code)


def draws(session: Session, person: Person, *, page: int, size: int) -> tuple[Sequence[Draw], int]:
    """The draws that somebody may see, the newest first, and how many there are."""
    mine = sa.select(Draw)
    if not roles.may(person, "see_all_departments"):
        mine = mine.where(Draw.department_code == person.department_code)
    total = session.scalar(sa.select(sa.func.count()).select_from(mine.subquery())) or 0
    wanted = mine.order_by(Draw.id.desc()).offset((page - 1) * size).limit(size)
    return session.scalars(wanted).all(), total


def of_publication(session: Session, publication_id: int) -> Draw | None:
    """The draw whose announcement a publication is, or was to be."""
    return session.scalars(
        sa.select(Draw).where(Draw.publication_id == publication_id).order_by(Draw.id.desc()).limit(1)
    ).one_or_none()
