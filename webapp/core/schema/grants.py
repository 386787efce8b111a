"""What the application's role of PostgreSQL may do where the tables belong to another role.

It can neither change or delete an event nor drop the triggers that refuse that: it owns nothing.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Engine

USUAL = "SELECT, INSERT, UPDATE, DELETE"
# Rows of profile views go with their expert by the foreign key, which acts as the tables' owner.
FEWER = {
    "alembic_version": "SELECT",
    "audit_event": "SELECT, INSERT",
    "audit_head": "SELECT, UPDATE",
    "profile_view": "SELECT, INSERT",
}


def grant(owner: Engine, role: str) -> None:
    """Give `role` what the application needs on the tables of `owner`, and take the rest away."""
    quote = owner.dialect.identifier_preparer.quote
    grantee = quote(role)
    with owner.begin() as connection:
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {grantee}")
        for table in sa.inspect(connection).get_table_names():
            rights = FEWER.get(table, USUAL)
            connection.exec_driver_sql(f"REVOKE ALL ON {quote(table)} FROM {grantee}")
            connection.exec_driver_sql(f"GRANT {rights} ON {quote(table)} TO {grantee}")
        connection.exec_driver_sql(
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {grantee}"
        )
