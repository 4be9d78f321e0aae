"""Told before disclosure, trade secrets declared beforehand, opinions sought."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("opinions", "declarations", "prior_answers", "prior_tellings", "prior_notices")


def upgrade() -> None:
    create_notices()
    create_tellings()
    create_answers()
    create_declarations()
    create_opinions()
    index_opinions()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def create_notices() -> None:
    op.create_table(
        "prior_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_prior_notices_publication_id_publications"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prior_notices"),
        sa.UniqueConstraint("publication_id", name="uq_prior_notices_publication_id"),
        sa.UniqueConstraint("token_hash", name="uq_prior_notices_token_hash"),
    )
    op.create_index("ix_prior_notices_department_code", "prior_notices", ["department_code"])
    op.create_index("ix_prior_notices_subject", "prior_notices", ["subject"])


def create_tellings() -> None:
    op.create_table(
        "prior_tellings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_prior_tellings_by_id_people"),
        sa.ForeignKeyConstraint(["notice_id"], ["prior_notices.id"], name="fk_prior_tellings_notice_id_prior_notices"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_prior_tellings_revision_id_revisions"),
        sa.PrimaryKeyConstraint("id", name="pk_prior_tellings"),
        sa.UniqueConstraint("notice_id", "nth", name="uq_prior_tellings_notice_id_nth"),
    )


def create_answers() -> None:
    op.create_table(
        "prior_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("says", sa.String(length=10), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name="fk_prior_answers_decided_by_id_people"),
        sa.ForeignKeyConstraint(["notice_id"], ["prior_notices.id"], name="fk_prior_answers_notice_id_prior_notices"),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name="fk_prior_answers_taken_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_prior_answers"),
        sa.UniqueConstraint("notice_id", "key", name="uq_prior_answers_notice_id_key"),
    )


def create_declarations() -> None:
    op.create_table(
        "declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("entity_code", sa.String(length=40), nullable=False),
        sa.Column("entity_name", sa.String(length=200), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["department_code"], ["departments.code"], name="fk_declarations_department_code_departments"),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["people.id"], name="fk_declarations_reviewed_by_id_people"),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name="fk_declarations_taken_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_declarations"),
        sa.UniqueConstraint("key", name="uq_declarations_key"),
    )
    op.create_index("ix_declarations_entity_code", "declarations", ["entity_code"])
    op.create_index("ix_declarations_department_code", "declarations", ["department_code"])


def create_opinions() -> None:
    op.create_table(
        "opinions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("asked_name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name="fk_opinions_asked_by_id_people"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name="fk_opinions_decided_by_id_people"),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name="fk_opinions_publication_id_publications"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_opinions_revision_id_revisions"),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name="fk_opinions_taken_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_opinions"),
        sa.UniqueConstraint("token_hash", name="uq_opinions_token_hash"),
    )


def index_opinions() -> None:
    for column in ("publication_id", "department_code", "subject"):
        op.create_index(f"ix_opinions_{column}", "opinions", [column])
    op.create_index(
        "ix_opinions_open",
        "opinions",
        ["due"],
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
