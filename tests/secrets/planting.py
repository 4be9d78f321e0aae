"""A world with secrets: planted by the acts of an office, as far as they go."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.people.models import Grant
from portal.publications import duty, pipeline
from portal.publications.fields import Kind
from portal.publications.kinds import KINDS
from portal.publications.models import Publication, Revision
from portal.redaction.masking import GROUNDS
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.office import carry_through, disclose, propose, withdraw
from tests.secrets.files import disclose_with_a_file, erase_what_was_shown
from tests.secrets.objections import voice_and_object
from tests.secrets.secret import Secrets

MOMENT = datetime(2026, 11, 23, 2, tzinfo=UTC)  # ten o'clock on a Monday in China
MAKERS = {"list": examples.item_list, "plan": examples.plan, "task": examples.task, "result": examples.result}
HIDDEN_CODES = ("91339900QD7612PLT6",)  # of the object whose name no public record shows


def build(session: Session, cast: Cast, secrets: Secrets, settings: Settings, *, light: bool = False) -> None:
    """Everything an office may have.

    :param light: one record of each kind and few others, for the first tier.
    """
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    for name in KINDS:
        internal = with_internal(KINDS[name], secrets)
        marks = of_no_consequence(KINDS[name], internal) if secrets.is_b else []
        disclose(session, cast, name, internal, marks=marks)
        disclose_marked(session, cast, KINDS[name], secrets)
        in_between(session, cast, secrets)
    live = disclose_with_a_secret_problem(session, cast, secrets)
    not_yet_public(session, cast, secrets)
    taken_off(session, cast, secrets)
    withhold_what_was_shown(session, cast, secrets)
    draw_unnamed(session, cast, secrets)
    withhold_names_that_were_shown(session, cast, secrets)
    if not light:
        voice_and_object(session, cast, secrets, live)
        disclose_with_a_file(session, cast, secrets, settings)
    erase_what_was_shown(session, cast, secrets)
    in_review(session, cast, secrets, live)
    session.commit()


def with_internal(kind: Kind, secrets: Secrets) -> dict[str, Any]:
    """A plain record with a secret in each internal field and in each internal column of its rows."""
    filled = dict(MAKERS[kind.name]())
    for field in kind.fields:
        if field.type == "rows":
            hidden = {
                each.name: secrets.loose(f"{kind.name}.{field.name}.{each.name}", each)
                for each in field.rows
                if not each.public
            }
            if "leader" in hidden:  # of two inspectors one leads
                hidden["inspectors"] = f"{hidden['inspectors']}、{hidden['leader']}"
            filled[field.name] = [row | hidden for row in filled.get(field.name) or []]
        elif not field.public:
            filled[field.name] = secrets.loose(f"{kind.name}.{field.name}", field)
    return filled


def of_no_consequence(kind: Kind, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Marks on what has no way out anyhow: that somebody marked it is not public either."""
    paths = [field.name for field in kind.fields if not field.public]
    for table in kind.tables:
        hidden = [each.name for each in table.rows if not each.public]
        paths += [f"{table.name}/0/{name}" for name in hidden if content.get(table.name)]
    whole = {"start": None, "end": None, "ground": "personal_info", "basis": "条例第十五条", "by": 0}
    return [{"path": path, **whole} for path in paths]


def disclose_marked(session: Session, cast: Cast, kind: Kind, secrets: Secrets) -> Publication:
    """A record with a secret under a mark in each field that the public reads."""
    content, marks = marked(kind, secrets)
    revision = pipeline.draft(session, kind.name, content, by=cast.he, marks=marks)
    if kind.name == "result":
        pipeline.admit(session, revision, by=cast.lin, note=secrets["revisions.admitted_note"])
    return carry_through(session, cast, revision)


def marked(kind: Kind, secrets: Secrets) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A whole mark on what is no text; on a text, a mark on the secret in its midst."""
    content, marks = dict(MAKERS[kind.name]()), list[dict[str, Any]]()
    if kind.name == "task":
        content["recusal_reasons"] = "与检查对象有近亲属关系。"
    for field in kind.public_fields():
        if field.type == "rows":
            row = dict((content.get(field.name) or [{}])[0])
            for each in filter(lambda each: each.public, field.rows):
                place = f"{kind.name}.{field.name}.{each.name} under a mark"
                row[each.name] = secrets.of_field(place, each)
                marks.append(mark(f"{field.name}/0/{each.name}", row[each.name], secrets, place))
            content[field.name] = [row, *(content.get(field.name) or [])]
        elif field.type != "department" and field.name != "names_shown":
            place = f"{kind.name}.{field.name} under a mark"
            content[field.name] = secrets.of_field(place, field)
            marks.append(mark(field.name, content[field.name], secrets, place))
    return content, marks


def mark(path: str, value: Any, secrets: Secrets, place: str) -> dict[str, Any]:
    start = value.index(secrets[place]) if isinstance(value, str) and secrets[place] in value else None
    grounds = [*GROUNDS]
    return {
        "path": path, "start": start, "end": None if start is None else start + len(secrets[place]),
        "ground": grounds[len(path) % len(grounds)], "basis": "条例第十五条", "by": 0,
        "note": secrets["the note of a mark"],
    }  # fmt: skip


def disclose_with_a_secret_problem(session: Session, cast: Cast, secrets: Secrets) -> Publication:
    """A result with words under a mark, corrected once without showing them."""
    content = examples.result(entity_name="示例南商店")
    problem = secrets.around("result.items.problem under a mark")
    content["items"] = [content["items"][0] | {"problem": problem}]
    marks = [mark("items/0/problem", problem, secrets, "result.items.problem under a mark")]
    live = disclose(session, cast, "result", content, marks=marks)
    content = content | {"phone": secrets["result.phone"], "follow_up_note": "已经核实。"}
    revision = pipeline.draft(
        session, "result", content, by=cast.he, act="correct", publication=live, reason="漏记", marks=marks
    )
    return carry_through(session, cast, revision)


def named(secrets: Secrets, place: str, **more: Any) -> dict[str, Any]:
    """A result that nobody may see, about an object whose name is secret."""
    return examples.result(entity_name=secrets[place], entity_code=secrets[place], **more)


def not_yet_public(session: Session, cast: Cast, secrets: Secrets) -> None:
    """Drafts in every state, and records withheld in full."""
    pipeline.draft(session, "result", named(secrets, "the name in a draft"), by=cast.he)
    sent_back = pipeline.draft(session, "result", named(secrets, "the name in a draft sent back"), by=cast.he)
    pipeline.submit(session, sent_back, by=cast.he, note=secrets["steps.note"])
    pipeline.send_back(session, sent_back, by=cast.song, note=secrets["steps.note"])
    approved = pipeline.draft(session, "result", named(secrets, "the name in an approved draft"), by=cast.he)
    pipeline.submit(session, approved, by=cast.he)
    pipeline.approve(session, approved, by=cast.song)
    for kind in KINDS:
        title = KINDS[kind].title_field
        secret = {title: secrets["the name in a record withheld in full"]}
        whole = pipeline.draft(session, kind, MAKERS[kind]() | secret, by=cast.he)
        basis = secrets["revisions.withheld_basis"]
        whole = pipeline.revise(
            session, whole, by=cast.he, withheld_ground="state_secret", withheld_basis=basis
        )
        carry_through(session, cast, whole)


def taken_off(session: Session, cast: Cast, secrets: Secrets) -> None:
    """One on hold and one taken down, of each kind: what the public could read once, it can not any more."""
    for kind in KINDS:
        for place in ("the words of a record on hold", "the words of a record taken down"):
            words = {KINDS[kind].title_field: secrets[place], "source_number": secrets[place]}
            found = disclose(session, cast, kind, everywhere(kind, secrets[place]) | words)
            if place.endswith("hold"):
                duty.hold(session, found, by=cast.zhou, reason=secrets["holds.reason"])
            else:
                withdraw(session, cast, found, "对象有误。")


def everywhere(kind: str, secret: str) -> Mapping[str, Any]:
    """A record with the secret in whatever stands beside it in lists and links."""
    content = dict(MAKERS[kind]())
    if kind == "result":
        content |= {"entity_code": secret, "task_no": secret, "plan_no": secret}
    if kind == "task":
        content |= {"drawn": [{"seq": "1", "entity_name": secret, "entity_code": secret}], "sample_size": 1}
    return content


def withhold_what_was_shown(session: Session, cast: Cast, secrets: Secrets) -> None:
    """应隐去未隐去: shown in the first version, withheld by a correction, gone from the first one too."""
    place = "the words shown before a correction withheld them"
    content = examples.result(entity_name="示例东饮品店", follow_up_note=secrets.around(place))
    shown = disclose(session, cast, "result", content)
    marks = [mark("follow_up_note", content["follow_up_note"], secrets, place)]
    revision = pipeline.draft(
        session, "result", content, by=cast.he, act="correct", publication=shown, reason="应隐去未隐去。", marks=marks
    )  # fmt: skip
    carry_through(session, cast, revision)


def draw_unnamed(session: Session, cast: Cast, secrets: Secrets) -> None:
    """不宜告知: a task whose drawn list is not shown (A15, L12); in world B it has drawn more objects."""
    name = secrets["the name of an object whose task does not name it"]
    rows = [
        {"seq": str(at), "entity_name": f"{name}{at}", "entity_code": f"{name}{at}"}
        for at in range(1, 6 if secrets.is_b else 3)
    ]
    content = examples.task(
        names_shown=False, names_withheld_ground="检查前不宜告知。", drawn=rows, title="不宜告知的抽查"
    )
    marks = [mark("drawn/0/entity_name", rows[0]["entity_name"], secrets, "the name of an object whose task does not name it")]  # fmt: skip
    disclose(session, cast, "task", content, marks=marks if secrets.is_b else [])


def withhold_names_that_were_shown(session: Session, cast: Cast, secrets: Secrets) -> None:
    """A drawn list that was shown and had better not been: a correction takes it off the first version too."""
    name = secrets["the name of an object whose task does not name it"]
    rows = [{"seq": "1", "entity_name": name, "entity_code": name}]
    shown = disclose(
        session, cast, "task", examples.task(drawn=rows, sample_size=1, title="误公示名单的抽查")
    )
    content = shown.revisions[-1].content | {
        "names_shown": False,
        "names_withheld_ground": "检查前不宜告知。",
    }
    revision = pipeline.draft(
        session, "task", content, by=cast.he, act="correct", publication=shown, reason="不宜公示名单。"
    )
    carry_through(session, cast, revision)


def in_review(session: Session, cast: Cast, secrets: Secrets, live: Publication) -> Revision:
    """A correction that nobody has signed yet: its words and its reason are not public."""
    name = {"entity_name": secrets["the words of a correction in review"]}
    revision = propose(session, cast, live, "correct", secrets["revisions.reason"], **name)
    pipeline.submit(session, revision, by=cast.he)
    return revision


def in_between(session: Session, cast: Cast, secrets: Secrets) -> None:
    """World B has a few more drafts between its records, so that the numbers of rows differ."""
    for _ in range(2 if secrets.is_b else 0):
        pipeline.draft(session, "result", named(secrets, "the name in a draft"), by=cast.he)
