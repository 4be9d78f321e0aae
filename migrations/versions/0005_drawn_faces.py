"""Whom live task announcements name, for an entity's page."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drawn_faces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("entity_code", sa.String(length=40), nullable=False),
        sa.Column("entity_name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drawn_faces"),
    )
    for column in ("entity_code", "number"):
        op.create_index(f"ix_drawn_faces_{column}", "drawn_faces", [column])


def downgrade() -> None:
    op.drop_table("drawn_faces")
