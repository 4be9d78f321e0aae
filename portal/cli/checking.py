"""What is not as it should be, in sentences."""

import click

from portal import clock, fitness
from portal.cli.group import main
from portal.ledger import book
from portal.ledger.models import LedgerHead
from portal.opening import office
from portal.sessions import session_at
from portal.settings import Settings


@main.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Say in sentences what is not fit for production; exits with 1 when there is anything."""
    settings: Settings = context.obj
    with session_at(office(settings), "reads") as session:
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
    with session_at(office(settings), "reads") as session:
        problems = book.check(session)
        head = session.get(LedgerHead, book.HEAD)
    for problem in problems:
        click.echo(f"· {problem}")
    if not problems:
        click.echo(f"存证完好，共{head.size}条，根哈希 {head.root}。" if head else "存证还没有记录。")
    context.exit(1 if problems else 0)
