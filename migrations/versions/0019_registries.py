"""Registries of inspected objects and of inspectors, with every state they were in; locked lists of draws."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COUNTS = ("changed", "unchanged", "gone")  # what an import did to a registry
TABLES = ("inspected_objects", "object_versions", "inspectors", "inspector_versions", "locked_lists")


def upgrade() -> None:
    create_objects()
    create_versions("object_versions", "object_id", "inspected_objects")
    create_inspectors()
    create_versions("inspector_versions", "inspector_id", "inspectors")
    create_locked_lists()
    with op.batch_alter_table("imports") as table:
        for name in COUNTS:
            table.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("imports") as table:
        for name in COUNTS:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("imports") as table:
        for name in COUNTS:
            table.drop_column(name)
    for table in reversed(TABLES):
        op.drop_table(table)


def words(*named: tuple[str, int]) -> list[sa.Column]:
    return [sa.Column(name, sa.String(length=length), nullable=False) for name, length in named]


def create_objects() -> None:
    op.create_table(
        "inspected_objects",
        sa.Column("id", sa.Integer(), nullable=False),
        *words(("code", 60), ("name", 200), ("kind", 20), ("region", 12), ("registration_authority", 120)),
        *words(("address", 300), ("state", 20)),
        sa.Column("tags", sa.Text(), nullable=False),
        *words(("department_code", 32), ("internal_id", 60), ("phone", 60), ("risk_class", 20)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name="fk_inspected_objects_department_code_departments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inspected_objects"),
        sa.UniqueConstraint("code", name="uq_inspected_objects_code"),
    )
    op.create_index("ix_inspected_objects_name", "inspected_objects", ["name"])
    op.create_index("ix_inspected_objects_seen_in", "inspected_objects", ["seen_in"])
    op.create_index("ix_inspected_objects_kept", "inspected_objects", ["department_code", "state", "code"])


def create_inspectors() -> None:
    op.create_table(
        "inspectors",
        sa.Column("id", sa.Integer(), nullable=False),
        *words(("key", 64), ("name", 60), ("department_code", 32)),
        sa.Column("qualifications", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name="fk_inspectors_department_code_departments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_inspectors"),
        sa.UniqueConstraint("key", name="uq_inspectors_key"),
    )
    op.create_index("ix_inspectors_department_code", "inspectors", ["department_code"])
    op.create_index("ix_inspectors_seen_in", "inspectors", ["seen_in"])


def create_versions(table: str, owner: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(owner, sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint([owner], [f"{of}.id"], name=f"fk_{table}_{owner}_{of}"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=f"fk_{table}_by_id_people"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint(owner, "version", name=f"uq_{table}_{owner}_version"),
    )
    op.create_index(f"ix_{table}_at", table, ["at"])


def create_locked_lists() -> None:
    op.create_table(
        "locked_lists",
        sa.Column("entry_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("salt", sa.String(length=22), nullable=True),
        sa.PrimaryKeyConstraint("entry_index", name="pk_locked_lists"),
    )
    op.create_index("ix_locked_lists_number", "locked_lists", ["number"])
