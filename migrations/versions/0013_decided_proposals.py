"""What recognisers proposed and somebody kept, and how many sure proposals wait for a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("revisions") as table:
        table.add_column(sa.Column("dismissed", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("undecided", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("revisions") as table:
        table.alter_column("dismissed", server_default=None)
        table.alter_column("undecided", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("revisions") as table:
        table.drop_column("undecided")
        table.drop_column("dismissed")
