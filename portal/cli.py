"""``portal …``: every command of the office's own machine. Long ones show progress and end with counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import flask_migrate
import sqlalchemy as sa
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy.orm import Session

from portal import clock, fitness
from portal import models as models
from portal.codes.models import Department
from portal.codes.seed import load_codes, load_departments, read_rows
from portal.db import Door, configuration, db, open_at, prepare_engines, public_grants
from portal.errors import Refused
from portal.files import site_path
from portal.ledger import book
from portal.ledger.models import LedgerHead
from portal.people.acts import add_person, give_role
from portal.people.roles import ROLES
from portal.settings import Settings, from_environment


class Sentences(click.Group):
    """A group whose commands refuse in the acts' own sentences, without a trace."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except Refused as refusal:
            raise click.ClickException("\n".join(refusal.reasons)) from refusal


@click.group(cls=Sentences)
@click.pass_context
def main(context: click.Context) -> None:
    """双随机、一公开：抽查检查信息公示平台。"""
    context.obj = from_environment()


# ── the database without the site ───────────────────────────────────────────


def office(settings: Settings) -> Flask:
    """The three engines and nothing that serves: what commands and migrations need."""
    app = Flask("portal")
    app.config.update(configuration(settings.database, settings.public_database_url or None))
    if settings.is_sqlite:
        settings.var.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    prepare_engines(app)
    flask_migrate.Migrate(app, db, directory=str(site_path("migrations")))
    return app


@contextmanager
def session_at(door: Door, settings: Settings) -> Iterator[Session]:
    """A session of the database; the command that opened it at the write door commits."""
    with office(settings).app_context():
        open_at(door)
        yield db.session()


def bring_up_to_date(app: Flask, settings: Settings) -> None:
    """Run the migrations, see to the public role, load the code tables, open the ledger."""
    with app.app_context():
        flask_migrate.upgrade()
    grant(app, settings)
    with app.app_context():
        load_codes(db.session())
        book.open_book(db.session())
        db.session.commit()


def grant(app: Flask, settings: Settings) -> None:
    """On PostgreSQL, give the public role its tables and nothing else. On SQLite the authorizer does it."""
    if settings.is_sqlite or not settings.public_database_url:
        return
    role = sa.make_url(settings.public_database_url).username or ""
    with app.app_context():
        for statement in public_grants(role):
            db.session.execute(sa.text(statement))
        db.session.commit()


# ── setting up and serving ──────────────────────────────────────────────────


@main.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the tables and the code tables up to date."""
    bring_up_to_date(office(settings), settings)
    click.echo(f"数据库已是最新：{sa.make_url(settings.database).render_as_string(hide_password=True)}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--threads", default=8, show_default=True, help="How many requests are answered at once.")
def serve(host: str, port: int, threads: int) -> None:
    """Serve the site, in one process; the worker runs beside it unless PORTAL_WORKER=0."""
    server = Granian(
        "portal.app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        blocking_threads=threads,
        websockets=False,
    )
    click.echo(f"公示平台：http://{host}:{port}/    工作人员：http://{host}:{port}/staff/")
    server.serve()


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.pass_obj
def departments(settings: Settings, file: Path | None) -> None:
    """List the departments; with FILE, first add or rename those in it.

    FILE is a CSV table with the columns code, label, short, label_en, region_code, document_prefix, phone.
    """
    with session_at("write" if file else "reads", settings) as session:
        if file:
            load_departments(session, read_rows(file))
            db.session.commit()
        found = session.scalars(sa.select(Department).order_by(Department.code)).all()
    for department in found:
        click.echo(f"{department.code}\t{department.label}")
    click.echo(f"共{len(found)}个部门。")


# ── people ──────────────────────────────────────────────────────────────────


@main.group()
def people() -> None:
    """Who may sign in."""


@people.command("add")
@click.argument("username")
@click.argument("name")
@click.option("--department", required=True, help="The code of the person's department.")
@click.option("--role", "roles", multiple=True, type=click.Choice(list(ROLES)), help="May be repeated.")
@click.password_option(envvar="PORTAL_NEW_PASSWORD", help="Asked for when it is not given.")
@click.pass_obj
def add(
    settings: Settings, username: str, name: str, department: str, roles: tuple[str, ...], password: str
) -> None:
    """Add a person with their roles; for the first ones, before anybody can sign in."""
    with session_at("write", settings) as session:
        if session.get(Department, department) is None:
            raise click.ClickException(
                f"没有编码为“{department}”的部门。请用 portal departments 查看部门，或者从文件中加载。"
            )
        person = add_person(session, username, name, department, password, by=None)
        for role in roles:
            give_role(session, person, role, by=None)
        db.session.commit()
    click.echo(f"已添加{name}（{username}），角色{len(roles)}个。")


# ── checking ────────────────────────────────────────────────────────────────


@main.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Say in sentences what is not fit for production; exits with 1 when there is anything."""
    settings: Settings = context.obj
    with session_at("reads", settings) as session:
        reasons = fitness.why_not_fit(session, settings, clock.now())
    for reason in reasons:
        click.echo(f"· {reason}")
    click.echo(f"共{len(reasons)}项需要处理。" if reasons else "没有发现问题，可以正式使用。")
    context.exit(1 if reasons else 0)


@main.group()
def log() -> None:
    """公示存证, the ledger of what was done in public."""


@log.command()
@click.pass_context
def verify(context: click.Context) -> None:
    """Work every entry of the ledger out again; exits with 1 when a line or the root is wrong."""
    settings: Settings = context.obj
    with session_at("reads", settings) as session:
        problems = book.check(session)
        head = session.get(LedgerHead, book.HEAD)
    for problem in problems:
        click.echo(f"· {problem}")
    if not problems:
        click.echo(f"存证完好，共{head.size}条，根哈希 {head.root}。" if head else "存证还没有记录。")
    context.exit(1 if problems else 0)
