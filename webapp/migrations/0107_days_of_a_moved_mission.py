"""A request keeps the days to which its mission was moved beside those that were agreed."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

CHECKS = {
    "ck_expertise_request_moved": (
        "(moved_start IS NULL) = (moved_end IS NULL)"
        " AND (moved_start IS NULL OR moved_end >= moved_start)"
    )
}


def upgrade() -> None:
    """Bring the tables to this revision: where all of a team that is to come has the same days, and
    others than those of the request, these are the days of its mission."""
    op.add_column("expertise_request", sa.Column("moved_start", sa.Date(), nullable=True))
    op.add_column("expertise_request", sa.Column("moved_end", sa.Date(), nullable=True))
    add_checks("expertise_request", CHECKS)
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            'SELECT r.id, min(d.start) AS first, min(d."end") AS last FROM deployment d'
            " JOIN match m ON m.id = d.match_id JOIN expertise_request r ON r.id = m.request_id"
            " WHERE d.state <> 'cancelled' GROUP BY r.id, r.start, r.\"end\""
            ' HAVING min(d.start) = max(d.start) AND min(d."end") = max(d."end")'
            " AND count(*) = sum(CASE WHEN d.state IN ('planned', 'cleared') THEN 1 ELSE 0 END)"
            ' AND (min(d.start) <> r.start OR min(d."end") <> r."end")'
            # Whoever is held for the agreed days stays so: nobody can be asked by an upgrade.
            " AND NOT EXISTS (SELECT 1 FROM match held WHERE held.request_id = r.id"
            " AND held.state IN ('approved', 'proposed', 'alternate'))"
        )
    ).all()
    for row in rows:
        connection.execute(
            sa.text(
                "UPDATE expertise_request SET moved_start = :first, moved_end = :last"
                " WHERE id = :number"
            ),
            {"first": row.first, "last": row.last, "number": row.id},
        )


def downgrade() -> None:
    """Bring the tables back to the revision before, where requests have the agreed days alone."""
    drop_checks("expertise_request", list(CHECKS))
    op.drop_column("expertise_request", "moved_end")
    op.drop_column("expertise_request", "moved_start")
