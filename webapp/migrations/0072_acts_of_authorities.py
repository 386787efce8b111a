"""What people have done for an authority stands beside requests and profiles, as the log has it."""

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import change_checks, one_of

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

AUTHORITY, COORDINATOR, PERSON = "nominating authority", "coordinator", "expert"
# What people do on either side, as the log calls it at this revision.
RELEASES = ("match: release", "match: refuse the release")
APPROVALS = ("approval: grant", "approval: withdraw")
NOMINATIONS = ("expert: take the nomination back",)
OFFICE = {
    "expert": (
        "expert: start screening", "expert: activate", "expert: refuse", "expert: suspend",
        "expert: reactivate", "expert: note that it is still true",
        "expert: take off the roster", "expert: take up again", "authority changed",
    ),
    "approval": ("approval: record", "approval: record the withdrawal"),
    "identity_change": ("identity_change: confirm", "identity_change: refuse"),
    "profile_question": ("profile_question: ask", "profile_question: drop"),
}  # fmt: skip
_CHECK = "ck_acted_on_side"
_BEFORE = ("requester", COORDINATOR)

EVENT = sa.table(
    "audit_event",
    *(
        sa.column(name)
        for name in ("request_id", "actor_id", "role", "subject", "subject_id", "action")
    ),
)
REQUEST = sa.table("expertise_request", sa.column("id"))
EXPERT = sa.table("expert", sa.column("id"), sa.column("account_id"))
MERGE = sa.table("profile_merge", sa.column("expert_id"), sa.column("account_id"))
ACTED_ON = sa.table("acted_on", *(sa.column(name) for name in ("request_id", "account_id", "side")))
ON_PROFILE = sa.table(
    "acted_on_profile", *(sa.column(name) for name in ("expert_id", "account_id", "side"))
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    change_checks("acted_on", {_CHECK: one_of("side", (*_BEFORE, AUTHORITY))})
    op.execute(
        sa.insert(ACTED_ON).from_select(
            ["request_id", "account_id", "side"],
            _by_people(EVENT.c.request_id, AUTHORITY)
            .join(REQUEST, REQUEST.c.id == EVENT.c.request_id)
            .where(EVENT.c.subject == "match", EVENT.c.action.in_(RELEASES))
            .distinct(),
        )
    )
    op.create_table(
        "acted_on_profile",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                PERSON, COORDINATOR, AUTHORITY,
                name="side", native_enum=False, length=32, create_constraint=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            one_of("side", (PERSON, COORDINATOR, AUTHORITY)), name=op.f("ck_acted_on_profile_side")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"],
            ["expert.id"],
            name=op.f("fk_acted_on_profile_expert_id_expert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "expert_id", "account_id", "side", name=op.f("pk_acted_on_profile")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_acted_on_profile_account_id"), "acted_on_profile", ["account_id"])
    found = sa.union(
        *(_steps(table, actions, COORDINATOR) for table, actions in OFFICE.items()),
        _steps("approval", APPROVALS, AUTHORITY),
        _steps("expert", NOMINATIONS, AUTHORITY),
        _nominations(),
        _joined(),
    ).subquery()
    op.execute(
        sa.insert(ON_PROFILE).from_select(["expert_id", "account_id", "side"], sa.select(*found.c))
    )


def _by_people(number: sa.ColumnElement[int], side: str) -> sa.Select[int, int, str]:
    """Choose what people have done themselves."""
    chosen = sa.select(number, EVENT.c.actor_id, sa.literal_column(f"'{side}'").label("side"))
    return chosen.where(EVENT.c.actor_id.is_not(None), EVENT.c.role != "system")


def _steps(subject: str, actions: tuple[str, ...], side: str) -> sa.Select[int, int, str]:
    """Choose the steps taken with profiles, or with a part of one."""
    key = "id" if subject == "expert" else "expert_id"
    names = dict.fromkeys(("id", key))
    table = EXPERT if subject == "expert" else sa.table(subject, *map(sa.column, names))
    return (
        _by_people(table.c[key], side)
        .join(table, table.c.id == EVENT.c.subject_id)
        .where(EVENT.c.subject == subject, EVENT.c.action.in_(actions))
    )


def _nominations() -> sa.Select[int, int, str]:
    """Choose who has put somebody forward that was no coordinator besides: the log does not say in
    which role such a one did it."""
    return (
        _by_people(EXPERT.c.id, AUTHORITY)
        .join(EXPERT, EXPERT.c.id == EVENT.c.subject_id)
        .where(
            EVENT.c.subject == "expert",
            EVENT.c.action == "profile created",
            EVENT.c.role.contains(AUTHORITY),
            ~EVENT.c.role.contains(COORDINATOR),
            sa.func.coalesce(EXPERT.c.account_id, 0) != EVENT.c.actor_id,
        )
    )


def _joined() -> sa.Select[int, int, str]:
    """Choose the accounts that have lost their profile to another one of the same person."""
    side: sa.Label[str] = sa.literal_column(f"'{PERSON}'").label("side")
    chosen = sa.select(MERGE.c.expert_id, MERGE.c.account_id, side)
    return chosen.where(MERGE.c.account_id.is_not(None))


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("acted_on_profile")
    op.execute(sa.delete(ACTED_ON).where(ACTED_ON.c.side == AUTHORITY))
    change_checks("acted_on", {_CHECK: one_of("side", _BEFORE)})
