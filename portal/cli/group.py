"""What every command shares."""

from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.people.models import Person
from portal.settings import from_environment


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


def advance(bar: Any, done: int, size: int) -> None:
    """Move a progress bar to where a job says it is."""
    bar.length = size
    bar.update(done - bar.pos)


def person_named(session: Session, username: str) -> Person:
    """Who acts, by the sign-in name given as ``--by``.

    :raises click.ClickException: when there is nobody of that name.
    """
    person = session.scalar(sa.select(Person).where(Person.username == username))
    if person is None:
        raise click.ClickException(f"没有登录名为“{username}”的人员，请检查 --by。")
    return person
