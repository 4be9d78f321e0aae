"""The life of our own draw, in order: commit, run, announce and lock, reveal; or draw again.

*Who can know the order when.* Before the randomness is out nobody can, the office included: it knows its code and not
the randomness. From then on the office can, and may announce the list with the lock. The public can replay it when the
code is told, after the inspections, so that nobody is warned.

Each act says who does it (``by=``), refuses in sentences and never commits; of two people acting at once, one succeeds
and the other is told (:class:`~portal.errors.Overtaken`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.draws import announcing, assigning, chain, facing, order, pool, randomness, requirements, strata
from portal.draws.models import Draw, DrawChain, DrawStep
from portal.draws.wanted import Wanted
from portal.errors import Overtaken, Refused, refuse_if
from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.ledger.models import Entry
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.models import Revision
from portal.stepping import take
from portal.words import Sentence, say

BASIS = "D10"


def commit(
    session: Session, wanted: Wanted, *, by: Person, replaces: Draw | None = None, reason: str = ""
) -> Draw:
    """Say in public, before anybody can know the outcome, out of whom, how, and by which randomness will be drawn.

    :param replaces: the draw of the same task that is given up for this one; public, with its reason.
    """
    refuse_if(requirements.why_not_commit(session, wanted, by, replaces, reason))
    draw = _draw_of(wanted, by, reason)
    announcing.content(session, draw)  # what could not be announced is refused now, not when it is drawn
    extra = _terms(draw, wanted)  # hashed before the ledger's head is locked
    shown = facing.strata_of(draw)
    book.lock(session)  # of two who commit for one task at once, the second sees what the first did
    refuse_if(requirements.why_not_now(session, wanted, by, replaces, reason))
    draw.chain, draw.attempt = _chain(session, draw), 1
    if replaces is not None:
        _replace(session, replaces, by)
        draw.replaces, draw.attempt = replaces, replaces.attempt + 1
        extra |= {"replaces": replaces.commit_index}
    extra |= {"commitment": draw.chain.commitment, "step": draw.attempt}
    entry = book.write(session, _entry("draw_commit", draw, extra, reason=reason))
    draw.commit_index = entry.index
    session.add(draw)
    session.flush()
    _begin(session, draw, by)
    facing.show(session, draw, shown)
    return draw


def run(session: Session, draw: Draw, evidence: str, *, by: Person, seen: int | None = None) -> Revision:
    """Draw, now that the randomness is out. The list is fixed from here on, and its announcement is drafted.

    :param evidence: the round's signature in hex, or the winning numbers.
    """
    refuse_if(requirements.why_not_run(draw, by))
    value, problem = randomness.value(draw.source, evidence)
    if problem is not None:
        raise Refused(problem)
    drawn = _drawn(draw, value)
    _step(session, draw, "run", by, seen)
    draw.evidence, draw.randomness, draw.drawn = evidence, value, drawn
    facing.show(session, draw)
    return _announce(session, draw, by)


def note_attempt(session: Session, draw: Draw, *, by: Person) -> None:
    """Keep on record that somebody tried to run what had been run already."""
    session.add(DrawStep(draw_id=draw.id, state="again", by_id=by.id, at=clock.now()))
    session.flush()


def announce_again(session: Session, draw: Draw, *, by: Person) -> Revision:
    """Draft the announcement of the same list anew, when the first draft was given up."""
    refuse_if(requirements.why_not_announce(session, draw, by))
    return _announce(session, draw, by)


def lock(
    session: Session, draw: Draw, revision: Revision, *, by: Person, seen: int | None = None, **how: Any
) -> Entry:
    """Publish the announcement and, by the same act, lock the list: its digest stands in the next line (D9).

    :param revision: the agreed announcement; it must say what was drawn.
    :param seen: the revision's step that the person was looking at.
    """
    refuse_if(requirements.why_not_lock(session, draw, revision))
    extra = {
        "draw": "own",
        "commit": draw.commit_index,
        "sample": len(draw.codes),
        "list": pool.digest(pool.pool_text(draw.codes), draw.list_salt),
        "assigned": pool.digest(_assignments(draw), draw.salt),
    }
    told = {"draw": "own", "commit": draw.commit_index}  # so that no other line about a list is written
    published = pipeline.carry_out(session, revision, by=by, seen=seen, extra=told, **how)
    assert published is not None  # why_not_lock refused what is withheld in full
    _step(session, draw, "locked", by)
    entry = book.write(session, _entry("draw_result", draw, extra, number=published.number))
    draw.result_index = entry.index
    facing.show(session, draw)
    return entry


def reveal(
    session: Session, draw: Draw, *, by: Person, seen: int | None = None, ends_on: date | None = None
) -> Entry:
    """Tell the code, now that the inspections are over: from here on anybody can draw again.

    Of a draw by risk class, or with names not to be shown, the line says only that it is over: whoever had the code
    could infer the class of a firm from who was drawn before it (W2). The coordinator checks such a draw.
    """
    refuse_if(requirements.why_not_reveal(draw, by, ends_on or requirements.ends_on(session, draw)))
    _step(session, draw, "revealed", by, seen)
    extra: dict[str, Any] = {
        "draw": "own",
        "commit": draw.commit_index,
        "code": draw.code if draw.is_public else None,
        "recusals": draw.count("recusal"),
        "substitutions": draw.count("substitution"),
        "assigned": pool.digest(_assignments(draw), draw.salt),
    }
    number = requirements.revision_of(session, draw)
    entry = book.write(
        session, _entry("draw_result", draw, extra, number=number.publication.number if number else None)
    )
    draw.reveal_index = entry.index
    facing.show(session, draw)
    return entry


# ── what is committed to ─────────────────────────────────────


def _draw_of(wanted: Wanted, by: Person, reason: str) -> Draw:
    return Draw(
        department_code=by.department_code,
        task_no=wanted.task.number,
        task=announcing.kept(wanted),
        strata=[[each.name, each.rule, each.codes] for each in wanted.parts],
        exclusions=pool.exclusions_text(wanted.excluded),
        inspectors=assigning.inspectors_text(wanted.inspectors),
        per_object=wanted.per_object,
        by_risk=wanted.by_risk,
        names_shown=not wanted.names_withheld,
        salt=pool.new_salt(),
        source=wanted.source,
        decides_at=randomness.appears(wanted.source) or wanted.decides_at,
        reason=reason.strip(),
        state="committed",
        drawn=[],
    )


def _terms(draw: Draw, wanted: Wanted) -> dict[str, Any]:
    """The line's members, but for the commitment. Of a draw that the public can not check not even the size: where
    some such lines had one, those without would be the ones narrowed by risk class (W2)."""
    codes, salt, counted = wanted.codes, draw.told_salt, draw.is_public
    return {
        "draw": "own",
        "algorithm": order.ALGORITHM,
        "task": draw.task_no,
        "checked_by": "public" if draw.is_public else "coordinator",
        "pool": pool.digest(pool.pool_text(codes), salt),
        "size": len(codes) if counted else None,
        "excluded": pool.digest(draw.exclusions, salt),
        "excluded_count": len(wanted.excluded) if counted else None,
        "strata": pool.digest(strata.strata_text(draw.parts, wanted.excluded), salt),
        "inspectors": pool.digest(draw.inspectors, draw.salt),
        "per_object": draw.per_object,
        "randomness": draw.source,
        "decides": clock.stamp(draw.decides_at),
    }


def _chain(session: Session, draw: Draw) -> DrawChain:
    wanted = sa.select(DrawChain).where(
        DrawChain.department_code == draw.department_code, DrawChain.task_no == draw.task_no
    )
    found = session.scalars(wanted).one_or_none()
    if found is not None:
        return found
    secret = chain.new_secret()
    made = DrawChain(
        department_code=draw.department_code,
        task_no=draw.task_no,
        secret=secret,
        commitment=chain.commitment(secret),
    )
    session.add(made)
    session.flush()
    return made


def _replace(session: Session, draw: Draw, by: Person) -> None:
    """Give a draw up for the next one, and the draft of its announcement with it."""
    open_ = requirements.under_way(session, draw)
    if open_ is not None:
        pipeline.abandon(session, open_, by=by, note=say("重新抽取，这一稿作废。"))
    _step(session, draw, "replaced", by)
    facing.show(session, draw)


# ── what is drawn ────────────────────────────────────────────


def _drawn(draw: Draw, value: str) -> list[Mapping[str, Any]]:
    excluded = pool.read_exclusions(draw.exclusions)
    chosen = strata.selection(draw.parts, excluded, draw.code, value)
    return [
        {
            "code": code,
            "stratum": part.name,
            "inspectors": assigning.assigned(
                draw.inspectors, draw.department_code, draw.per_object, code, draw.code, value
            ),
        }
        for part, codes in zip(draw.parts, chosen, strict=True)
        for code in codes
    ]


def _announce(session: Session, draw: Draw, by: Person) -> Revision:
    revision = pipeline.draft(session, "task", announcing.content(session, draw), by=by)
    draw.publication_id = revision.publication_id
    session.flush()
    return revision


def _assignments(draw: Draw) -> str:
    return assigning.assignments_text((each["code"], each["inspectors"]) for each in draw.drawn)


# ── steps ────────────────────────────────────────────────────


def _entry(
    type: str, draw: Draw, extra: Mapping[str, Any], *, number: str | None = None, reason: str = ""
) -> EntryDraft:
    return EntryDraft(
        type=type,
        number=number,
        extra=extra,
        reason=reason.strip(),
        basis=BASIS,
        department_code=draw.department_code,
    )


def _begin(session: Session, draw: Draw, by: Person) -> None:
    step = DrawStep(draw_id=draw.id, state="committed", by_id=by.id, at=clock.now())
    session.add(step)
    session.flush()
    draw.step_id = step.id


def _step(session: Session, draw: Draw, state: str, by: Person, seen: int | None = None) -> None:
    """Move to a state, unless somebody moved first: the step that was looked at must still be the latest."""
    step = DrawStep(draw_id=draw.id, state=state, by_id=by.id, at=clock.now())
    if not take(session, draw, step, seen):
        raise Overtaken(overtaken(session, draw))
    session.expire(draw, ["steps"])


def overtaken(session: Session, draw: Draw) -> Sentence:
    """Who did what first."""
    last = session.scalar(
        sa.select(DrawStep)
        .join(Draw, Draw.step_id == DrawStep.id)
        .where(Draw.id == draw.id)
        .execution_options(populate_existing=True)
    )
    if last is None:
        return say("这次抽取刚刚有变动，请刷新页面后再办理。")
    return say("{name}刚刚办理了这次抽取，您的操作没有执行；请刷新页面查看后再办理。", name=last.by.name)
