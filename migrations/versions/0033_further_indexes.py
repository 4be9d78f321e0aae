"""Indexes for what is asked with each record's page and for what was taken down last; see 0028."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

WIDER = {
    "rectifies": ("rectifies", "live", "published_on", "number"),
    "source_number": ("source_number", "kind", "live", "number"),
}
NEW = {
    "ix_faces_newest": ("live", "published_on", "number"),
    "ix_faces_face_changed": ("face", "changed_at", "entry_index"),
}


def upgrade() -> None:
    for column, columns in WIDER.items():
        op.drop_index(f"ix_faces_{column}", "faces")
        op.create_index(f"ix_faces_{column}", "faces", list(columns))
    for name, columns in NEW.items():
        op.create_index(name, "faces", list(columns))
    op.drop_index("ix_faces_choices", "faces")  # what there is to choose among is counted: 0032


def downgrade() -> None:
    op.create_index("ix_faces_choices", "faces", ["kind", "live", "department_code", "year", "region"])
    for name in NEW:
        op.drop_index(name, "faces")
    for column in WIDER:
        op.drop_index(f"ix_faces_{column}", "faces")
        op.create_index(f"ix_faces_{column}", "faces", [column])
