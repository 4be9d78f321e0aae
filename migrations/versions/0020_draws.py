"""Our own draws: chains of codes, draws, their steps and changes, and what is public of them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = ("draw_chains", "draws", "draw_steps", "draw_changes", "draw_faces")


def upgrade() -> None:
    create_chains()
    create_draws()
    create_steps()
    create_changes()
    create_faces()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def to(table: str, column: str, there: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{there}.{key}"], name=f"fk_{table}_{column}_{there}")


def create_chains() -> None:
    op.create_table(
        "draw_chains",
        number("id"),
        text("department_code", 32),
        text("task_no", 60),
        text("secret", 64),
        text("commitment", 64),
        to("draw_chains", "department_code", "departments", "code"),
        sa.PrimaryKeyConstraint("id", name="pk_draw_chains"),
        sa.UniqueConstraint("department_code", "task_no", name="uq_draw_chains_department_code_task_no"),
    )


def create_draws() -> None:
    op.create_table(
        "draws",
        number("id"),
        number("chain_id"),
        number("attempt"),
        text("department_code", 32),
        text("task_no", 60),
        sa.Column("task", sa.JSON(), nullable=False),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.Column("exclusions", sa.Text(), nullable=False),
        sa.Column("inspectors", sa.Text(), nullable=False),
        number("per_object"),
        text("by_risk", 60),
        sa.Column("names_shown", sa.Boolean(), nullable=False),
        text("salt", 64),
        text("source", 60),
        sa.Column("decides_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        number("replaces_id", nullable=True),
        number("commit_index"),
        sa.Column("evidence", sa.Text(), nullable=False),
        text("randomness", 64),
        sa.Column("drawn", sa.JSON(), nullable=False),
        number("publication_id", nullable=True),
        number("result_index", nullable=True),
        number("reveal_index", nullable=True),
        text("state", 12),
        number("step_id", nullable=True),
        to("draws", "chain_id", "draw_chains"),
        to("draws", "department_code", "departments", "code"),
        to("draws", "replaces_id", "draws"),
        to("draws", "publication_id", "publications"),
        sa.PrimaryKeyConstraint("id", name="pk_draws"),
        sa.UniqueConstraint("chain_id", "attempt", name="uq_draws_chain_id_attempt"),
    )
    op.create_index("ix_draws_department_code", "draws", ["department_code"])
    op.create_index("ix_draws_publication_id", "draws", ["publication_id"])


def create_steps() -> None:
    op.create_table(
        "draw_steps",
        number("id"),
        number("draw_id"),
        text("state", 12),
        number("by_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        to("draw_steps", "draw_id", "draws"),
        to("draw_steps", "by_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_draw_steps"),
    )
    op.create_index("ix_draw_steps_draw_id", "draw_steps", ["draw_id"])


def create_changes() -> None:
    op.create_table(
        "draw_changes",
        number("id"),
        number("draw_id"),
        text("kind", 12),
        text("object_code", 60),
        text("left", 64),
        text("came", 64),
        sa.Column("reason", sa.Text(), nullable=False),
        number("by_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        to("draw_changes", "draw_id", "draws"),
        to("draw_changes", "by_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_draw_changes"),
    )
    op.create_index("ix_draw_changes_draw_id", "draw_changes", ["draw_id"])


def create_faces() -> None:
    op.create_table(
        "draw_faces",
        number("commit_index"),
        text("department_code", 32),
        text("task_no", 60),
        number("attempt"),
        text("state", 12),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        text("source", 60),
        sa.Column("decides_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        number("result_index", nullable=True),
        number("reveal_index", nullable=True),
        sa.Column("bundle", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("commit_index", name="pk_draw_faces"),
    )
    op.create_index("ix_draw_faces_task_no", "draw_faces", ["task_no"])
    op.create_index("ix_draw_faces_number", "draw_faces", ["number"])
