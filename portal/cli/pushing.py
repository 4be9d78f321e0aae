"""Which systems may push records in."""

import click
from sqlalchemy.orm import Session

from portal.cli.group import main, person_named
from portal.intake import clients
from portal.intake.models import PushClient
from portal.opening import office
from portal.sessions import session_at
from portal.settings import Settings


@main.group("push-clients")
def push_clients() -> None:
    """Register the systems that may push records in, and replace or end their keys."""


@push_clients.command("add")
@click.argument("name")
@click.option("--by", "username", required=True, help="The drafter who answers for what comes in.")
@click.pass_obj
def add(settings: Settings, name: str, username: str) -> None:
    """Register NAME and print its key, which can not be printed again."""
    with session_at(office(settings), "write") as session:
        _client, key = clients.add(session, name, person_named(session, username), by=None)
        session.commit()
    click.echo(key)


@push_clients.command("renew")
@click.argument("name")
@click.pass_obj
def renew(settings: Settings, name: str) -> None:
    """Print a new key for NAME; the one before goes on for seven days."""
    with session_at(office(settings), "write") as session:
        key = clients.renew(session, _named(session, name), by=None)
        session.commit()
    click.echo(key)


@push_clients.command("end")
@click.argument("name")
@click.pass_obj
def end(settings: Settings, name: str) -> None:
    """Let NAME push no more, at once."""
    with session_at(office(settings), "write") as session:
        clients.end(session, _named(session, name), by=None)
        session.commit()
    click.echo(f"“{name}”已停用。")


def _named(session: Session, name: str) -> PushClient:
    client = clients.client_named(session, name)
    if client is None:
        known = "、".join(each.name for each in clients.all_clients(session)) or "还没有"
        raise click.ClickException(f"没有名为“{name}”的推送系统。已登记的：{known}。")
    return client
