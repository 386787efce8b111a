"""Of some languages of a request one can be enough."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

ONE_OF_THE_REQUIRED = "required OR NOT one_is_enough"


def upgrade() -> None:
    """Bring the tables to this revision; to the former code each of these is required."""
    op.add_column(
        "required_language",
        sa.Column("one_is_enough", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    add_checks(
        "required_language", {"ck_required_language_one_of_the_required": ONE_OF_THE_REQUIRED}
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    drop_checks("required_language", ["ck_required_language_one_of_the_required"])
    op.drop_column("required_language", "one_is_enough")
