"""How many live faces agree in what a reader narrows by: so that no public page counts all of them.

An old program that still runs beside the new one publishes without counting: stop it, then ``portal recount``.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

COUNTED = ("kind", "year", "department_code", "region", "outcomes", "corrected")
KEY = ("month", *COUNTED)
FACES = sa.table("faces", *map(sa.column, (*COUNTED, "live", "published_on")))
TALLIES = sa.table("tallies", *map(sa.column, (*KEY, "records")))


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department_code", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("outcomes", sa.String(length=120), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_tallies")),
    )
    _fill()


def _fill() -> None:
    live = sa.column("live", sa.Boolean()).is_(sa.true())
    whole = [sa.literal_column("0"), *map(sa.column, COUNTED)]
    month = sa.cast(sa.extract("month", sa.column("published_on", sa.Date())), sa.Integer())
    told = [sa.column(name) for name in ("kind", "year", "department_code")]
    plain = [month, *told, sa.literal_column("''"), sa.column("outcomes"), sa.false()]
    for columns, grouped in ((whole, whole[1:]), (plain, [month, *told, sa.column("outcomes")])):
        counted = sa.select(*columns, sa.func.count()).select_from(FACES).where(live).group_by(*grouped)
        op.execute(sa.insert(TALLIES).from_select([*KEY, "records"], counted))


def downgrade() -> None:
    op.drop_table("tallies")
