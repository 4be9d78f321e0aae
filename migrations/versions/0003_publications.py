"""Publications, revisions, steps, releases and their faces."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "faces",
    "releases",
    "publications",
    "taken_down",
    "batches",
    "drawn_objects",
    "holds",
    "listed_items",
    "revisions",
    "prepared",
    "steps",
)


def upgrade() -> None:
    create_faces()
    create_releases()
    create_publications()
    create_taken_down()
    create_batches()
    create_drawn_objects()
    create_holds()
    create_listed_items()
    create_revisions()
    create_prepared()
    create_steps()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_faces() -> None:
    op.create_table(
        "faces",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("face", sa.String(length=12), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("entity_name", sa.String(length=200), nullable=False),
        sa.Column("entity_code", sa.String(length=40), nullable=False),
        sa.Column("outcomes", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("task_no", sa.String(length=60), nullable=False),
        sa.Column("plan_no", sa.String(length=60), nullable=False),
        sa.Column("source_number", sa.String(length=60), nullable=False),
        sa.Column("rectifies", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("ad_hoc", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_faces"),
    )
    op.create_index("ix_faces_browse", "faces", ["kind", "live", "published_on", "number"])
    op.create_index("ix_faces_changed_at", "faces", ["changed_at"])
    op.create_index("ix_faces_department_code", "faces", ["department_code"])
    op.create_index("ix_faces_entity", "faces", ["entity_code"])
    op.create_index("ix_faces_entry_index", "faces", ["entry_index"])
    op.create_index("ix_faces_rectifies", "faces", ["rectifies"])
    op.create_index("ix_faces_source_number", "faces", ["source_number"])
    op.create_index("ix_faces_task_no", "faces", ["task_no"])
    op.create_index("ix_faces_year", "faces", ["year"])


def create_releases() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("entry_index", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
        sa.UniqueConstraint("number", "version", name="uq_releases_number_version"),
    )
    op.create_index("ix_releases_entry_index", "releases", ["entry_index"])
    op.create_index("ix_releases_number", "releases", ["number"])


def create_publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withheld_ground", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name="fk_publications_department_code_departments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
        sa.UniqueConstraint("kind", "identity", name="uq_publications_kind_identity"),
        sa.UniqueConstraint("number", name="uq_publications_number"),
    )
    op.create_index("ix_publications_department_code", "publications", ["department_code"])
    op.create_index("ix_publications_kind", "publications", ["kind"])
    op.create_index("ix_publications_withheld_ground", "publications", ["withheld_ground"])


def create_taken_down() -> None:
    op.create_table(
        "taken_down",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_taken_down_release_id_releases"),
        sa.PrimaryKeyConstraint("release_id", name="pk_taken_down"),
    )


def create_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("task_no", sa.String(length=60), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name="fk_batches_created_by_id_people"),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name="fk_batches_department_code_departments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_index("ix_batches_department_code", "batches", ["department_code"])


def create_drawn_objects() -> None:
    op.create_table(
        "drawn_objects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("entity_code", sa.String(length=40), nullable=False),
        sa.Column("entity_name", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_drawn_objects_publication_id_publications"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_drawn_objects"),
    )
    op.create_index("ix_drawn_objects_entity_code", "drawn_objects", ["entity_code"])
    op.create_index("ix_drawn_objects_publication_id", "drawn_objects", ["publication_id"])
    op.create_index("ix_drawn_objects_year", "drawn_objects", ["year"])


def create_holds() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_holds_by_id_people"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["people.id"], name="fk_holds_confirmed_by_id_people"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_holds_publication_id_publications"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_publication_id", "holds", ["publication_id"])


def create_listed_items() -> None:
    op.create_table(
        "listed_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("item_code", sa.String(length=60), nullable=False),
        sa.Column("item", sa.String(length=300), nullable=False),
        sa.Column("sub_item", sa.String(length=300), nullable=False),
        sa.Column("item_class", sa.String(length=20), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_listed_items_publication_id_publications"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_listed_items"),
    )
    op.create_index("ix_listed_items_department_code", "listed_items", ["department_code"])
    op.create_index("ix_listed_items_item", "listed_items", ["item"])
    op.create_index("ix_listed_items_item_code", "listed_items", ["item_code"])
    op.create_index("ix_listed_items_publication_id", "listed_items", ["publication_id"])


def create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("withheld_ground", sa.String(length=40), nullable=True),
        sa.Column("withheld_basis", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("admitted_note", sa.Text(), nullable=False),
        sa.Column("admitted_by_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["admitted_by_id"], ["people.id"], name="fk_revisions_admitted_by_id_people"),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_revisions_author_id_people"),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_revisions_batch_id_batches"),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_revisions_publication_id_publications"
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["revisions.id"], name="fk_revisions_successor_id_revisions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
    )
    op.create_index("ix_revisions_batch_id", "revisions", ["batch_id"])
    op.create_index("ix_revisions_publication_id", "revisions", ["publication_id"])
    op.create_index("ix_revisions_queue", "revisions", ["state", "kind", "department_code"])


def create_prepared() -> None:
    op.create_table(
        "prepared",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("commitments", sa.JSON(), nullable=False),
        sa.Column("salt_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_prepared_revision_id_revisions"),
        sa.PrimaryKeyConstraint("revision_id", name="pk_prepared"),
    )


def create_steps() -> None:
    op.create_table(
        "steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_steps_by_id_people"),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name="fk_steps_revision_id_revisions"),
        sa.PrimaryKeyConstraint("id", name="pk_steps"),
    )
    op.create_index("ix_steps_revision_id", "steps", ["revision_id"])
