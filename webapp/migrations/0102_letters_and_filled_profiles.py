"""Who has sent the letter of a release, or has filled in profiles by a table, has acted on them."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0090"
branch_labels = None
depends_on = None

EVENT = sa.table(
    "audit_event",
    *(
        sa.column(name)
        for name in ("request_id", "actor_id", "role", "subject", "subject_id", "action")
    ),
)
REQUEST = sa.table("expertise_request", sa.column("id"))
EXPERT = sa.table("expert", sa.column("id"), sa.column("state"))
ACTED_ON = sa.table("acted_on", *(sa.column(name) for name in ("request_id", "account_id", "side")))
ON_PROFILE = sa.table(
    "acted_on_profile", *(sa.column(name) for name in ("expert_id", "account_id", "side"))
)


def upgrade() -> None:
    """Note what the log knows and is not noted yet; the tables stay as they are."""
    _add(
        ACTED_ON,
        sa.select(EVENT.c.request_id, EVENT.c.actor_id, _side("nominating authority"))
        .join(REQUEST, REQUEST.c.id == EVENT.c.request_id)
        .where(EVENT.c.subject == "match", EVENT.c.action == "release letter added"),
    )
    _add(
        ON_PROFILE,
        # The platform has written it for whoever has sent the table.
        sa.select(EXPERT.c.id, EVENT.c.actor_id, _side("coordinator"))
        .join(EXPERT, EXPERT.c.id == EVENT.c.subject_id)
        .where(
            EVENT.c.subject == "expert",
            EVENT.c.action == "profile filled",
            EXPERT.c.state != "erased",
        ),
    )


def _side(name: str) -> sa.Label[str]:
    side: sa.Label[str] = sa.literal_column(f"'{name}'").label("side")
    return side


def _add(kept: sa.TableClause, done: sa.Select[int, int, str]) -> None:
    """Keep those of some acts that are not there."""
    found = done.where(EVENT.c.actor_id.is_not(None)).distinct().subquery()
    there = sa.exists().where(*(one == two for one, two in zip(kept.c, found.c, strict=True)))
    op.execute(
        sa.insert(kept).from_select(
            [column.name for column in kept.c], sa.select(*found.c).where(~there)
        )
    )


def downgrade() -> None:
    """Leave what is noted: the version before reads it as well."""
