"""Concerns voiced in joint inspections (诉求, GA47): the concern, its steps, its clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("concerns", "concern_steps", "concern_terms")


def upgrade() -> None:
    create_concerns()
    create_concern_steps()
    create_concern_terms()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_concerns() -> None:
    op.create_table(
        "concerns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("holder_code", sa.String(length=32), nullable=False),
        sa.Column("entity_name", sa.String(length=200), nullable=False),
        sa.Column("entity_code", sa.String(length=40), nullable=False),
        sa.Column("task_no", sa.String(length=60), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("taken_by", sa.String(length=60), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("term_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name="fk_concerns_department_code_departments"
        ),
        sa.ForeignKeyConstraint(
            ["holder_code"], ["departments.code"], name="fk_concerns_holder_code_departments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_concerns"),
    )
    for column in ("department_code", "inspected_on"):
        op.create_index(f"ix_concerns_{column}", "concerns", [column])
    op.create_index("ix_concerns_queue", "concerns", ["state", "holder_code"])


def create_concern_steps() -> None:
    op.create_table(
        "concern_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("to_code", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_concern_steps_by_id_people"),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name="fk_concern_steps_concern_id_concerns"),
        sa.PrimaryKeyConstraint("id", name="pk_concern_steps"),
    )
    op.create_index("ix_concern_steps_concern_id", "concern_steps", ["concern_id"])


def create_concern_terms() -> None:
    op.create_table(
        "concern_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("came", sa.String(length=12), nullable=False),
        sa.Column("brought_back_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_step_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name="fk_concern_terms_concern_id_concerns"),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name="fk_concern_terms_department_code_departments"
        ),
        sa.ForeignKeyConstraint(
            ["ended_step_id"], ["concern_steps.id"], name="fk_concern_terms_ended_step_id_concern_steps"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_concern_terms"),
    )
    for column in ("concern_id", "department_code", "due_on"):
        op.create_index(f"ix_concern_terms_{column}", "concern_terms", [column])
