"""Who had a job stopped."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("stop_by_id", sa.Integer()))
        jobs.create_foreign_key("fk_jobs_stop_by_id_people", "people", ["stop_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_constraint("fk_jobs_stop_by_id_people", type_="foreignkey")
        jobs.drop_column("stop_by_id")
