"""The machines that serve one database together."""

import click

from portal import clock
from portal.cli.group import main
from portal.nodes import queries, telling
from portal.opening import office
from portal.sessions import session_at
from portal.settings import Settings


@main.group(invoke_without_command=True)
@click.pass_context
def nodes(context: click.Context) -> None:
    """Each machine, what its index has followed, when it was heard of, and what is wrong; exits with 1 when anything is."""
    if context.invoked_subcommand:
        return
    settings: Settings = context.obj
    with session_at(office(settings), "reads") as session:
        there, line = queries.nodes(session), queries.ledger_line(session)
        for each in there:
            behind = max(0, line - each.index_entry)
            click.echo(
                f"  {each.name}\t检索到第{each.index_entry}条，落后{behind}条\t{each.seen_at:%Y-%m-%d %H:%M:%S}Z\t{each.edition}"
            )
        reasons = queries.why_not_alike(session, clock.now())
    for reason in reasons:
        click.echo(f"· {reason}")
    click.echo(
        f"共{len(there)}个节点，公示存证到第{line}条。" if there else "没有节点报到过：单机运行的不用报到。"
    )
    context.exit(1 if reasons else 0)


@nodes.command()
@click.argument("name")
@click.pass_obj
def forget(settings: Settings, name: str) -> None:
    """The machine NAME is gone for good and its index deleted: erasures wait for it no more."""
    with session_at(office(settings), "write") as session:
        telling.forget(session, name)
        session.commit()
    click.echo(f"不再等待节点“{name}”。它的检索目录如果还在，请删除。")
