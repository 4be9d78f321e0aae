"""What the worker did every working morning of the demo's past: looked for what is due, and told people."""

from contextlib import nullcontext
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.demo.days import moment
from portal.demo.reading import facts
from portal.demo.world import World
from portal.notices.reminders import send_reminders
from portal.outbox.carriers import KeptCarrier
from portal.outbox.delivering import deliver_due


def plan_mornings(world: World) -> None:
    """Reminders from the day of the oldest objection or concern on; today's are the running worker's."""
    oldest = max(int(row["ago"]) for name in ("objections", "concerns") for row in facts(name))
    for ago in range(oldest + 1):
        world.timeline.add(moment(world.days.ago(ago), 8, 30), lambda: _remind(world))


def _remind(world: World) -> None:
    if send_reminders(world.session, world.terms):
        world.session.commit()
        keep_messages(world.session)


def plan_keeping(world: World, told_at: datetime) -> None:
    """What an act told somebody is kept within the minute, as the worker would."""
    world.timeline.add(told_at + timedelta(seconds=20), lambda: keep_messages(world.session))


def keep_messages(session: Session) -> None:
    """What was to be told is kept at once, whatever the settings say: nobody of the demo is written to."""
    kept = {"email": KeptCarrier(), "sms": KeptCarrier()}
    while deliver_due(lambda: nullcontext(session), kept):
        pass
