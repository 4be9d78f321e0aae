"""商业秘密事先声明: what an entity declared to be its trade secret, and where a text holds it.

A declaration that was accepted and still runs stands. It withholds nothing by itself: where a record about the
entity holds the declared words, somebody must look before it is public.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.people.models import Person
from portal.publications.findings import Found, shown_texts
from portal.publications.kinds import KINDS
from portal.publications.models import Revision
from portal.publications.prior import subject_of
from portal.redaction.recognising.finding import DECLARED, Finding
from portal.words import Sentence, say


class Declaration(Base):
    """One declaration of one entity before one department, and what that one thought of it. Internal."""

    __tablename__ = "declarations"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)  # of the form: sent twice, it is one
    entity_code: Mapped[str] = mapped_column(
        sa.String(40), index=True
    )  # as codes know it: a name if it has none
    entity_name: Mapped[str] = mapped_column(sa.String(200))
    department_code: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))  # what kind of information: 配方, 客户名单 …
    words: Mapped[list[Any]]  # by which a text is known to hold it
    why: Mapped[str] = mapped_column(sa.Text)
    until: Mapped[date | None]
    contact: Mapped[str] = mapped_column(sa.String(200), default="")
    channel: Mapped[str] = mapped_column(sa.String(10))  # online, counter
    declared_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    accepted: Mapped[bool | None]
    reasons: Mapped[str] = mapped_column(sa.Text, default="")
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]  # taken back by the entity
    taken_by: Mapped[Person | None] = relationship(foreign_keys=[taken_by_id])
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=[reviewed_by_id])

    def stands(self, on: date) -> bool:
        """Whether it was accepted and still runs on a day."""
        return bool(self.accepted) and self.ended_at is None and (self.until is None or on <= self.until)

    @property
    def state(self) -> Sentence:
        """How far it has come."""
        if self.ended_at is not None:
            return say("已撤回")
        if self.accepted is None:
            return say("待审查")
        if not self.accepted:
            return say("未采纳")
        return say("有效") if self.stands(clock.today()) else say("已到期")


def standing_declarations(session: Session, entity_code: str) -> Sequence[Declaration]:
    """What stands today of an entity, before whichever department it was declared.

    :param entity_code: as :func:`portal.publications.prior.subject_of` gives it.
    """
    if not entity_code:
        return []
    query = (
        sa.select(Declaration)
        .where(
            Declaration.entity_code == entity_code,
            Declaration.accepted.is_(True),
            Declaration.ended_at.is_(None),
        )
        .where(sa.or_(Declaration.until.is_(None), Declaration.until >= clock.today()))
        .order_by(Declaration.id)
    )
    return session.scalars(query).all()


def declared_spans(text: str, declarations: Iterable[Declaration]) -> list[tuple[int, int, Declaration]]:
    """Where a text holds declared words: start, end (excluded) in code points, and by which declaration. Pure.

    Case, width and spaces do not count: 「ＡＢ-7 号」 is found as 「ab-7号」. In reading order; one place declared
    twice is there twice.
    """
    letters, places = _plain(text)
    found = []
    for each in declarations:
        for words in each.words:
            wanted, _ = _plain(str(words))
            at = letters.find(wanted) if wanted else -1
            while at >= 0:
                found.append((places[at], places[at + len(wanted) - 1] + 1, each))
                at = letters.find(wanted, at + 1)
    return sorted(found, key=lambda one: one[:2])


def declared_in(session: Session, revision: Revision) -> list[Found]:
    """Where the texts that a revision would show hold what its entity declared: to be decided like a sure finding."""
    code = subject_of(revision.content)
    if code not in _codes_declared(session):
        return []
    standing = standing_declarations(session, code)
    return [
        Found(path, start, end, Finding(start, end, DECLARED, sure=True))
        for _field, path, value in shown_texts(KINDS[revision.kind], revision.content)
        if isinstance(value, str)
        for start, end in {(start, end) for start, end, _ in declared_spans(value, standing)}
    ]


def _codes_declared(session: Session) -> frozenset[str]:
    """Of whom any declaration was accepted: asked once per transaction, for a batch looks up hundreds."""
    known: dict[object, frozenset[str]] = session.info.setdefault("declared", {})
    now = session.get_transaction()
    if now is None or now not in known:
        accepted = sa.select(Declaration.entity_code).where(Declaration.accepted.is_(True)).distinct()
        codes = frozenset(session.scalars(accepted))
        known.clear()
        known[session.get_transaction()] = codes
    return next(iter(known.values()))


def look_again(session: Session) -> None:
    """After a declaration was reviewed in this transaction."""
    session.info.pop("declared", None)


def _plain(text: str) -> tuple[str, list[int]]:
    """The letters that count, and at which code point of the text each stands."""
    letters, places = [], []
    for at, letter in enumerate(text):
        for each in unicodedata.normalize("NFKC", letter).casefold():
            if not each.isspace() and unicodedata.category(each) != "Cf":
                letters.append(each)
                places.append(at)
    return "".join(letters), places
