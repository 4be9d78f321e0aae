"""By what the public faces are found: each index in the order of the lists that ask it, so that no list is sorted.

Two of them hang on how a condition is written: whoever asks writes it as it stands here, with its text and no parameter.
"""

import sqlalchemy as sa

# that it puts right an earlier one: nearly none does
SECOND = "rectifies <> ''"
# the day of the inspection, the draw, the coming into force; what has none comes after everything that has one
HAPPENED = "coalesce(happened_on, '0001-01-01')"

INDEXES = (
    sa.Index("ix_faces_browse", "kind", "live", "published_on", "number"),
    sa.Index("ix_faces_department", "kind", "live", "department_code", "published_on", "number"),
    sa.Index("ix_faces_of_year", "kind", "live", "year", "published_on", "number"),
    sa.Index("ix_faces_entity", "entity_code", "live", "published_on", "number"),
    sa.Index("ix_faces_task", "task_no", "kind", "live", "published_on", "number"),
    sa.Index("ix_faces_plan", "plan_no", "kind", "live", "published_on", "number"),
    sa.Index("ix_faces_changed", "changed_at", "entry_index"),
    sa.Index("ix_faces_live_changed", "live", "changed_at", "entry_index"),
    sa.Index("ix_faces_kind_changed", "kind", "changed_at", "entry_index"),
    sa.Index("ix_faces_department_changed", "department_code", "changed_at", "entry_index"),
    sa.Index("ix_faces_newest", "live", "published_on", "number"),
    sa.Index("ix_faces_month", "live", "published_on", "changed_at"),
    sa.Index(
        "ix_faces_rectifies",
        "rectifies",
        "live",
        "published_on",
        "number",
        sqlite_where=sa.text(SECOND),
        postgresql_where=sa.text(SECOND),
    ),
    sa.Index("ix_faces_source_number", "source_number", "kind", "live", "number"),
    sa.Index("ix_faces_face_changed", "face", "changed_at", "entry_index"),
    sa.Index("ix_faces_happened", "live", sa.text(HAPPENED), "published_on", "number"),
)
