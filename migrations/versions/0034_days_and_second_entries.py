"""Lists in the order of the day it happened are read from an index; of second entries, a small one; see 0033."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

SECOND = "rectifies <> ''"
HAPPENED = "coalesce(happened_on, '0001-01-01')"
OF_SECOND = ["rectifies", "live", "published_on", "number"]


def upgrade() -> None:
    op.drop_index("ix_faces_rectifies", "faces")
    op.create_index(
        "ix_faces_rectifies",
        "faces",
        OF_SECOND,
        sqlite_where=sa.text(SECOND),
        postgresql_where=sa.text(SECOND),
    )
    op.create_index("ix_faces_happened", "faces", ["live", sa.text(HAPPENED), "published_on", "number"])


def downgrade() -> None:
    op.drop_index("ix_faces_happened", "faces")
    op.drop_index("ix_faces_rectifies", "faces")
    op.create_index("ix_faces_rectifies", "faces", OF_SECOND)
