"""The State Council's holiday notices, and who loaded them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("calendar_notices", "calendar_days", "calendar_loads")
NOTICE = "calendar_notices"


def upgrade() -> None:
    create_notices()
    create_days()
    create_loads()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_notices() -> None:
    op.create_table(
        "calendar_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_notices"),
    )
    op.create_index("ix_calendar_notices_year", "calendar_notices", ["year"])


def create_days() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], [f"{NOTICE}.id"], name=f"fk_calendar_days_notice_id_{NOTICE}"),
        sa.PrimaryKeyConstraint("notice_id", "day", name="pk_calendar_days"),
    )


def create_loads() -> None:
    op.create_table(
        "calendar_loads",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], [f"{NOTICE}.id"], name=f"fk_calendar_loads_notice_id_{NOTICE}"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_calendar_loads_by_id_people"),
        sa.PrimaryKeyConstraint("notice_id", name="pk_calendar_loads"),
    )
