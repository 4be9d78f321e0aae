"""Attachments: files in quarantine, the public copies made of them, and which of these the public may fetch."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("attachments", "attachment_copies", "public_files")


def upgrade() -> None:
    create_attachments()
    create_attachment_copies()
    create_public_files()
    with op.batch_alter_table("revisions") as revisions:
        revisions.add_column(sa.Column("attachments", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("revisions") as revisions:
        revisions.drop_column("attachments")
    for table in reversed(TABLES):
        op.drop_table(table)


def create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored", sa.String(length=40), nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("bundle", sa.String(length=40), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_attachments_by_id_people"),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name="fk_attachments_publication_id_publications"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    for column in ("publication_id", "stored", "base", "bundle"):
        op.create_index(f"ix_attachments_{column}", "attachments", [column])


def create_attachment_copies() -> None:
    op.create_table(
        "attachment_copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name="fk_attachment_copies_attachment_id_attachments"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment_copies"),
    )
    for column in ("attachment_id", "stored"):
        op.create_index(f"ix_attachment_copies_{column}", "attachment_copies", [column])


def create_public_files() -> None:
    op.create_table(
        "public_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_public_files"),
        sa.UniqueConstraint("number", "version", "n", name="uq_public_files_number_version_n"),
    )
    for column in ("number", "stored"):
        op.create_index(f"ix_public_files_{column}", "public_files", [column])
