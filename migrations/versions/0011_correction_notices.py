"""The 文号 of a 更正公告 beside the objection that led to it: the one document number that is public."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contests") as table:
        table.add_column(sa.Column("document_no", sa.String(length=60), nullable=False, server_default=""))
    with op.batch_alter_table("contests") as table:
        table.alter_column("document_no", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("contests") as table:
        table.drop_column("document_no")
