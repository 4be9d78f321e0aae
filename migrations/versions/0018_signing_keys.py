"""Signatures of officers: their keys, what they signed, sheets signed by hand, and since when it is required."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = ("signing_keys", "signed_sheets", "revision_signatures", "signature_rules")


def upgrade() -> None:
    create_signing_keys()
    create_signed_sheets()
    create_revision_signatures()
    create_signature_rules()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_signing_keys() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_signing_keys_person_id_people"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name="fk_signing_keys_ended_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_signing_keys"),
        sa.UniqueConstraint("key", name="uq_signing_keys_key"),
    )
    op.create_index("ix_signing_keys_person_id", "signing_keys", ["person_id"])


def create_signed_sheets() -> None:
    op.create_table(
        "signed_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("statement", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(length=60), nullable=False),
        sa.Column("viewable", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_signed_sheets_revision_id_revisions"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_signed_sheets_by_id_people"),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["people.id"], name="fk_signed_sheets_confirmed_by_id_people"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signed_sheets"),
    )
    op.create_index("ix_signed_sheets_revision_id", "signed_sheets", ["revision_id"])


def create_revision_signatures() -> None:
    op.create_table(
        "revision_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("signature", sa.String(length=400), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name="fk_revision_signatures_revision_id_revisions"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_revision_signatures_person_id_people"),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["signed_sheets.id"], name="fk_revision_signatures_sheet_id_signed_sheets"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revision_signatures"),
        sa.UniqueConstraint("revision_id", "person_id", name="uq_revision_signatures_revision_id_person_id"),
    )
    op.create_index("ix_revision_signatures_person_id", "revision_signatures", ["person_id"])
    op.create_index("ix_revision_signatures_sheet_id", "revision_signatures", ["sheet_id"])


def create_signature_rules() -> None:
    op.create_table(
        "signature_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_signature_rules_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_signature_rules"),
        sa.UniqueConstraint("entry_index", name="uq_signature_rules_entry_index"),
    )
