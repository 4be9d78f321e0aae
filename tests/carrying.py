"""A real mail server and a real SMS gateway for tests, on this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Takes mail and keeps it; refuses whom it is told to refuse."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.refusals: dict[str, str] = {}  # address: the server's answer

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each.content, policy=default) for each in self.envelopes]  # type: ignore[misc]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
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

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.headers.append(dict(self.headers))
            if gateway.answer == 200:
                gateway.texts.append(json.loads(body))
            self.send_response(gateway.answer)
            self.send_header("Location", self.path + "elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sms"
    finally:
        server.shutdown()
        server.server_close()
