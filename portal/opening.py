"""The database without the site: what commands, migrations and the worker open."""

import flask_migrate
import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal import logs
from portal import models as models
from portal.codes.seed import load_codes
from portal.db import PUBLIC_NEWS, DoorSession, configuration, db, prepare_engines, public_grants
from portal.files import site_path
from portal.ledger import book, sealing
from portal.ledger.signer import Signer
from portal.settings import Settings


def office(settings: Settings) -> Flask:
    """The three engines and nothing that serves: what commands and migrations need."""
    logs.set_up()
    app = Flask("portal")
    app.config.update(configuration(settings.database, settings.public_database_url or None))
    if settings.is_sqlite:
        settings.var.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    prepare_engines(app)
    app.extensions["portal_settings"] = settings
    flask_migrate.Migrate(app, db, directory=str(site_path("migrations")))
    return app


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


# ── at every commit ──────────────────────────────────────────


@sa.event.listens_for(DoorSession, "before_commit")
def sealed_at_commit(session: Session) -> None:
    """Act, entry and checkpoint are one transaction, whoever commits it."""
    if not session.in_nested_transaction():
        settings: Settings = current_app.extensions["portal_settings"]
        sealing.seal(session, Signer(settings.log_key_dir), settings.log_dir)
        _tell(session)


def _tell(session: Session) -> None:
    """On PostgreSQL tell every process that keeps pages; it is told when, and only when, this commits."""
    if session.info.get(book.WRITTEN) and session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_notify(PUBLIC_NEWS, "")))


@sa.event.listens_for(DoorSession, "after_commit")
def _confirm(session: Session) -> None:
    if not session.in_nested_transaction():
        sealing.confirm(session)


@sa.event.listens_for(DoorSession, "after_rollback")
def _forget(session: Session) -> None:
    if session.in_nested_transaction():
        return  # back to a savepoint: what was written before it is still to be signed
    for what in (book.WRITTEN, sealing.SEALED):
        session.info.pop(what, None)
