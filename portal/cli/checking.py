"""What is not as it should be, in sentences."""

import click

from portal import clock, fitness
from portal.cli.group import main
from portal.opening import office
from portal.publications import tallying
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


@main.command()
@click.pass_obj
def recount(settings: Settings) -> None:
    """Count anew what is public, where ``check`` says that the counts are wrong."""
    with session_at(office(settings), "write") as session:
        rows = tallying.recount(session)
        session.commit()
    click.echo(
        f"已按公示中的记录重新计数，共{rows}行。正在运行的服务要重启，或者等到下一次公示，才改用新的数。"
    )
