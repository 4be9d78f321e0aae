"""Who carries a message out of the house: a mail server, an SMS gateway, or nobody yet."""

import hashlib
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import requests

from portal import clock
from portal.errors import Refused
from portal.outbox.addresses import email_problems, phone_problems
from portal.outbox.models import Message
from portal.settings import Settings
from portal.words import say

Outcome = Literal["sent", "kept"]

TIME_OUT = 15.0  # seconds for each step of a conversation
AS_GIVEN = SMTP.clone(refold_source="none")
NEVER = (400, 422)  # a gateway that read the request and will not take it the next time either


class Undeliverable(Exception):
    """This message will never get through as it is: trying again is no use."""


class Carrier(Protocol):
    """Carries the messages of one channel."""

    def send(self, message: Message) -> Outcome:
        """Hand a message on.

        :raises Undeliverable: when it can not be delivered at all; any other error is tried again.
        """


class KeptCarrier:
    """Keeps messages where staff can read them: the way of an office that has set up no other."""

    def send(self, message: Message) -> Outcome:
        return "kept"


@dataclass(frozen=True)
class SmtpCarrier:
    """Mail through one server, with a conversation of its own for each message."""

    host: str
    port: int
    sender: str  # 示例市… <noreply@example.gov.cn>
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    starttls: bool = False

    @property
    def shows_password(self) -> bool:
        """Whether the password crosses the network in the clear."""
        return bool(self.password) and not (self.implicit_tls or self.starttls)

    def send(self, message: Message) -> Outcome:
        mail = letter(message, self.sender)
        with closing(self._connected()) as server:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            try:
                server.send_message(mail, parseaddr(self.sender)[1], [message.to_address])
            except smtplib.SMTPRecipientsRefused as refused:
                raise _refusal(refused) from refused
            with suppress(OSError):  # it has the mail: a rude goodbye must not send it again
                server.quit()
        return "sent"

    def _connected(self) -> smtplib.SMTP:
        if self.implicit_tls:
            trusted = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIME_OUT, context=trusted)
        return smtplib.SMTP(self.host, self.port, timeout=TIME_OUT)


def _refusal(refused: smtplib.SMTPRecipientsRefused) -> Exception:
    """5xx is for good, 4xx (full, greylisted) for now."""
    ((code, answer),) = refused.recipients.values()
    said = f"{code} {answer.decode(errors='replace')}"
    return Undeliverable(said) if code >= 500 else ConnectionError(said)


def letter(message: Message, sender: str) -> EmailMessage:
    """The message as mail.

    :raises Undeliverable: when the address or a header would smuggle in another header or recipient.
    """
    name, address = parseaddr(sender)
    if email_problems(message.to_address):
        raise Undeliverable("this is no mail address")
    mail = EmailMessage(policy=AS_GIVEN)
    try:
        mail["From"] = Address(name, addr_spec=address)
        mail["To"] = Address(message.to_name, addr_spec=message.to_address)
        mail["Subject"] = message.subject
    except (ValueError, MessageError) as error:
        raise Undeliverable(f"a header was refused: {error}") from error
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{digest(message.key)}@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in answer
    if message.leave_address:  # as it is: folded, a long address would be encoded and no longer be one
        mail.set_raw("List-Unsubscribe", f"<{message.leave_address}>")
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(message.body, cte="base64")  # 8-bit lines do not survive every server
    return mail


def digest(key: str) -> str:
    """A message's own name for the outside, the same at every try, so that a duplicate can be recognised.

    >>> digest("objection_received:YY-2026-0001")
    '761b7192751e88f90eb3b4a248cc1c2f'
    """
    return hashlib.sha256(key.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class SmsCarrier:
    """Text messages through a gateway that takes ``{"phone": …, "text": …}`` by HTTP POST.

    The gateway is told a name of the message in ``Idempotency-Key``. Its answer is read for its status alone.
    """

    url: str
    token: str = field(default="", repr=False)

    def send(self, message: Message) -> Outcome:
        if phone_problems(message.to_address):
            raise Undeliverable("this is no phone number")
        phone = message.to_address.replace(" ", "").replace("-", "")
        answer = requests.post(
            self.url,
            json={"phone": phone, "text": message.body},
            headers={"Idempotency-Key": digest(message.key)},
            auth=self._with_token,
            timeout=TIME_OUT,
            allow_redirects=False,  # the token is for this address alone
            stream=True,
        )
        answer.close()
        if answer.status_code in NEVER:
            raise Undeliverable(f"the gateway answered {answer.status_code}")
        if not 200 <= answer.status_code < 300:
            raise ConnectionError(f"the gateway answered {answer.status_code}")
        return "sent"

    def _with_token(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # as auth, not as a header: requests would put a password of ~/.netrc in its place
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def carriers(settings: Settings) -> Mapping[str, Carrier]:
    """Who carries each channel, by the settings; what is not set up is kept.

    :raises Refused: when PORTAL_MAIL_URL or PORTAL_MAIL_FROM can not be read, saying what to write.
    """
    return {
        "email": smtp_carrier(settings.mail_url, settings.mail_from) if settings.mail_url else KeptCarrier(),
        "sms": SmsCarrier(settings.sms_url, settings.sms_token) if settings.sms_url else KeptCarrier(),
    }


def smtp_carrier(url: str, sender: str) -> SmtpCarrier:
    """A carrier from ``smtp://user:password@host:587?starttls=1`` or ``smtps://host``.

    >>> smtp_carrier("smtp://mail.example.com", "公示平台 <noreply@example.com>").port
    25
    >>> smtp_carrier("smtps://a%40b:geheim@mail.example.com", "noreply@example.com").user
    'a@b'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("smtp", "smtps"):
        raise Refused(
            say("PORTAL_MAIL_URL 看不懂，请写成 smtp://用户:密码@主机:587?starttls=1 或者 smtps://… 的样子。")
        )
    if email_problems(parseaddr(sender)[1]):
        raise Refused(say("PORTAL_MAIL_FROM 须写明发件邮箱，例如 noreply@example.gov.cn。"))
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] not in ("", "0")
    implicit = parts.scheme == "smtps"
    return SmtpCarrier(
        host=host,
        port=port or (465 if implicit else 587 if starttls else 25),
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        implicit_tls=implicit,
        starttls=starttls and not implicit,
    )
