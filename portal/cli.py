"""``portal …``: every command of the office's own machine. Long ones show progress and end with counts."""

import click
import flask_migrate
import sqlalchemy as sa
from flask import Flask

from portal import models as models
from portal.db import configuration, db, prepare_engines, public_grants
from portal.files import site_path
from portal.settings import Settings, from_environment


def office(settings: Settings) -> Flask:
    """The database without the site: what commands and migrations need."""
    app = Flask("portal")
    app.config.update(configuration(settings.database, settings.public_database_url or None))
    if settings.is_sqlite:
        settings.var.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    prepare_engines(app)
    flask_migrate.Migrate(app, db, directory=str(site_path("migrations")))
    return app


def bring_up_to_date(app: Flask, settings: Settings) -> None:
    """Run the migrations, then see to the public role."""
    with app.app_context():
        flask_migrate.upgrade()
    grant(app, settings)


def grant(app: Flask, settings: Settings) -> None:
    """On PostgreSQL, give the public role its tables and nothing else. On SQLite the authorizer does it."""
    if settings.is_sqlite or not settings.public_database_url:
        return
    role = sa.make_url(settings.public_database_url).username or ""
    with app.app_context():
        for statement in public_grants(role):
            db.session.execute(sa.text(statement))
        db.session.commit()


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """双随机、一公开 信息公示平台。"""
    context.obj = from_environment()


@main.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database's tables up to date."""
    bring_up_to_date(office(settings), settings)
    click.echo(f"数据库已是最新：{sa.make_url(settings.database).render_as_string(hide_password=True)}")
