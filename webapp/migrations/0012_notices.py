"""Notices on the platform, reply-by dates, claims of mails, and the pulse of the job worker."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import one_of

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision; nobody was told a date for what waits already."""
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("for_digest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"],
            name=op.f("fk_notice_account_id_account"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )  # fmt: skip
    op.create_index(op.f("ix_notice_account_id_id"), "notice", ["account_id", "id"])
    op.create_index(op.f("ix_notice_created_at"), "notice", ["created_at"])
    for name, condition in (("unread", "read_at IS NULL"), ("for_digest", "for_digest")):
        op.create_index(
            op.f(f"ix_notice_{name}"),
            "notice",
            ["account_id"],
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
    op.create_table(
        "said_once",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_said_once")),
    )
    op.create_index(op.f("ix_said_once_at"), "said_once", ["at"])
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_heartbeat_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    # The condition belongs to the column, which both databases can add and drop with it.
    choices = one_of("mail_choice", ("at once", "daily", "never"))
    op.execute(
        "ALTER TABLE account ADD COLUMN mail_choice VARCHAR(32) DEFAULT 'at once' NOT NULL"
        f" CONSTRAINT ck_account_mail_choice CHECK ({choices})"
    )
    op.add_column("outbox_message", sa.Column("claimed_until", sa.DateTime(timezone=True)))
    op.add_column("match", sa.Column("reply_by", sa.Date()))
    op.add_column("expertise_request", sa.Column("reply_by", sa.Date()))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column("expertise_request", "reply_by")
    op.drop_column("match", "reply_by")
    op.drop_column("outbox_message", "claimed_until")
    op.drop_column("account", "mail_choice")
    op.drop_table("heartbeat")
    op.drop_table("said_once")
    op.drop_table("notice")
