"""Text messages through a gateway."""

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal.outbox.carriers import SmsCarrier
from tests.carrying import Gateway, deliver, only, post, sms_gateway


def test_a_text_message_goes_through_the_gateway_with_its_token(app: Flask, session: Session) -> None:
    gateway = Gateway()
    post(session, channel="sms", to_address="139 0000-0000")
    session.commit()
    with sms_gateway(gateway) as url:
        gateway.answer = 302
        assert deliver(app, {"sms": SmsCarrier(url, "geheim")}) == 0
        assert only(session).state == "waiting"
        assert "302" in only(session).last_error
        gateway.answer = 200
        with time_machine.travel(only(session).not_before):
            assert deliver(app, {"sms": SmsCarrier(url, "geheim")}) == 1
    assert gateway.texts == [{"phone": "13900000000", "text": "最迟12月14日作出复查结果。"}]
    assert [each["Authorization"] for each in gateway.headers] == ["Bearer geheim"] * 2
    first, second = (each["Idempotency-Key"] for each in gateway.headers)
    assert first == second


def test_a_number_the_gateway_will_never_take_is_given_up_at_once(app: Flask, session: Session) -> None:
    gateway = Gateway()
    gateway.answer = 422
    post(session, channel="sms", to_address="13900000000")
    session.commit()
    with sms_gateway(gateway) as url:
        assert deliver(app, {"sms": SmsCarrier(url)}) == 0
    assert only(session).state == "failed"
