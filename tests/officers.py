"""Officers who sign, for tests: keys made by whoever is named, acts carried through with two signatures."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.ledger.officer_signatures import problems_of
from portal.ledger.officers import announced
from portal.people import signing_keys
from portal.people.models import Person
from portal.people.wrapping import Opened
from portal.publications import pipeline, signing, signing_rule
from portal.publications.models import Publication, Revision
from portal.words import Sentence
from tests.cast import Cast

PASSPHRASE = "更正须签名 两个人 2026"  # everybody's; not the password

Keys = Mapping[str, Opened]  # by the name in the cast


def give_key(session: Session, person: Person) -> Opened:
    """Make a key under :data:`PASSPHRASE` and announce it."""
    opened, offered = signing_keys.generated(PASSPHRASE)
    signing_keys.announce(session, person, offered, by=person)
    return opened


def give_keys(session: Session, cast: Cast, *names: str) -> Keys:
    """Keys for some of the cast."""
    keys = {name: give_key(session, getattr(cast, name)) for name in names}
    session.commit()
    return keys


def require_signatures(session: Session, cast: Cast) -> Keys:
    """Keys for a head and an officer of every department, and the rule; gives all keys."""
    keys = give_keys(session, cast, "he", "lin", "fang", "qin", "su", "ning")
    signing_rule.require(session, by=cast.gu)
    session.commit()
    return keys


def sign_both(session: Session, cast: Cast, revision: Revision, keys: Keys) -> None:
    """何知远 signs what he drafted, 林望舒 as the head."""
    signing.sign(session, revision, keys["he"], by=cast.he)
    signing.sign(session, revision, keys["lin"], by=cast.lin)


def carry_through_signed(session: Session, cast: Cast, revision: Revision, keys: Keys) -> Publication:
    """A draft by 何知远, signed by him and the head, into the public."""
    pipeline.submit(session, revision, by=cast.he)
    sign_both(session, cast, revision, keys)
    pipeline.approve(session, revision, by=cast.lin)
    pipeline.carry_out(session, revision, by=cast.lin)
    session.commit()
    return revision.publication


def what_a_reader_finds_wrong(session: Session, entry: Entry) -> list[Sentence]:
    """What whoever has the log alone says about an entry's signatures."""
    return problems_of(read_entry(entry.body), announced(session).before(entry.index))


def signatures_in(entry: Entry) -> list[dict[str, Any]]:
    """The signatures that an entry holds."""
    signatures: list[dict[str, Any]] = read_entry(entry.body)["signatures"]
    return signatures
