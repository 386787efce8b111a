"""Organisations, their members, and the requests that belong to them."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_reference, drop_reference
from webapp.core.words.search import folded

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KINDS = ("ministry", "UNDP office", "SEESAC", "other")


def upgrade() -> None:
    """Bring the tables to this revision, and make organisations of what accounts have said."""
    organisation = op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, length=32,
                            create_constraint=True), nullable=False,
        ),
        sa.Column("jurisdiction", sa.String(length=3), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "search_text",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            server_default=sa.text("''"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", "jurisdiction", name=op.f("uq_organisation_name_jurisdiction")),
    )  # fmt: skip
    for table in ("account", "expertise_request"):
        add_reference(table, "organisation_id", "organisation", ondelete="RESTRICT")
    _make_of_accounts(organisation)


def _make_of_accounts(organisation: sa.Table) -> None:
    """Make one organisation of all requesters who say the same institution and jurisdiction.

    Institutions were written by administrators when they made an account, so the same words in the
    same jurisdiction mean the same. Who said no institution or no jurisdiction gets none: somebody
    has to say to whom their requests are to be open. Drafts stay their writers' alone, for they
    were begun under a sentence that said so.
    """
    connection = op.get_bind()
    writers = connection.execute(
        sa.text(
            "SELECT account.id, account.institution, account.jurisdiction, account.created_at"
            " FROM account"
            " JOIN account_role ON account_role.account_id = account.id"
            " JOIN role ON role.id = account_role.role_id"
            " WHERE role.name = 'requester' AND account.institution <> ''"
            " AND account.jurisdiction IS NOT NULL ORDER BY account.id"
        ).columns(created_at=sa.DateTime(timezone=True))
    ).all()
    made: dict[tuple[str, str], int] = {}
    for account_id, institution, jurisdiction, created_at in writers:
        key = (institution.strip(), jurisdiction)
        if key not in made:
            row = {
                "name": key[0], "kind": _kind_of(key[0]), "jurisdiction": jurisdiction,
                "created_at": created_at, "version": 1, "search_text": folded(key[0]),
            }  # fmt: skip
            new = organisation.insert().values(**row).returning(organisation.c.id)
            made[key] = connection.execute(new).scalar_one()
        ids = {"organisation": made[key], "account": account_id}
        connection.execute(
            sa.text("UPDATE account SET organisation_id = :organisation WHERE id = :account"), ids
        )
        connection.execute(
            sa.text(
                "UPDATE expertise_request SET organisation_id = :organisation"
                " WHERE requester_id = :account AND submitted_at IS NOT NULL"
            ),
            ids,
        )


def _kind_of(name: str) -> str:
    words = name.casefold()
    if "seesac" in words:
        return "SEESAC"
    if "undp" in words:
        return "UNDP office"
    return "ministry" if "ministry" in words or "министерств" in words else "other"


def downgrade() -> None:
    """Take this revision back."""
    for table in ("expertise_request", "account"):
        drop_reference(table, "organisation_id", "organisation", ondelete="RESTRICT")
    op.drop_table("organisation")
