"""What is mailed and sent by SMS carries numbers of records: not what was objected, asked for, found or withheld."""

import sqlalchemy as sa

from portal.outbox.models import Message
from tests.secrets.forms import forms_of, found_in
from tests.secrets.worlds import World


def test_messages_carry_numbers_alone(worlds: tuple[World, World]) -> None:
    for world in worlds:
        planted = {world.secrets[f"outbox.{name}"] for name in ("subject", "body", "about")}
        with world.session() as session:
            for message in session.scalars(sa.select(Message)):
                words = " ".join({message.subject, message.body, message.about} - planted)
                assert not found_in(words.encode(), forms_of(world.secrets.stems())), message.topic
