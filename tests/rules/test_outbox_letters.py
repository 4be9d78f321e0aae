"""How a message becomes mail, and how settings become carriers: pure."""

from email import message_from_bytes
from email.policy import default

import pytest

from portal.errors import Refused
from portal.outbox.addresses import email_problems, phone_problems
from portal.outbox.carriers import KeptCarrier, SmsCarrier, SmtpCarrier, Undeliverable, carriers, letter
from portal.outbox.carriers import smtp_carrier as smtp
from portal.outbox.models import Message
from portal.settings import Settings

SENDER = "示例市公示平台 <noreply@example.com>"


def message(**more: str) -> Message:
    given = {
        "key": "objection_received:YY-2026-0001",
        "channel": "email",
        "to_address": "wang@example.com",
        "to_name": "王掌柜",
        "subject": "异议申请已收到：YY-2026-0001",
        "body": "您的异议申请已收到。\n最迟12月14日作出复查结果。",
    }
    return Message(**(given | more))


def read(mail: bytes) -> dict[str, str]:
    return {name: str(value) for name, value in message_from_bytes(mail, policy=default).items()}


def test_chinese_subject_names_and_words_arrive_as_they_were_written() -> None:
    mail = letter(message(), SENDER).as_bytes()
    assert mail.isascii()
    headers = read(mail)
    assert headers["Subject"] == "异议申请已收到：YY-2026-0001"
    assert headers["To"] == "王掌柜 <wang@example.com>"
    assert headers["From"] == SENDER
    body = message_from_bytes(mail, policy=default).get_content()  # type: ignore[attr-defined]
    assert body.replace("\r\n", "\n") == "您的异议申请已收到。\n最迟12月14日作出复查结果。\n"


def test_a_duplicate_is_recognised_by_its_message_id() -> None:
    first, again, other = (letter(message(key=key), SENDER)["Message-ID"] for key in ("a", "a", "b"))
    assert first == again != other
    assert first.endswith("@example.com>")


@pytest.mark.parametrize(
    "more",
    [
        {"to_address": "wang@example.com\r\nBcc: everybody@example.com"},
        {"to_address": "wang@example.com, everybody@example.com"},
        {"to_address": "wang@example.com\n"},
        {"to_address": "<wang@example.com>"},
        {"to_name": "王\r\nBcc: everybody@example.com"},
        {"subject": "收到\r\nBcc: everybody@example.com"},
        {"subject": "收到\n\n<script>"},
    ],
)
def test_a_header_is_not_smuggled_in(more: dict[str, str]) -> None:
    with pytest.raises(Undeliverable):
        letter(message(**more), SENDER)


@pytest.mark.parametrize("name", ['王"五', "a@b.c, x", "<b>", "", "王" * 300])
def test_an_odd_name_changes_no_recipient(name: str) -> None:
    mail = message_from_bytes(letter(message(to_name=name), SENDER).as_bytes(), policy=default)
    (to,) = mail["To"].addresses
    assert to.addr_spec == "wang@example.com"


@pytest.mark.parametrize(
    "address", ["", "wang", "@example.com", "wang@", "wang@example", "w ang@example.com", "王@example.com",
                "a@example.com\n", "a@b@example.com", "a" * 250 + "@example.com"]
)  # fmt: skip
def test_what_is_no_mail_address_is_said_to_be_none(address: str) -> None:
    (reason,) = email_problems(address)
    assert "name@example.com" in reason


@pytest.mark.parametrize(
    "number", ["", "12", "一三九", "13900000000\n", "1390000000a", "１３９００００００００"]
)
def test_what_is_no_phone_is_said_to_be_none(number: str) -> None:
    assert phone_problems(number)
    assert not phone_problems("+86 139 0000 0000")


def test_what_is_not_set_up_is_kept() -> None:
    assert {type(each) for each in carriers(Settings()).values()} == {KeptCarrier}


def test_the_settings_say_who_carries() -> None:
    set_up = carriers(
        Settings(
            mail_url="smtp://portal:a%2Fb@mail.example.com?starttls=1", mail_from=SENDER, sms_url="https://s"
        )
    )
    mail = set_up["email"]
    assert isinstance(mail, SmtpCarrier)
    assert (mail.host, mail.port, mail.user, mail.password) == ("mail.example.com", 587, "portal", "a/b")
    assert mail.starttls
    assert not mail.shows_password
    assert "a/b" not in repr(mail)
    assert isinstance(set_up["sms"], SmsCarrier)


def test_each_way_of_tls_has_its_port() -> None:
    assert smtp("smtps://mail.example.com", SENDER).port == 465
    assert smtp("smtp://mail.example.com", SENDER).port == 25
    assert smtp("smtp://mail.example.com:2525?starttls=1", SENDER).port == 2525
    assert smtp("smtp://a:b@mail.example.com", SENDER).shows_password
    assert not smtp("smtps://a:b@mail.example.com", SENDER).shows_password


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://h:port", "smtp://[x"]
)
def test_an_address_that_can_not_be_read_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Refused, match="PORTAL_MAIL_URL"):
        smtp(url, SENDER)


@pytest.mark.parametrize("sender", ["", "示例市公示平台", "a@b"])
def test_nobody_sends_without_an_address_of_their_own(sender: str) -> None:
    with pytest.raises(Refused, match="PORTAL_MAIL_FROM"):
        smtp("smtp://mail.example.com", sender)
