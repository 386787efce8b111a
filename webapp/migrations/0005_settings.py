"""Settings of the platform, which administrators change on a page."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision, with the one row that holds the usual settings."""
    settings = op.create_table(
        "platform_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.Column("accounts_on_request", sa.Boolean(), nullable=False),
        sa.Column("rest_days", sa.Integer(), nullable=False),
        sa.Column("dormant_after_months", sa.Integer(), nullable=False),
        sa.Column("reply_by_days", sa.Integer(), nullable=False),
        sa.Column("retention_months", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_platform_settings_one_row")),
        sa.CheckConstraint(
            "rest_days BETWEEN 0 AND 365", name=op.f("ck_platform_settings_rest_days")
        ),
        sa.CheckConstraint(
            "dormant_after_months BETWEEN 1 AND 60",
            name=op.f("ck_platform_settings_dormant_after_months"),
        ),
        sa.CheckConstraint(
            "reply_by_days BETWEEN 1 AND 60", name=op.f("ck_platform_settings_reply_by_days")
        ),
        sa.CheckConstraint(
            "retention_months BETWEEN 6 AND 240", name=op.f("ck_platform_settings_retention_months")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_settings")),
    )
    op.bulk_insert(
        settings,
        [
            {
                "id": 1,
                "version": 1,
                "four_eyes": False,
                "accounts_on_request": False,
                "rest_days": 30,
                "dormant_after_months": 12,
                "reply_by_days": 7,
                "retention_months": 60,
            }
        ],
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("platform_settings")
