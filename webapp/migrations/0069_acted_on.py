"""For which side people have acted on requests, which the log knows, stands beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

# What people do on either side, as the log calls it at this revision.
ASKING = (
    "request drafted", "request edited", "request taken over",
    "request: submit", "request: take back", "request: confirm", "request: withdraw",
    "request: discard", "amendment: ask for it", "amendment: accept it", "amendment: decline it",
    "amendment: retract it", "match: select", "match: keep as alternate", "match: pass over",
    "match: take back the selection",
)  # fmt: skip
OFFICE = (
    "request: accept", "request: return", "request: decline", "request: start matching",
    "request: propose", "request: reopen", "request: close", "request: close with those selected",
    "request: leave unfilled", "amendment: offer it", "amendment: agree to it",
    "amendment: refuse it", "amendment: take it back", "amendment: let it lapse",
    "match: shortlist", "match: invite", "match: note the yes", "match: note the no",
    "match: ask for release", "match: record the release", "match: record the refusal",
    "match: approve", "match: propose", "match: ask anew", "match: reconsider", "match: cancel",
    "match: take back the proposal",
)  # fmt: skip
EVENT = sa.table(
    "audit_event",
    *(sa.column(name) for name in ("request_id", "actor_id", "role", "subject", "action")),
)
REQUEST = sa.table("expertise_request", sa.column("id"))
ACTED_ON = sa.table("acted_on", *(sa.column(name) for name in ("request_id", "account_id", "side")))


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "acted_on",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "requester", "coordinator",
                name="side", native_enum=False, length=32, create_constraint=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("side IN ('requester', 'coordinator')", name=op.f("ck_acted_on_side")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["expertise_request.id"],
            name=op.f("fk_acted_on_request_id_expertise_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "account_id", "side", name=op.f("pk_acted_on")),
    )  # fmt: skip
    op.create_index(op.f("ix_acted_on_account_id"), "acted_on", ["account_id"])
    for side, actions in (("requester", ASKING), ("coordinator", OFFICE)):
        known = sa.select(REQUEST.c.id)
        acts = sa.select(EVENT.c.request_id, EVENT.c.actor_id, sa.literal_column(f"'{side}'"))
        op.execute(
            sa.insert(ACTED_ON).from_select(
                ["request_id", "account_id", "side"],
                acts.where(
                    EVENT.c.request_id.in_(known),
                    EVENT.c.actor_id.is_not(None),
                    EVENT.c.role != "system",
                    EVENT.c.subject.in_(["expertise_request", "match", "amendment"]),
                    EVENT.c.action.in_(actions),
                ).distinct(),
            )
        )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("acted_on")
