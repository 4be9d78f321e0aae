"""The demo's notices before disclosure: of the newest batch some firms were told, and three have answered.

The promise counts for what is agreed to from that day on; what was published before was published without it.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.days import moment
from portal.demo.mornings import plan_keeping
from portal.demo.world import World
from portal.prior_notice import answering, telling
from portal.prior_notice.answering import Typed
from portal.prior_notice.keys import Key, hash_of
from portal.prior_notice.models import Opinion
from portal.publications.prior import PriorNotice
from portal.settings import Settings


@dataclass(frozen=True)
class Said:
    """What the nth firm that was told answered, or nothing."""

    says: str = ""
    path: str = ""
    text: str = ""
    why: str = ""
    phone: str = ""


ANSWERS: Sequence[Said] = (
    Said(
        "secret",
        "items/0/disposition",
        "这一段和我店的供货安排有关，同行看了能猜出我们从哪里进货，请不要公开。",
        "与供货方签有保密协议，协议原件可以送到窗口核对。",
        "15400003001",
    ),
    Said(),
    Said("none"),
)


def plan_telling(world: World, department: str) -> None:
    """Those whose result found a problem are told on the day of the agreement; some answer on the next."""

    def tell() -> None:
        by = world.staff.person(department, "drafter")
        for notice in owed(world.session)[:-1][: len(ANSWERS)]:  # the last one waits to be told
            token = token_of(world.settings, notice.id)
            telling.tell(
                world.session,
                notice,
                by=by,
                channel="sms",
                terms=world.terms,
                key=Key(token),
                link=lambda token: address_of(world.settings, token),
            )

    def answer() -> None:
        for notice, said in zip(owed(world.session)[:-1], ANSWERS, strict=False):
            if said.says:
                typed = Typed(f"demo-{notice.id}", said.says, said.path, said.text, said.why, said.phone)
                answering.answer(world.session, notice, typed, parts=[said.path])

    told, answered = moment(world.days.ago(1), 16, 20), moment(world.days.ago(0), 10, 5)
    world.timeline.add(told, tell)
    world.timeline.add(answered, answer)
    plan_keeping(world, told)
    plan_keeping(world, answered)


def owed(session: Session) -> list[PriorNotice]:
    """Every notice of the demo, in the order in which they came to be owed."""
    return list(session.scalars(sa.select(PriorNotice).order_by(PriorNotice.id)))


def token_of(settings: Settings, notice_id: int) -> str:
    """The same link at every start, for who serves the demo; nobody else's key makes it."""
    return hmac.new(
        settings.secret_key.encode(), f"demo-prior-{notice_id}".encode(), hashlib.sha256
    ).hexdigest()[:43]


def address_of(settings: Settings, token: str, kind: str = "prior") -> str:
    """The full address of what a token opens."""
    return f"{settings.base_url.rstrip('/')}/objections/{kind}/{token}"


def told(session: Session, settings: Settings) -> Sequence[str]:
    """The links that still open something; none where the secret key is another one now."""
    found = []
    for notice in owed(session):
        token = token_of(settings, notice.id)
        if notice.token_hash == hash_of(token):
            found.append(address_of(settings, token))
    asked = session.scalar(sa.select(Opinion).where(Opinion.token_hash == hash_of(token_of(settings, 0))))
    return [*found, address_of(settings, token_of(settings, 0), "opinions")] if asked else found
