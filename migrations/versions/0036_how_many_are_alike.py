"""What SQLite is told of its large tables before it chooses an index: the shape of a county, the same on every site.

Without it SQLite takes ten rows to be live, and reads all of them where twenty numbers were asked for. An office's own
``ANALYZE`` is not used: what it would say changes from day to day, and the plans with it. See decision 56.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# of a million rows: how many agree, on average, in the first column of an index, in the first two, …; indexes that a
# constraint made are told by their columns, for SQLite numbers them as they come
FACES = {
    "number": "1000000 1",
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
PUBLICATIONS = {
    "kind identity": "1000000 250000 1",
    "number": "1000000 1",
    "ix_publications_department_code": "1000000 20000",
    "ix_publications_kind": "1000000 250000",
    "ix_publications_withheld_ground": "1000000 500",
}
REVISIONS = {
    "ix_revisions_batch_id": "1000000 300",
    "ix_revisions_publication_id": "1000000 2",
    "ix_revisions_queue": "1000000 20000 20000 500",  # of what is under way; nobody asks for all that is done
}
DRAWN_OBJECTS = {
    "ix_drawn_objects_entity_code": "1000000 5",
    "ix_drawn_objects_publication_id": "1000000 300",
    "ix_drawn_objects_year": "1000000 100000",
}
ALIKE = {
    "faces": FACES,
    "publications": PUBLICATIONS,
    "revisions": REVISIONS,
    "drawn_objects": DRAWN_OBJECTS,
    "steps": {"ix_steps_revision_id": "4000000 4"},
    "holds": {"ix_holds_publication_id": "1000 1"},
}

INDEXES = """
SELECT name, group_concat(of, ' ') FROM (
  SELECT i.name AS name, c.name AS of FROM pragma_index_list(:table) i, pragma_index_info(i.name) c ORDER BY 1, c.seqno
) GROUP BY name
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("ANALYZE alembic_version")  # makes the table that holds what is told
    op.execute("DELETE FROM sqlite_stat1")
    for table, told in ALIKE.items():
        for name, columns in op.get_bind().execute(sa.text(INDEXES), {"table": table}).all():
            if alike := told.get(name) or told.get(columns):
                row = {"table": table, "index": name, "alike": alike}
                op.get_bind().execute(sa.text("INSERT INTO sqlite_stat1 VALUES (:table, :index, :alike)"), row)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_stat1")
