"""Indexes in the order of public lists: a page, however deep, is read from one of them, and nothing is sorted whole."""

from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

NEW = {
    "ix_faces_department": ("kind", "live", "department_code", "published_on", "number"),
    "ix_faces_of_year": ("kind", "live", "year", "published_on", "number"),
    "ix_faces_task": ("task_no", "kind", "live", "published_on", "number"),
    "ix_faces_plan": ("plan_no", "kind", "live", "published_on", "number"),
    "ix_faces_changed": ("changed_at", "entry_index"),
    "ix_faces_live_changed": ("live", "changed_at", "entry_index"),
    "ix_faces_kind_changed": ("kind", "changed_at", "entry_index"),
    "ix_faces_department_changed": ("department_code", "changed_at", "entry_index"),
    "ix_faces_choices": ("kind", "live", "department_code", "year", "region"),
    "ix_faces_month": ("live", "published_on", "changed_at"),
}
ENTITY = ("entity_code", "live", "published_on", "number")
OLD = (
    "department_code",
    "changed_at",
    "year",
    "task_no",
)  # each is the beginning of a new one, or asked by none


def upgrade() -> None:
    for name, columns in NEW.items():
        op.create_index(name, "faces", list(columns))
    op.drop_index("ix_faces_entity", "faces")
    op.create_index("ix_faces_entity", "faces", list(ENTITY))
    for column in OLD:
        op.drop_index(f"ix_faces_{column}", "faces")
    op.create_index("ix_entries_type_index", "entries", ["type", "index"])
    op.drop_index("ix_entries_type", "entries")


def downgrade() -> None:
    op.create_index("ix_entries_type", "entries", ["type"])
    op.drop_index("ix_entries_type_index", "entries")
    for column in OLD:
        op.create_index(f"ix_faces_{column}", "faces", [column])
    op.drop_index("ix_faces_entity", "faces")
    op.create_index("ix_faces_entity", "faces", ["entity_code"])
    for name in NEW:
        op.drop_index(name, "faces")
