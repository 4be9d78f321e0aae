"""What a reminder is, and what every kind of it is worked out from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.deadlines.calendar import Calendar
from portal.notices.stages import Stage, ahead_of, stages
from portal.notices.whom import Roll
from portal.outbox.models import Channel
from portal.people.models import Person
from portal.publications.dating import Terms
from portal.words import Sentence, say


@dataclass(frozen=True)
class Reminder:
    """One message to one person; the fields are those of ``portal.outbox.posting.post``."""

    key: str
    topic: str
    channel: Channel
    to_address: str
    to_name: str
    subject: Sentence
    body: Sentence
    about: str
    department_code: str


@dataclass(frozen=True)
class Round:
    """One look at everything, on one day."""

    session: Session
    terms: Terms
    on: date
    roll: Roll

    @property
    def calendar(self) -> Calendar:
        return self.terms.calendar

    def stages(self, due: date, days: int | None) -> list[Stage]:
        """What is true today of a last day.

        :param days: of its term.
        """
        ahead = ahead_of(days, self.terms.profile.reminder_days)
        return list(stages(due, self.on, self.calendar, ahead=ahead))


@dataclass(frozen=True)
class About:
    """What a reminder is about: a name that may be said to anyone, the page of the staff's room, whose it is."""

    name: str
    page: str
    department_code: str

    def tell(
        self, people: Iterable[Person], event: str, occasion: object, subject: Sentence, body: Sentence
    ) -> Iterator[Reminder]:
        """The same to each of some people, by mail.

        :param event: what is said; a fixed word, the topic of the message.
        :param occasion: tells one time that it is true from another, such as the id of a term's row.
        """
        for person in people:
            key = f"{self.name}/{event}/{occasion}/{person.id}"
            yield Reminder(
                key, event, "email", person.email, person.name, subject, body, self.page, self.department_code
            )


def words(stage: Stage, name: Sentence | str, due: Sentence, what: Sentence, department: str) -> tuple[Sentence, Sentence]:  # fmt: skip
    """Subject and body of a reminder of a last day.

    :param what: what is due, such as 作出复查结果.
    """
    said = {"name": name, "due": due, "what": what}
    if stage is Stage.AHEAD:
        return say("期限临近：{name}", name=name), say("{name}最迟{due}{what}，请按期办理。", **said)
    if stage is Stage.LAST_DAY:
        return say("今天到期：{name}", name=name), say("{name}最迟{due}{what}，今天是最后一天，请当天办理。", **said)  # fmt: skip
    if stage is Stage.OVERDUE:
        return say("已经超期：{name}", name=name), say("{name}应当最迟{due}{what}，现已超期。请经办人员立即办理，请主要负责人督促。", **said)  # fmt: skip
    return (
        say("超期未办，请督促：{name}", name=name),
        say("{department}的{name}应当最迟{due}{what}，超期已满3个工作日。请联席会议办公室督促。", department=department, **said),
    )  # fmt: skip
