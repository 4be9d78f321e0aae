"""依法删除: erasures, their steps, and the places that each has reached."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("erasures", "erasure_steps", "erasure_places")


def upgrade() -> None:
    with op.batch_alter_table("publications") as table:
        table.add_column(sa.Column("being_erased", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("publications") as table:
        table.alter_column("being_erased", server_default=None)
    create_erasures()
    create_erasure_steps()
    create_erasure_places()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table("publications") as table:
        table.drop_column("being_erased")


def create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_erasures_publication_id_publications"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_index("ix_erasures_publication_id", "erasures", ["publication_id"])
    op.create_index("ix_erasures_queue", "erasures", ["state", "department_code"])


def create_erasure_steps() -> None:
    op.create_table(
        "erasure_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasures.id"], name="fk_erasure_steps_erasure_id_erasures"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_erasure_steps_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure_steps"),
    )
    op.create_index("ix_erasure_steps_erasure_id", "erasure_steps", ["erasure_id"])


def create_erasure_places() -> None:
    op.create_table(
        "erasure_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasures.id"], name="fk_erasure_places_erasure_id_erasures"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_erasure_places"),
        sa.UniqueConstraint("erasure_id", "name", name="uq_erasure_places_erasure_id_name"),
    )
