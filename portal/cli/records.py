"""Who is there, and what comes in from files."""

from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.cli.group import advance, main, person_named
from portal.codes.models import Department
from portal.codes.profiles import load_profile
from portal.codes.seed import load_departments, read_rows
from portal.intake import importing
from portal.intake.columns import READABLE
from portal.intake.models import Import
from portal.intake.refusals import refusals_workbook
from portal.intake.report import Options, Report
from portal.opening import office
from portal.people.acts import add_person, give_role
from portal.people.models import Person
from portal.people.roles import ROLES
from portal.sessions import session_at
from portal.settings import Settings
from portal.statistics import snapshot


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.pass_obj
def departments(settings: Settings, file: Path | None) -> None:
    """List the departments; with FILE, first add or rename those in it.

    FILE is a CSV table with the columns code, label, short, label_en, region_code, document_prefix, phone.
    """
    with session_at(office(settings), "write" if file else "reads") as session:
        if file:
            load_departments(session, read_rows(file))
            snapshot.take(session, load_profile(settings.profile))  # pages with their names are new ones
            session.commit()
        found = session.scalars(sa.select(Department).order_by(Department.code)).all()
    for department in found:
        click.echo(f"{department.code}\t{department.label}")
    click.echo(f"共{len(found)}个部门。")


@main.group()
def people() -> None:
    """Who may sign in."""


@people.command("add")
@click.argument("username")
@click.argument("name")
@click.option("--department", required=True, help="The code of the person's department.")
@click.option("--email", default="", help="Where the person is told what waits for them.")
@click.option("--phone", default="", help="For text messages.")
@click.option("--role", "roles", multiple=True, type=click.Choice(list(ROLES)), help="May be repeated.")
@click.password_option(envvar="PORTAL_NEW_PASSWORD", help="Asked for when it is not given.")
@click.pass_obj
def add(
    settings: Settings,
    /,
    username: str,
    name: str,
    department: str,
    roles: tuple[str, ...],
    password: str,
    **contact: str,
) -> None:
    """Add a person with their roles; for the first ones, before anybody can sign in."""
    with session_at(office(settings), "write") as session:
        if session.get(Department, department) is None:
            raise click.ClickException(
                f"没有编码为“{department}”的部门。请用 portal departments 查看部门，或者从文件中加载。"
            )
        person = add_person(session, username, name, department, password, by=None, **contact)
        for role in roles:
            give_role(session, person, role, by=None)
        session.commit()
    click.echo(f"已添加{name}（{username}），角色{len(roles)}个。")


MOST_REFUSALS_SHOWN = 20


@main.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", required=True, type=click.Choice(list(READABLE)), help="What the file holds.")
@click.option("--by", "username", required=True, help="The sign-in name of the drafter.")
@click.option("--department", default="", help="For rows that name none; the drafter's own if left out.")
@click.option("--title", default="", help="The title, when the file is one list, plan or task.")
@click.option("--field", "told", multiple=True, metavar="NAME=VALUE", help="A field for the whole file.")
@click.option("--source", default="", help="A saved mapping of columns.")
@click.option("--make-task", is_flag=True, help="Make the tasks from the results too.")
@click.option("--complete", is_flag=True, help="A registry's whole file: what it does not hold is gone.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--refused", type=click.Path(path_type=Path), help="Write the refused rows to this .xlsx file.")
@click.pass_obj
def import_file(
    settings: Settings, /, file: Path, username: str, told: tuple[str, ...], refused: Path | None, **more: Any
) -> None:
    """Records from FILE into drafts, objects and inspectors into their registry; refused rows come back."""
    with session_at(office(settings), "reads" if more["dry_run"] else "write") as session:
        by = _drafter(session, username)
        more["department"] = more["department"] or by.department_code
        options = Options(
            by=by, fields=_fields(told), profile=settings.profile, secret=settings.secret_key, **more
        )
        session.rollback()
        with click.progressbar(length=1, label=file.name) as bar:
            report = importing.run(session, file, options, lambda done, size: advance(bar, done, size))
        if refused and report.import_id:
            refused.write_bytes(refusals_workbook(session, session.get_one(Import, report.import_id)))
    _tell(report)


def _drafter(session: Session, username: str) -> Person:
    person = person_named(session, username)
    session.expunge(person)
    return person


def _fields(told: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in told]
    unclear = [name for name, sign, _value in pairs if not sign]
    if unclear:
        raise click.ClickException(f"--field 要写成“字段名=值”：{'、'.join(unclear)}")
    return {name: value for name, _sign, value in pairs}


def _tell(report: Report) -> None:
    for warning in report.warnings:
        click.echo(f"! {warning}")
    for each in report.refusals[:MOST_REFUSALS_SHOWN]:
        place = f"{each.sheet} 第{each.row}行" if each.sheet else f"第{each.row}行"
        click.echo(f"× {place} {each.column} {each.value}：{each.sentence}")
    if len(report.refusals) > MOST_REFUSALS_SHOWN:
        click.echo(f"……共{report.refused}行被退回，用 --refused 文件.xlsx 保存全部。")
    click.echo(report.sentence)
    if report.undecided:
        click.echo(
            f"{report.undecided}份草稿里识别出身份证件号码、姓名、电话等内容，公示前要有人决定隐去还是保留。"
        )
