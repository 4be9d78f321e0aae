"""Our own draws: commit, run, reveal; and verify, which needs neither database nor network."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from portal import clock
from portal.cli.group import main, person_named
from portal.codes.book import CodeBook
from portal.draws import drawing, fetching, randomness, requirements, strata, typed, verify, wanted
from portal.draws.models import Draw
from portal.draws.pool import GROUNDS
from portal.draws.wanted import Conditions, Task, Wanted
from portal.opening import office
from portal.people.models import Person
from portal.sessions import session_at
from portal.settings import Settings

GROUPINGS = ("kind", "region", "tag", "risk")
SHOWN = 20


@main.group()
def draw() -> None:
    """Our own replayable draw, for offices without a unified platform (仅供无统一平台的单位使用)."""


@draw.command("commit")
@click.option("--by", "username", required=True, help="The sign-in name of the drafter.")
@click.option("--task", required=True, help="The task's number.")
@click.option("--title", required=True, help="The task's name.")
@click.option("--item", "items", multiple=True, required=True, help="Code, space, name. May be repeated.")
@click.option("--kind", "kinds", multiple=True, help="Kind of objects, by code.")
@click.option("--region", "regions", multiple=True, help="Six digits; stands for what lies in it.")
@click.option("--tag", "tags", multiple=True, help="Objects with any of these tags.")
@click.option("--risk", multiple=True, help="Risk class: such a draw is checked by the coordinator alone.")
@click.option("--group", "grouping", type=click.Choice(GROUPINGS), help="What makes the strata.")
@click.option("--rule", "rules", multiple=True, required=True, help="5%, 20, or NAME=5% for one stratum.")
@click.option("--exclude", multiple=True, metavar="'CODE GROUND'", help=f"Grounds: {', '.join(GROUNDS)}.")
@click.option(
    "--inspectors-of", "departments", multiple=True, help="Departments; the drafter's own if left out."
)
@click.option("--per-object", default=requirements.LEAST_INSPECTORS, show_default=True, help="Inspectors.")
@click.option("--withhold-names", default="", metavar="GROUND", help="Do not show the drawn list.")
@click.option("--minutes", type=int, help="Decided by the first drand round after so many minutes.")
@click.option("--lottery", default="", metavar="KIND:ISSUE", help="Decided by a drawing, as ssq:2026131.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of that drawing.")
@click.option("--replaces", type=int, help="Draw again: the draw that is given up.")
@click.option("--reason", default="", help="Why it is drawn again; public.")
@click.pass_obj
def commit_draw(
    settings: Settings, /, username: str, replaces: int | None, reason: str, **asked: Any
) -> None:
    """Say in public out of whom, how, and by which randomness will be drawn."""
    _refuse_unless_on(settings)
    source, decides_at = _decided_by(settings, asked)
    with session_at(office(settings), "write") as session:
        by = person_named(session, username)
        draw_wanted = _wanted(session, by, source, decides_at, asked)
        before = session.get(Draw, replaces) if replaces else None
        made = drawing.commit(session, draw_wanted, by=by, replaces=before, reason=reason)
        session.commit()
        click.echo(
            f"已承诺：第{made.id}号抽取，公示存证第{made.commit_index}行，名录库{len(draw_wanted.codes)}户。"
        )
        for each in strata.described(made.parts, draw_wanted.excluded):
            click.echo(f"  {each['name']}\t{each['size']}户\t抽{each['take']}户")
        click.echo(f"由{source}决定，{decides_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}以后可以抽取。")


@draw.command("run")
@click.argument("number", type=int)
@click.argument("evidence", required=False)
@click.option("--by", "username", required=True, help="The sign-in name of the drafter.")
@click.pass_obj
def run_draw(settings: Settings, number: int, evidence: str | None, username: str) -> None:
    """Carry out draw NUMBER. EVIDENCE is the round's file, its JSON or signature, or the winning numbers.

    Without EVIDENCE the round is asked of the relay at PORTAL_DRAND_URL.
    """
    _refuse_unless_on(settings)
    app = office(settings)
    with session_at(app, "reads") as session:
        source = _draw(session, number).source
    shown = _evidence(settings, source, evidence)
    with session_at(app, "write") as session:
        found = _draw(session, number)
        drawing.run(session, found, shown, by=person_named(session, username))
        session.commit()
        click.echo(f"已抽取{len(found.drawn)}户，公告已拟成草稿；公示时名单同时锁定。")
        for each in found.drawn[:SHOWN]:
            click.echo(f"  {each['code']}\t{each['stratum']}")
        if len(found.drawn) > SHOWN:
            click.echo(f"  ……其余{len(found.drawn) - SHOWN}户见公告稿。")


@draw.command("reveal")
@click.argument("number", type=int)
@click.option("--by", "username", required=True, help="The sign-in name of who tells the code.")
@click.pass_obj
def reveal_draw(settings: Settings, number: int, username: str) -> None:
    """Tell the code of draw NUMBER, now that the inspections are over."""
    _refuse_unless_on(settings)
    with session_at(office(settings), "write") as session:
        found = _draw(session, number)
        drawing.reveal(
            session, found, by=person_named(session, username), ends_on=requirements.ends_on(session, found)
        )
        session.commit()
        click.echo(f"口令已公布：{found.code}" if found.is_public else "已办结，这次抽取的口令不公开。")


@draw.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--record",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The announcement's record.json, to compare the list with.",
)
@click.pass_context
def verify_draw(context: click.Context, file: Path, record: Path | None) -> None:
    """Check a draw from FILE (its draw.json), offline and without a database; exits with 1 when anything is wrong."""
    try:
        bundle = verify.read_bundle(file.read_bytes())
        released = json.loads(record.read_bytes())["fields"] if record else None
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"读不懂这个文件：{error}") from error
    problems = verify.problems(bundle, released)
    for problem in problems:
        click.echo(f"· {problem}")
    if not problems:
        _tell(bundle)
    context.exit(1 if problems else 0)


def _tell(bundle: verify.Bundle) -> None:
    said = bundle.terms
    click.echo(
        f"核对通过：任务{said['task']}的{len(bundle.drawn)}户，是按公示存证第{bundle.commit[0]}行的承诺抽出来的。"
    )
    click.echo(f"由{said['randomness']}决定；第{said['step']}次抽取。")
    click.echo("承诺的那一行是不是在存证里、是什么时候写的，请用 portal log verify 核对。")


# ── what was asked ───────────────────────────────────────────


def _wanted(session: Session, by: Person, source: str, decides_at: datetime, asked: dict[str, Any]) -> Wanted:
    book = CodeBook.load(session)
    conditions = Conditions(
        asked["kinds"], asked["regions"], asked["tags"], asked["risk"], asked["grouping"] or ""
    )
    groups = wanted.grouped(wanted.found(session, by.department_code, conditions), conditions, book)
    items = typed.items_of("\n".join(asked["items"]))
    excluded, problems = typed.exclusions_of("\n".join(asked["exclude"]))
    if problems:
        raise click.ClickException("\n".join(problems))
    return Wanted(
        task=Task(asked["task"], asked["title"], items, typed.conditions_words(conditions, book)),
        parts=wanted.in_strata(groups, _rules(asked["rules"], list(groups))),
        excluded=excluded,
        inspectors=wanted.who_inspects(
            session,
            asked["departments"] or [by.department_code],
            [each["item_code"] for each in items if each.get("item_code")],
        ),
        per_object=asked["per_object"],
        source=source,
        decides_at=decides_at,
        by_risk=conditions.by_risk,
        is_directed=conditions.is_directed,
        names_withheld=asked["withhold_names"],
    )


def _rules(given: Sequence[str], groups: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, sign, rule = each.rpartition("=")
        if sign and name not in groups:
            raise click.ClickException(f"没有“{name}”这一组，现有：{'、'.join(groups)}")
        found |= {name: rule} if sign else dict.fromkeys(groups, rule)
    return found


def _decided_by(settings: Settings, asked: dict[str, Any]) -> tuple[str, datetime]:
    if asked["lottery"]:
        if asked["on"] is None:
            raise click.ClickException("请用 --on 写明开奖日期。")
        kind, _colon, issue = asked["lottery"].partition(":")
        return randomness.drawing_of(kind, issue, asked["on"].date())
    minutes = settings.draw_minutes if asked["minutes"] is None else asked["minutes"]
    return randomness.next_round(clock.now() + timedelta(minutes=minutes))


def _evidence(settings: Settings, source: str, given: str | None) -> str:
    number = randomness.drand_round(source)
    if given is None and not (settings.drand_url and number):
        raise click.ClickException("请写明这一轮的文件、JSON 或者签名；彩票请写明开奖号码。")
    if given is None:
        text = fetching.fetched(settings.drand_url, number)
    else:
        path = Path(given) if len(given) < 250 else None
        text = path.read_text("utf-8", "replace") if path and path.is_file() else given
    evidence, problem = randomness.read_evidence(source, text)
    if problem:
        raise click.ClickException(problem)
    return evidence


def _refuse_unless_on(settings: Settings) -> None:
    if not settings.own_draws:
        raise click.ClickException(
            "本系统的抽取没有启用。它仅供无统一平台的单位使用；确需启用的，请设置 PORTAL_OWN_DRAWS=1。"
        )


def _draw(session: Session, number: int) -> Draw:
    found = session.get(Draw, number)
    if found is None:
        raise click.ClickException(f"没有第{number}号抽取。")
    return found
