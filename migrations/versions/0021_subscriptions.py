"""Who follows what by mail, the limits of asking, how far the hub was told; a message's address for leaving."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("subscriptions", "subscription_asks", "subscription_refusals", "feed_pings")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("leave_address", sa.Text(), nullable=False, server_default=""))
    create_subscriptions()
    create_asks()
    op.create_table(
        "subscription_refusals",
        text("address_hash", 64),
        moment("until"),
        sa.PrimaryKeyConstraint("address_hash", name="pk_subscription_refusals"),
    )
    op.create_table(
        "feed_pings", number("id"), number("position"), sa.PrimaryKeyConstraint("id", name="pk_feed_pings")
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("leave_address")


def text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        number("id"),
        text("seed", 32),
        text("email"),
        text("address_hash", 64),
        text("subject_hash", 64),
        text("what", 10),
        sa.Column("query", sa.JSON(), nullable=False),
        text("address"),
        text("title"),
        text("language", 2),
        text("frequency", 10),
        moment("asked_at"),
        text("confirm_hash", 64),
        moment("confirmed_at", nullable=True),
        number("position"),
        sa.Column("seen", sa.JSON(), nullable=False),
        moment("told_at", nullable=True),
        moment("next_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("seed", name="uq_subscriptions_seed"),
        sa.UniqueConstraint(
            "address_hash", "subject_hash", name="uq_subscriptions_address_hash_subject_hash"
        ),
    )
    op.create_index("ix_subscriptions_confirm_hash", "subscriptions", ["confirm_hash"])
    op.create_index("ix_subscriptions_next_at", "subscriptions", ["next_at"])


def create_asks() -> None:
    op.create_table(
        "subscription_asks",
        number("id"),
        text("mailbox_hash", 64),
        text("source_hash", 64),
        moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_subscription_asks"),
    )
    for column in ("mailbox_hash", "source_hash", "at"):
        op.create_index(f"ix_subscription_asks_{column}", "subscription_asks", [column])
