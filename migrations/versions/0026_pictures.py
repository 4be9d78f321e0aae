"""What was inspected stands on the face of a result, and figures know their month."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

OLD = ["name", "department_code", "kind", "year", "detail"]
CHUNK = 500


def upgrade() -> None:
    op.add_column("faces", sa.Column("items", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("faces") as table:
        table.alter_column("items", server_default=None)
    fill_items()
    with op.batch_alter_table("figures") as table:
        table.add_column(sa.Column("month", sa.Integer(), nullable=False, server_default="0"))
    unique([*OLD, "month"], instead_of=OLD)
    with op.batch_alter_table("figures") as table:
        table.alter_column("month", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM figures")  # counted again within the day; months would stand twice under one key
    unique(OLD, instead_of=[*OLD, "month"])
    with op.batch_alter_table("figures") as table:
        table.drop_column("month")
    with op.batch_alter_table("faces") as table:
        table.drop_column("items")


def unique(columns: list[str], *, instead_of: list[str]) -> None:
    with op.batch_alter_table("figures") as table:
        table.drop_constraint(f"uq_figures_{'_'.join(instead_of)}", type_="unique")
        table.create_unique_constraint(f"uq_figures_{'_'.join(columns)}", columns)


def fill_items() -> None:
    """From the released bodies of the results that are live, as ``portal/publications/facing.py`` does."""
    connection, last = op.get_bind(), ""
    page = sa.text(
        "SELECT faces.number, releases.body FROM faces JOIN releases ON releases.id = faces.release_id"
        " WHERE faces.kind = 'result' AND faces.live AND faces.number > :last ORDER BY faces.number LIMIT :most"
    )
    while rows := connection.execute(page, {"last": last, "most": CHUNK}).all():
        last = rows[-1].number
        filled = [{"n": row.number, "items": items(row.body)} for row in rows]
        connection.execute(sa.text("UPDATE faces SET items = :items WHERE number = :n"), filled)


def items(body: str | None) -> str:
    fields = json.loads(body or "{}").get("fields", {})
    rows = fields.get("items") if isinstance(fields.get("items"), list) else []
    told = (row.get("item") for row in rows)
    names = dict.fromkeys(" ".join(name.split()) for name in told if isinstance(name, str) and shown(name))
    return "\n" + "\n".join(names) + "\n" if names else ""


def shown(name: str) -> bool:
    return bool(name.strip()) and not any(marker in name for marker in ("〔依法隐去：", "〔征求意见中"))
