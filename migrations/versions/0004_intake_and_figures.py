"""What came in, and the public figures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("figures", "imports", "item_aliases", "source_mappings", "import_batches", "import_refusals")


def upgrade() -> None:
    create_figures()
    create_imports()
    create_item_aliases()
    create_source_mappings()
    create_import_batches()
    create_import_refusals()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_figures() -> None:
    op.create_table(
        "figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_figures"),
        sa.UniqueConstraint(
            "name",
            "department_code",
            "kind",
            "year",
            "detail",
            name="uq_figures_name_department_code_kind_year_detail",
        ),
    )
    op.create_index("ix_figures_name", "figures", ["name"])


def create_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_imports_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.UniqueConstraint("key", name="uq_imports_key"),
    )
    op.create_index("ix_imports_file_digest", "imports", ["file_digest"])


def create_item_aliases() -> None:
    op.create_table(
        "item_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=False),
        sa.Column("item_code", sa.String(length=60), nullable=False),
        sa.Column("item", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_item_aliases_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_item_aliases"),
        sa.UniqueConstraint("folded", name="uq_item_aliases_folded"),
    )


def create_source_mappings() -> None:
    op.create_table(
        "source_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_source_mappings_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_source_mappings"),
        sa.UniqueConstraint("source", "kind", name="uq_source_mappings_source_kind"),
    )


def create_import_batches() -> None:
    op.create_table(
        "import_batches",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_import_batches_batch_id_batches"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_batches_import_id_imports"),
        sa.PrimaryKeyConstraint("batch_id", name="pk_import_batches"),
    )
    op.create_index("ix_import_batches_import_id", "import_batches", ["import_id"])


def create_import_refusals() -> None:
    op.create_table(
        "import_refusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_refusals_import_id_imports"),
        sa.PrimaryKeyConstraint("id", name="pk_import_refusals"),
    )
    op.create_index("ix_import_refusals_import_id", "import_refusals", ["import_id"])
