"""The demo's signing keys: each department's head and its first drafter have one, and signatures are required."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.demo.office import Staff
from portal.demo.reading import facts
from portal.people import signing_keys
from portal.people.wrapping import Opened
from portal.publications import signing, signing_rule
from portal.publications.models import Revision

PASSPHRASE = "demo-signing-never-in-production"
ROLES = ("head", "drafter")

Keys = Mapping[str, Opened]  # opened while the demo is built, by username: a passphrase is slow on purpose


def give_keys(session: Session, staff: Staff) -> Keys:
    """A key for each head and each department's first drafter; from then on signatures are required."""
    keys = {}
    headed = [row["department"] for row in facts("people") if "head" in row["roles"].split()]
    for department in headed:
        for role in ROLES:
            person = staff.person(department, role)
            opened, offered = signing_keys.generated(PASSPHRASE)
            signing_keys.announce(session, person, offered, by=person)
            keys[person.username] = opened
    signing_rule.require(session, by=staff.named("gunanxing"))
    return keys


def sign(session: Session, revision: Revision, staff: Staff, keys: Keys, role: str) -> None:
    """Sign a revision that is signed, by who has a role in its department."""
    if signing.is_signed(revision):
        by = staff.person(revision.department_code, role)
        signing.sign(session, revision, keys[by.username], by=by)
