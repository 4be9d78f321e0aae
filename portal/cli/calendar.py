"""工作日历: loading the State Council's yearly notice, and what is known."""

import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from time import sleep

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.cli.group import advance, main
from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.deadlines.models import CalendarNotice
from portal.deadlines.notice_files import MAX_BYTES, NoticeFile, read_notice
from portal.deadlines.notices import current_notices, load_notice, newest_notice, what_is_missing, years_known
from portal.notices.calendar_follower import follow, is_behind, open_cases
from portal.opening import office
from portal.people.models import Person
from portal.sessions import session_at
from portal.settings import Settings

TRIES, PAUSE = 5, 0.5  # seconds; for cases that somebody is acting on this moment


@main.group()
def calendar() -> None:
    """The working days, by the State Council's yearly notice."""


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=int, help="The notice's year, when FILE holds several.")
@click.option("--title", default="", help="The notice's title with its document number.")
@click.option("--by", "username", default="", help="The sign-in name of who loads it, for the record.")
@click.option("--replace", "replacing", is_flag=True, help="Replace what is known of that year, wholly.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.pass_obj
def import_notice(
    settings: Settings,
    file: Path,
    year: int | None,
    title: str,
    username: str,
    replacing: bool,
    dry_run: bool,
) -> None:
    """One year's holiday notice from FILE.

    FILE is a CSV table (date,name,is_workday or 日期,名称,状态) or JSON, UTF-8: the days off and the worked weekends.
    """
    with file.open("rb") as opened:
        given = read_notice(opened.read(MAX_BYTES + 1))
    year, app, since = _year(given, year), office(settings), clock.now()
    with session_at(app, "write") as session:
        before = newest_notice(session, year)
        notice = load_notice(
            session,
            given.of(year),
            year=year,
            title=title,
            digest=given.digest,
            by=_person(session, username),
            replacing=replacing,
        )
        _tell(session, notice, before, left_out=len(given.days) - len(given.of(year)))
        session.rollback() if dry_run else session.commit()
    if dry_run:
        click.echo("以上只是试算，没有改动。")
    else:
        _redate(app, since)


@calendar.command("check")
@click.option("--year", type=int, help="Only this year.")
@click.pass_context
def check_calendar(context: click.Context, year: int | None) -> None:
    """Say what is known and what is missing; exits with 1 when something must be loaded."""
    settings: Settings = context.obj
    with session_at(office(settings), "reads") as session:
        known, loaded = load_calendar(session), current_notices(session)
    for each in years_known(known):
        if year in (None, each.year):
            source = loaded[each.year].title if each.year in loaded else "随程序提供"
            click.echo(f"{each.year}年\t放假{each.off}天，调休上班{each.make_up}天\t{source}")
    if year is not None and not known.knows(year):
        click.echo(f"{year}年的放假安排没有载入，这一年的期限都是暂定的。")
    click.echo(f"工作日历到{known.known_through.isoformat()}为止，之后的期限都是暂定的。")
    reasons = what_is_missing(known, clock.today())
    for reason in reasons:
        click.echo(f"· {reason}")
    context.exit(1 if reasons or (year is not None and not known.knows(year)) else 0)


def _redate(app: Flask, since: datetime) -> None:
    """Count the open cases again by what was loaded. A worker beside us does the same: both come to one end."""
    profile = load_profile(app.extensions["portal_settings"].profile)
    with session_at(app, "reads") as session:
        before = open_cases(session, since)
    whole = before.objections + before.concerns
    with click.progressbar(length=max(whole, 1), label="重新计算在办案件的期限", file=sys.stderr) as bar:
        for _ in range(TRIES):
            follow(partial(session_at, app, "write"), profile, lambda moved: advance(bar, moved, whole))
            with session_at(app, "reads") as session:
                behind, after = is_behind(session, profile), open_cases(session, since)
            if not behind:
                break
            sleep(PAUSE)
        advance(bar, whole, whole)
    click.echo(
        f"在办案件：{after.redated}件重新计算了期限（异议{after.redated_objections}件，"
        f"诉求{after.redated_concerns}件），{after.unchanged}件不变。"
    )
    if behind:
        click.echo("! 有案件正在办理中，期限还没有重新计算，后台会接着算。")


def _year(given: NoticeFile, asked: int | None) -> int:
    if asked is None and len(given.years) > 1:
        years = "、".join(map(str, given.years))
        raise click.ClickException(f"文件里有{years}年的安排，请用 --year 指明载入哪一年。")
    year = given.years[0] if asked is None else asked
    if not given.of(year):
        raise click.ClickException(f"文件里没有{year}年的安排，请检查 --year。")
    return year


def _person(session: Session, username: str) -> Person | None:
    person = session.scalar(sa.select(Person).where(Person.username == username)) if username else None
    if username and person is None:
        raise click.ClickException(f"没有登录名为“{username}”的人员，请检查 --by。")
    return person


def _tell(session: Session, notice: CalendarNotice, before: CalendarNotice | None, left_out: int) -> None:
    if before is notice:
        click.echo(f"{notice.year}年的放假安排就是这一份，没有改动。")
        return
    december = sum(1 for each in notice.days if each.day.year < notice.year)
    off = sum(1 for each in notice.days if not each.working)
    if left_out:
        click.echo(f"! 文件里另有{left_out}天属于其他年份，没有载入。")
    if december:
        click.echo(f"! 其中{december}天在{notice.year - 1}年12月，属于{notice.year}年元旦的安排。")
    click.echo(
        f"已载入《{notice.title}》：放假{off}天，调休上班{len(notice.days) - off}天；"
        f"公示存证第{notice.entry_index}条。"
    )
    known = load_calendar(session).known_through
    click.echo(f"工作日历到{known.isoformat()}为止。")
