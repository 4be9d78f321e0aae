"""公示存证: what the tiles of the public log hold above its entries, and the checkpoints that were signed."""

import sqlalchemy as sa
from alembic import op

from portal.ledger.hashing import Frontier

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CHUNK = 1000
HEIGHT = 8  # of a tile


def upgrade() -> None:
    hashes = op.create_table(
        "tree_hashes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_tree_hashes"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoints"),
    )
    fill(hashes)


def downgrade() -> None:
    op.drop_table("checkpoints")
    op.drop_table("tree_hashes")


def fill(hashes: sa.Table) -> None:
    """For the entries that are there already."""
    connection, frontier = op.get_bind(), Frontier()
    wanted = sa.text('SELECT "index", leaf_hash FROM entries WHERE "index" >= :since ORDER BY "index" LIMIT :most')
    while rows := connection.execute(wanted, {"since": frontier.size, "most": CHUNK}).all():
        for _index, leaf in rows:
            completed = frontier.completes(bytes(leaf))[HEIGHT::HEIGHT]
            made = [
                {"level": level, "number": frontier.size >> HEIGHT * level, "hash": each}
                for level, each in enumerate(completed, start=1)
            ]
            frontier = frontier.add(bytes(leaf))
            if made:
                op.bulk_insert(hashes, made)
