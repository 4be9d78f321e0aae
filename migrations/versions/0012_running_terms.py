"""An index of the terms that run: what the worker asks for all day, small however many cases were closed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RUNNING = "replaced_at IS NULL AND met_on IS NULL AND void_on IS NULL"


def upgrade() -> None:
    op.create_index(
        "ix_objection_terms_running",
        "objection_terms",
        ["due"],
        sqlite_where=sa.text(RUNNING),
        postgresql_where=sa.text(RUNNING),
    )


def downgrade() -> None:
    op.drop_index("ix_objection_terms_running", "objection_terms")
