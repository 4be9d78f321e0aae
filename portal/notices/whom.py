"""Who is told: the people at hand, and where none of them can be reached, whoever comes next."""

from collections.abc import Iterable
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.people.models import Person
from portal.people.roles import ACTS, roles_of


class Roll:
    """Who holds which role; everybody is read once, for one round of reminders."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _people(self) -> list[tuple[Person, set[str]]]:
        people = self._session.scalars(sa.select(Person).where(Person.active).order_by(Person.id))
        return [(each, {role.name for role in roles_of(each)}) for each in people]

    @cached_property
    def _departments(self) -> dict[str, str]:
        return {each.code: each.label for each in self._session.scalars(sa.select(Department))}

    def holders(self, role: str, department: str | None = None) -> list[Person]:
        """The active people who hold a role, of one department or of all."""
        return [
            person
            for person, held in self._people
            if role in held and department in (None, person.department_code)
        ]

    def who_may(self, act: str, department: str) -> list[Person]:
        """The active people of a department who may do an act."""
        return [
            person
            for person, held in self._people
            if ACTS[act].roles & held and department == person.department_code
        ]

    def department(self, code: str) -> str:
        """A department's full name."""
        return self._departments.get(code, code)


def reached(*levels: Iterable[Person]) -> list[Person]:
    """Those of the first level who can be written to; of the next one, where there are none.

    A reminder that goes nowhere because an office has entered no address would be silence.
    """
    for level in levels:
        found = {each.id: each for each in level if each.email.strip()}
        if found:
            return list(found.values())
    return []
