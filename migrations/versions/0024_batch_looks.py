"""Who looked at a batch when."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_looks",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_batch_looks_batch_id_batches"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_batch_looks_person_id_people"),
        sa.PrimaryKeyConstraint("batch_id", "person_id", name="pk_batch_looks"),
    )


def downgrade() -> None:
    op.drop_table("batch_looks")
