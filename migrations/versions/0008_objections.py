"""Objections as they are filed: their steps, terms and files; what is public of them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    "contests",
    "guesses",
    "objections",
    "objection_drafts",
    "objection_steps",
    "objection_terms",
    "objection_files",
    "notice_codes",
)


OBJECTION_INDEXES = {
    "publication_id": ["publication_id"],
    "queue": ["department_code", "state"],
    "result_number": ["result_number"],
}


def upgrade() -> None:
    create_contests()
    create_guesses()
    create_objections()
    create_objection_drafts()
    create_objection_steps()
    create_objection_terms()
    create_objection_files()
    create_notice_codes()
    with op.batch_alter_table("number_series") as series:  # a 文号 is a series too
        series.alter_column("prefix", existing_type=sa.String(length=8), type_=sa.String(length=40))


def downgrade() -> None:
    with op.batch_alter_table("number_series") as series:
        series.alter_column("prefix", existing_type=sa.String(length=40), type_=sa.String(length=8))
    for table in reversed(TABLES):
        op.drop_table(table)


def create_contests() -> None:
    op.create_table(
        "contests",
        sa.Column("entry_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_index", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("entry_index", name="pk_contests"),
    )
    op.create_index("ix_contests_number", "contests", ["number"])


def create_guesses() -> None:
    op.create_table(
        "guesses",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_guesses"),
    )


def create_objections() -> None:
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("result_number", sa.String(length=32), nullable=False),
        sa.Column("result_version", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        *who_objects(),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("read_back", sa.Boolean(), nullable=False),
        sa.Column("shows_mark", sa.Boolean(), nullable=False),
        sa.Column("electronic", sa.Boolean(), nullable=False),
        sa.Column("identity", sa.String(length=12), nullable=False),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("ended_index", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["department_code"], ["departments.code"], name="fk_objections_department_code_departments"),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name="fk_objections_publication_id_publications"),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name="fk_objections_taken_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_objections"),
        sa.UniqueConstraint("key_hash", name="uq_objections_key_hash"),
        sa.UniqueConstraint("receipt", name="uq_objections_receipt"),
    )
    for name, columns in OBJECTION_INDEXES.items():
        op.create_index(f"ix_objections_{name}", "objections", columns)


def who_objects() -> list[sa.Column[str]]:
    return [
        sa.Column("party", sa.String(length=10), nullable=False),
        sa.Column("entity_name", sa.String(length=200), nullable=False),
        sa.Column("entity_code", sa.String(length=40), nullable=False),
        sa.Column("objector_name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("postal_address", sa.String(length=300), nullable=False),
    ]


def create_objection_drafts() -> None:
    op.create_table(
        "objection_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("result_number", sa.String(length=32), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_objection_drafts"),
        sa.UniqueConstraint("key_hash", name="uq_objection_drafts_key_hash"),
    )
    op.create_index("ix_objection_drafts_touched_at", "objection_drafts", ["touched_at"])


def create_objection_steps() -> None:
    op.create_table(
        "objection_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_objection_steps_by_id_people"),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_objection_steps_objection_id_objections"),
        sa.PrimaryKeyConstraint("id", name="pk_objection_steps"),
    )
    op.create_index("ix_objection_steps_objection_id", "objection_steps", ["objection_id"])


def create_objection_terms() -> None:
    op.create_table(
        "objection_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("basis_kind", sa.String(length=10), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_by", sa.String(length=30), nullable=False),
        sa.Column("void_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_objection_terms_objection_id_objections"),
        sa.PrimaryKeyConstraint("id", name="pk_objection_terms"),
    )
    op.create_index("ix_objection_terms_due", "objection_terms", ["name", "due"])
    op.create_index("ix_objection_terms_objection_id", "objection_terms", ["objection_id"])


def create_objection_files() -> None:
    op.create_table(
        "objection_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objection_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored", sa.String(length=200), nullable=False),
        sa.Column("viewable", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_objection_files_by_id_people"),
        sa.ForeignKeyConstraint(["draft_id"], ["objection_drafts.id"], name="fk_objection_files_draft_id_objection_drafts"),
        sa.ForeignKeyConstraint(["objection_id"], ["objections.id"], name="fk_objection_files_objection_id_objections"),
        sa.PrimaryKeyConstraint("id", name="pk_objection_files"),
    )
    op.create_index("ix_objection_files_draft_id", "objection_files", ["draft_id"])
    op.create_index("ix_objection_files_objection_id", "objection_files", ["objection_id"])


def create_notice_codes() -> None:
    op.create_table(
        "notice_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("task_no", sa.String(length=60), nullable=False),
        sa.Column("entity_code", sa.String(length=40), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_code"], ["departments.code"], name="fk_notice_codes_department_code_departments"),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name="fk_notice_codes_issued_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_notice_codes"),
    )
    op.create_index("ix_notice_codes_entity", "notice_codes", ["task_no", "entity_code"])
