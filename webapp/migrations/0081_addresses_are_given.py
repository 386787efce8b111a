"""No address by which somebody signs in or is written to is empty."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

GIVEN = {
    "account": ("ck_account_email_given", "email"),
    "account_link": ("ck_account_link_email_given", "email"),
    "account_request": ("ck_account_request_email_given", "email"),
    "outbox_message": ("ck_outbox_message_address_given", "address"),
}


def upgrade() -> None:
    """Bring the tables to this revision.

    A form took blanks for an address. An account without one was never entered, and stays with what
    nobody can own; nothing can be sent of what waited for no address.
    """
    nobody_s = (
        "UPDATE account SET email = 'without-address-' || id || '@none.invalid' WHERE email = ''"
    )
    op.execute(sa.text(nobody_s))
    for table, (_name, column) in GIVEN.items():
        op.execute(sa.text(f"DELETE FROM {table} WHERE {column} = ''"))  # noqa: S608 - ours.
    for table, (name, column) in GIVEN.items():
        add_checks(table, {name: f"{column} <> ''"})


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    for table, (name, _column) in GIVEN.items():
        drop_checks(table, [name])
