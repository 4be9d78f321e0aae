"""What a page shows of the signatures on a revision: who signed, who must still, what is signed, what one can do."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from portal.db import db
from portal.ledger.entry import EntryDraft, reason_hash, statement
from portal.ledger.officer_signatures import HEAD
from portal.people import signing_keys
from portal.people.models import Person, SigningKey
from portal.publications import lines, paper, signing
from portal.publications.models import Revision
from portal.publications.signed import RevisionSignature, SignedSheet
from portal.web.staff.known import is_fresh
from portal.words import Sentence


@dataclass(frozen=True)
class Sheet:
    """A scan of a sheet signed by hand, and why it can not be confirmed by who looks at it."""

    row: SignedSheet
    signers: Sequence[Person]
    reasons: list[Sentence]


@dataclass(frozen=True)
class SigningView:
    """The block of signatures on one revision, for one person."""

    revision: Revision
    open: bool
    required: bool
    given: Sequence[tuple[RevisionSignature, bool]]  # and whether it counts
    missing: list[Sentence]
    line: EntryDraft | None
    key: SigningKey | None
    fresh: bool
    why_not_sign: list[Sentence] = field(default_factory=list)
    sheets: Sequence[Sheet] = ()
    able: Sequence[Person] = ()
    why_not_record: list[Sentence] = field(default_factory=list)
    is_head: bool = False

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what is signed; empty while it is not fixed."""
        return signing.fingerprint(statement(self.line)) if self.line else ""

    @property
    def reason_hash(self) -> str:
        """SHA-256 of the public reason, as the statement holds it."""
        return reason_hash(self.revision.reason) or ""

    @property
    def by_passphrase(self) -> bool:
        """Whether who looks can sign here and now by giving the passphrase."""
        return self.open and not self.why_not_sign and self.key is not None and bool(self.key.wrapped)

    @property
    def elsewhere(self) -> bool:
        """Whether who looks can sign with a token or another program."""
        return self.open and not self.why_not_sign and self.key is not None and not self.key.wrapped

    @property
    def with_approval(self) -> bool:
        """Whether the head signs by the same button as agrees."""
        return self.by_passphrase and self.is_head and self.revision.state == "submitted"

    @property
    def quiet(self) -> bool:
        """Nobody has signed, nobody must, and who looks could not: a line is enough."""
        return not (self.required or self.given or self.key)


def signing_view(revision: Revision, by: Person) -> SigningView | None:
    """The block; None where nothing is to be signed."""
    session = db.session()
    given = signing.on(session, revision)
    is_open = revision.state in signing.OPEN
    if not signing.is_signed(revision) or not (is_open or given):
        return None
    line = lines.proposed(session, revision) if is_open else None
    stands = signing.standing(session, revision) if is_open else set()
    printed = signing.fingerprint(statement(line)) if line else ""
    view = SigningView(
        revision=revision,
        open=is_open,
        required=signing.is_required(session),
        given=[
            (each, not is_open or (each.person_id in stands and signing.counts(each, printed)))
            for each in given
        ],
        missing=signing.still_missing(session, revision) if is_open else [],
        line=line,
        key=signing_keys.key_of(session, by),
        fresh=is_fresh(),
    )
    return _open(view, by) if is_open else view


def _open(view: SigningView, by: Person) -> SigningView:
    session, revision = db.session(), view.revision
    sheets = [
        Sheet(row, [each.person for each, _counts in view.given if each.sheet_id == row.id],
              paper.why_not_confirm(session, revision, row, by))
        for row in paper.sheets_of(session, revision)
    ]  # fmt: skip
    return replace(
        view,
        sheets=sheets,
        why_not_sign=signing.why_not_sign(session, revision, by),
        able=paper.signers(session, revision),
        why_not_record=paper.why_not_record(session, revision, by),
        is_head=signing_keys.role_of(by) == HEAD,
    )
