"""What SQLite is told of the public faces before it chooses an index: the shape of a county, the same on every site.

Without it SQLite takes ten rows to be live, and reads all of them where twenty numbers were asked for. An office's own
``ANALYZE`` is not used: what it would say changes from day to day, and the plans with it. See decision 54.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# of a million faces: how many agree, on average, in the first column of an index, in the first two, …
ALIKE = {
    "sqlite_autoindex_faces_1": "1000000 1",
    "ix_faces_browse": "1000000 250000 250000 400 1",
    "ix_faces_changed": "1000000 2 1",
    "ix_faces_department": "1000000 250000 250000 20000 10 1",
    "ix_faces_department_changed": "1000000 20000 2 1",
    "ix_faces_entity": "1000000 4 4 2 1",
    "ix_faces_entry_index": "1000000 1",
    "ix_faces_face_changed": "1000000 250000 2 1",
    "ix_faces_happened": "1000000 500000 400 20 1",
    "ix_faces_kind_changed": "1000000 250000 2 1",
    "ix_faces_live_changed": "1000000 500000 2 1",
    "ix_faces_month": "1000000 500000 400 2",
    "ix_faces_newest": "1000000 500000 400 1",
    "ix_faces_of_year": "1000000 250000 250000 100000 400 1",
    "ix_faces_plan": "1000000 5000 4000 4000 20 1",
    "ix_faces_rectifies": "10000 2 2 1 1",
    "ix_faces_source_number": "1000000 2 2 2 1",
    "ix_faces_task": "1000000 200 200 200 10 1",
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("ANALYZE alembic_version")  # makes the table that holds what is told
    op.execute("DELETE FROM sqlite_stat1")
    rows = [{"idx": name, "stat": stat} for name, stat in ALIKE.items()]
    op.get_bind().execute(sa.text("INSERT INTO sqlite_stat1 VALUES ('faces', :idx, :stat)"), rows)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_stat1")
