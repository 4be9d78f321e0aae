"""The demo's departments and the people who work there. All are invented."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.seed import load_codes, load_departments, load_regions
from portal.demo.reading import facts
from portal.people.acts import add_person, give_role
from portal.people.models import Person
from portal.people.roles import ROLES

PASSWORD = "demo-only-never-in-production"


@dataclass(frozen=True)
class SignIn:
    """Somebody a visitor of the demo can be."""

    username: str
    name: str
    department: str
    roles: str


def furnish(session: Session) -> None:
    """Codes, departments, people with their roles."""
    load_codes(session)
    load_regions(session, facts("regions"))
    load_departments(session, facts("departments"))
    for row in facts("people"):
        person = add_person(
            session, row["username"], row["name"], row["department"], PASSWORD, by=None,
            email=row["email"], phone=row["phone"],
        )  # fmt: skip
        for role in row["roles"].split():
            give_role(session, person, role, by=None)


def sign_ins() -> Iterator[SignIn]:
    """Everybody, in the order of the file, for the one who serves the demo."""
    labels = {row["code"]: row["short"] for row in facts("departments")}
    for row in facts("people"):
        roles = "、".join(ROLES[role].label for role in row["roles"].split())
        yield SignIn(row["username"], row["name"], labels[row["department"]], roles)


class Staff:
    """Finds who does what in a department."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._usernames: dict[tuple[str, str], str] = {}
        for row in facts("people"):
            for role in row["roles"].split():
                self._usernames.setdefault((row["department"], role), row["username"])

    def person(self, department: str, role: str) -> Person:
        """The first person of the file with a role in a department; a row of the session as it is now."""
        return self.named(self._usernames[department, role])

    def named(self, username: str) -> Person:
        """Somebody by the name they sign in with."""
        return self._session.scalars(sa.select(Person).where(Person.username == username)).one()
