"""A real mail server and a real SMS gateway for tests, on this machine; and messages for them to carry."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from typing import Any

import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Conversation
from flask import Flask
from sqlalchemy.orm import Session

from portal.outbox import delivering, posting
from portal.outbox.carriers import Carrier
from portal.outbox.models import Message
from portal.sessions import session_at
from tests.serving import Quiet, strangers

SENDER = "示例市公示平台 <noreply@example.com>"


class Sink:
    """Takes mail and keeps it; refuses whom it is told to refuse."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.refusals: dict[str, str] = {}  # address: the server's answer

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each.content, policy=default) for each in self.envelopes]  # type: ignore[misc]

    async def handle_RCPT(
        self, server: SMTP, session: Conversation, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Conversation, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"


@contextmanager
def mail_server(sink: Sink, **options: Any) -> Iterator[int]:
    """A mail server; its port."""
    controller = OnFreePort(sink, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class OnFreePort(Controller):
    """Takes the port that the system gives, which the controller itself would never learn."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Gateway:
    """Takes text messages and keeps them; ``answer`` is the status it gives."""

    def __init__(self) -> None:
        self.answer = 200
        self.texts: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []


@contextmanager
def sms_gateway(gateway: Gateway) -> Iterator[str]:
    """An SMS gateway; its address."""

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.body
            gateway.headers.append(dict(self.headers))
            if gateway.answer == 200:
                gateway.texts.append(json.loads(body))
            self.answer(gateway.answer, Location=self.path + "elsewhere")

    with strangers(Handler) as address:
        yield f"{address}/sms"


def post(session: Session, key: str = "received:1", **more: Any) -> Message | None:
    given: dict[str, Any] = {
        "topic": "objection_received",
        "channel": "email",
        "to_address": "wang@example.com",
        "to_name": "王掌柜",
        "subject": "异议申请已收到",
        "body": "最迟12月14日作出复查结果。",
        "department_code": "scjg",
    }
    return posting.post(session, key=key, **(given | more))


def deliver(app: Flask, through: Mapping[str, Carrier]) -> int:
    return delivering.deliver_due(partial(session_at, app, "write"), through)


def only(session: Session) -> Message:
    """The one message as it is now; the session lets go of the database again."""
    session.rollback()
    message = session.scalars(sa.select(Message)).one()
    session.expunge(message)
    session.rollback()
    return message
