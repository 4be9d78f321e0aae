"""The systems that push records in, what they call their batches, and what they were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("push_clients", "push_batches", "push_requests")


def upgrade() -> None:
    create_clients()
    create_batches()
    create_requests()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def create_clients() -> None:
    op.create_table(
        "push_clients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("acts_as_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        to("push_clients", "acts_as_id", "people"),
        to("push_clients", "created_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_push_clients"),
        sa.UniqueConstraint("name", name="uq_push_clients_name"),
        sa.UniqueConstraint("key_hash", name="uq_push_clients_key_hash"),
    )
    op.create_index("ix_push_clients_previous_hash", "push_clients", ["previous_hash"])


def create_batches() -> None:
    op.create_table(
        "push_batches",
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        to("push_batches", "import_id", "imports"),
        to("push_batches", "client_id", "push_clients"),
        sa.PrimaryKeyConstraint("import_id", name="pk_push_batches"),
        sa.UniqueConstraint("client_id", "name", name="uq_push_batches_client_id_name"),
    )


def create_requests() -> None:
    op.create_table(
        "push_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        to("push_requests", "client_id", "push_clients"),
        sa.PrimaryKeyConstraint("id", name="pk_push_requests"),
        sa.UniqueConstraint("client_id", "key", name="uq_push_requests_client_id_key"),
    )
    op.create_index("ix_push_requests_at", "push_requests", ["at"])


def to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
