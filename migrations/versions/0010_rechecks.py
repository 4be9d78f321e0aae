"""The re-check of an objection: who does it, the decision, its papers and delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "deliveries",
    "dispensations",
    "objection_documents",
    "recheck_officers",
    "rechecks",
    "supplements",
    "decisions",
)


def upgrade() -> None:
    create_deliveries()
    create_dispensations()
    create_objection_documents()
    create_recheck_officers()
    create_rechecks()
    create_supplements()
    create_decisions()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_deliveries_by_id_people"),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_deliveries_objection_id_objections"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_objection_id", "deliveries", ["objection_id"])


def create_dispensations() -> None:
    op.create_table(
        "dispensations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_dispensations_by_id_people"),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_dispensations_objection_id_objections"),
        sa.PrimaryKeyConstraint("id", name="pk_dispensations"),
    )
    op.create_index("ix_dispensations_objection_id", "dispensations", ["objection_id"])


def create_objection_documents() -> None:
    op.create_table(
        "objection_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name="fk_objection_documents_made_by_id_people"),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_objection_documents_objection_id_objections"),
        sa.PrimaryKeyConstraint("id", name="pk_objection_documents"),
        sa.UniqueConstraint("number", name="uq_objection_documents_number"),
    )
    op.create_index("ix_objection_documents_objection_id", "objection_documents", ["objection_id"])


def create_recheck_officers() -> None:
    op.create_table(
        "recheck_officers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relieved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_relieved", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["people.id"], name="fk_recheck_officers_assigned_by_id_people"),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_recheck_officers_objection_id_objections"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_recheck_officers_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_recheck_officers"),
    )
    op.create_index("ix_recheck_officers_objection_id", "recheck_officers", ["objection_id"])
    op.create_index("ix_recheck_officers_person_id", "recheck_officers", ["person_id"])


def create_rechecks() -> None:
    op.create_table(
        "rechecks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("on_the_spot", sa.Boolean(), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_rechecks_objection_id_objections"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name="fk_rechecks_recorded_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_rechecks"),
    )
    op.create_index("ix_rechecks_objection_id", "rechecks", ["objection_id"])


def create_supplements() -> None:
    op.create_table(
        "supplements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name="fk_supplements_asked_by_id_people"),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_supplements_objection_id_objections"),
        sa.PrimaryKeyConstraint("id", name="pk_supplements"),
    )
    op.create_index("ix_supplements_objection_id", "supplements", ["objection_id"])


def create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("legal_opinion", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_back_note", sa.Text(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["people.id"], name="fk_decisions_drafted_by_id_people"),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_decisions_objection_id_objections"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_decisions_revision_id_revisions"),
        sa.ForeignKeyConstraint(["sent_back_by_id"], ["people.id"], name="fk_decisions_sent_back_by_id_people"),
        sa.ForeignKeyConstraint(["signed_by_id"], ["people.id"], name="fk_decisions_signed_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_objection_id", "decisions", ["objection_id"])
