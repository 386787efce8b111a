"""Mails to people without an account, and why somebody who asks for an account gets none."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, change_checks, drop_checks, one_of, rebuild

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

KINDS = (
    "dates", "language", "subject", "not then", "conflict of interest", "superior", "personal",
    "needed at home", "no means", "another expert", "not needed", "by telephone", "in writing",
    "in person", "no release needed", "released before", "free again", "released after all",
    "mistake", "says too little", "knows place", "asked for", "for team", "can be settled",
    "outside", "asked twice", "too late", "need gone", "found elsewhere", "put off",
    "nobody fits", "nobody free", "nobody chosen", "owner away", "owner left", "agreed", "own wish",
    "left service", "to be checked", "not confirmed", "filled", "left roster", "comment", "other",
)  # fmt: skip
# They stand where the list of the model has them.
AT = KINDS.index("filled")
NO_ACCOUNT = ("no official", "has account")
READER = {"ck_outbox_message_reader": "account_id IS NOT NULL OR address IS NOT NULL"}
NEEDED, FREE = "account_id INTEGER NOT NULL", "account_id INTEGER"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("outbox_message", sa.Column("person_table", sa.String(64), nullable=True))
    op.add_column("outbox_message", sa.Column("person_id", sa.Integer(), nullable=True))
    _let_account_be_empty(empty=True)
    add_checks("outbox_message", READER)
    op.create_index(
        op.f("ix_outbox_message_person_table_person_id"), "outbox_message",
        ["person_table", "person_id"],
    )  # fmt: skip
    kinds = (*KINDS[:AT], *NO_ACCOUNT, *KINDS[AT:])
    change_checks("reason", {"ck_reason_kind": one_of("kind", kinds)})


def _let_account_be_empty(*, empty: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        before, after = (NEEDED, FREE) if empty else (FREE, NEEDED)
        rebuild("outbox_message", lambda definition: definition.replace(before, after, 1))
    else:
        op.alter_column("outbox_message", "account_id", nullable=empty)


def downgrade() -> None:
    """Bring the tables back; the former code knows no mail to somebody without an account."""
    op.execute(sa.text("DELETE FROM outbox_message WHERE account_id IS NULL"))
    op.execute(
        sa.text("UPDATE reason SET kind = 'other' WHERE kind IN :kinds").bindparams(
            sa.bindparam("kinds", NO_ACCOUNT, expanding=True)
        )
    )
    change_checks("reason", {"ck_reason_kind": one_of("kind", KINDS)})
    op.drop_index(op.f("ix_outbox_message_person_table_person_id"), table_name="outbox_message")
    drop_checks("outbox_message", list(READER))
    _let_account_be_empty(empty=False)
    op.drop_column("outbox_message", "person_id")
    op.drop_column("outbox_message", "person_table")
