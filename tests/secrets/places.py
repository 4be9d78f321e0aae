"""Every place where something internal stands, taken from the models: a field added later is a place too.

A place is a field that no allow-list names (``result.phone``), one column of the rows of a table
(``task.drawn.stratum``), the words under a mark on a released field (``result.items.problem under a mark``), or a
column of words of a table that the public can not read (``steps.note``).
"""

from collections.abc import Iterator

import sqlalchemy as sa

from portal import models as models
from portal.db import PUBLIC_TABLES, Base
from portal.publications.fields import Field
from portal.publications.kinds import KINDS

OF_WORDS = (sa.String, sa.Text, sa.JSON, sa.LargeBinary)

# columns of this name hold no words in any table
STRUCTURAL_NAMES = {
    "state": "one of the states of a life",
    "act": "one of the acts of a life",
    "kind": "one of few kinds",
    "department_code": "a department's code: departments are public",
    "unit": "working or calendar",
    "outcome": "one of the outcomes; of a shown objection it is public",
    "channel": "one of the ways in or out",
    "method": "one of the ways of delivery",
    "result_number": "a public number",
}
# single columns that hold no words, or that the public reads elsewhere by right
STRUCTURAL = {
    "concern_steps.to_code": "a department's code",
    "concerns.holder_code": "a department's code",
    "concerns.category": "one of few categories",
    "concern_terms.came": "one of three ways",
    "grants.role": "one of the roles",
    "nodes.edition": "of the program",
    "nodes.folders": "what folders are known by, at random",
    "nodes.key_print": "a keyed hash",
    "nodes.name": "a machine's",
    "number_series.prefix": "the letters of a series of numbers",
    "objection_files.purpose": "one of few purposes",
    "objection_files.media_type": "one of few types of file",
    "objection_terms.name": "one of the profile's terms",
    "objection_terms.basis_kind": "clause or promise",
    "objection_terms.cause": "one of few causes",
    "objection_terms.met_by": "one of the acts",
    "objections.party": "entity or agent",
    "objections.grounds": "codes out of a list",
    "objections.items": "rows of the result by number",
    "objections.language": "zh or en",
    "objections.identity": "one of few states",
    "outbox.topic": "one of few topics",
    "prepared.commitments": "goes into the ledger",
    "prepared.record_hash": "goes into the ledger",
    "publications.number": "the public number",
    "publications.withheld_ground": "counted in public per ground (W1)",
    "revision_signatures.key": "goes into the ledger",
    "revision_signatures.role": "head or officer",
    "revision_signatures.scheme": "one of the ways of signing",
    "revision_signatures.signature": "goes into the ledger",
    "revisions.withheld_ground": "counted in public per ground (W1)",
    "subscription_asks.mailbox_hash": "a keyed hash",
    "subscription_asks.source_hash": "a keyed hash",
    "subscription_refusals.address_hash": "a keyed hash",
    "subscriptions.address_hash": "a keyed hash",
    "subscriptions.confirm_hash": "a hash",
    "subscriptions.frequency": "daily or weekly",
    "subscriptions.language": "zh or en",
    "subscriptions.seen": "numbers of records",
    "subscriptions.subject_hash": "a hash",
    "subscriptions.what": "one of three",
    "signed_sheets.sha256": "goes into the ledger",
    "signed_sheets.statement": "the hash of what goes into the ledger",
    "signing_keys.key": "goes into the ledger",
    "signing_keys.role": "head or officer",
    "signing_keys.scheme": "one of the ways of signing",
}  # fmt: skip


def columns() -> Iterator[sa.Column]:
    """The columns of words of every table that the public can not read."""
    for name, table in sorted(Base.metadata.tables.items()):
        if name not in PUBLIC_TABLES:
            yield from (column for column in table.columns if isinstance(column.type, OF_WORDS))


def is_structural(column: sa.Column) -> bool:
    return column.name in STRUCTURAL_NAMES or place_of(column) in STRUCTURAL


def place_of(column: sa.Column) -> str:
    return f"{column.table.name}.{column.name}"


def column_places() -> dict[str, sa.Column]:
    """The columns to be planted, by place."""
    return {place_of(column): column for column in columns() if not is_structural(column)}


def internal_fields() -> Iterator[tuple[str, Field]]:
    """The place of each field and column of rows that is not on its kind's allow-list."""
    for kind in KINDS.values():
        for field in kind.fields:
            if not field.public:
                yield f"{kind.name}.{field.name}", field
            yield from (
                (f"{kind.name}.{field.name}.{each.name}", each) for each in field.rows if not each.public
            )


def marked_fields() -> Iterator[tuple[str, Field]]:
    """The place of the words under a mark, for each field and column of rows that the public reads."""
    for kind in KINDS.values():
        for field in kind.public_fields():
            # who answers for a record is never withheld; whether names are shown shows itself
            if field.type not in ("rows", "department") and field.name != "names_shown":
                yield f"{kind.name}.{field.name} under a mark", field
            for each in field.rows:
                if each.public:
                    yield f"{kind.name}.{field.name}.{each.name} under a mark", each


# places that the acts of planting.py make beside those that the models name
OTHERS = (
    "the name in a draft", "the name in a draft sent back", "the name in an approved draft",
    "the name in a record withheld in full", "the words of a record on hold", "the words of a record taken down",
    "the words shown before a correction withheld them", "the words of a correction in review",
    "the note of a mark", "the name of an object whose task does not name it",
    "the words that an erasure took away",
)  # fmt: skip


def places() -> list[str]:
    """All, in an order that a new one does not change for those before it in the alphabet."""
    named = {place for place, _field in (*internal_fields(), *marked_fields())}
    return sorted({*named, *column_places(), *OTHERS})
