"""Authorities that nominate, approve and release; joining the roster, and staying true on it.

An approval that a profile had becomes a row, recorded by nobody. Whoever is active has agreed to be
so when the account was agreed to, or at the latest when the profile was last confirmed.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import (
    add_checks,
    add_reference,
    change_checks,
    drop_checks,
    drop_reference,
    one_of,
)

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES = ("nominated", "screening", "active", "suspended")
MORE_STATES = (
    "nominated", "screening", "active", "dormant", "suspended", "withdrawn", "expired",
)  # fmt: skip
PURPOSES = ("invitation", "new password", "new address")
EXPERT_CHECKS = {
    "ck_expert_availability": one_of("availability", ("free", "partly", "not free")),
    "ck_expert_consent_has_its_time": "(consent_version IS NULL) = (consented_at IS NULL)",
    "ck_expert_consent": "consented_at IS NOT NULL OR state NOT IN ('active', 'dormant')",
    "ck_expert_availability_has_its_time": "(availability IS NULL) = (availability_at IS NULL)",
}
# How a consent is marked that was given before it was asked for by itself.
BEFORE = "before"


def upgrade() -> None:
    """Bring the tables to this revision."""
    _add_columns()
    _make_tables()
    _carry_over()
    change_checks("expert", {"ck_expert_state": one_of("state", MORE_STATES)})
    add_checks("expert", EXPERT_CHECKS)
    change_checks(
        "account_link",
        {"ck_account_link_link_purpose": one_of("purpose", (*PURPOSES, "still true"))},
    )
    add_checks("account_request", {"ck_account_request_role": "role IN ('requester', 'expert')"})
    add_checks(
        "platform_settings",
        {"ck_platform_settings_ask_every_months": "ask_every_months BETWEEN 1 AND 24"},
    )


def _add_columns() -> None:
    moment = sa.DateTime(timezone=True)
    empty = sa.text("''")
    for table, column in (
        (
            "expert",
            sa.Column("contact_email", sa.String(254), server_default=empty, nullable=False),
        ),
        ("expert", sa.Column("telephone", sa.String(40), server_default=empty, nullable=False)),
        ("expert", sa.Column("consent_version", sa.String(16), nullable=True)),
        ("expert", sa.Column("consented_at", moment, nullable=True)),
        ("expert", sa.Column("availability", sa.String(32), nullable=True)),
        ("expert", sa.Column("availability_at", moment, nullable=True)),
        ("expert", sa.Column("asked_at", moment, nullable=True)),
        (
            "account_request",
            sa.Column("role", sa.String(32), server_default="requester", nullable=False),
        ),
        (
            "platform_settings",
            sa.Column(
                "experts_on_request", sa.Boolean(), server_default=sa.false(), nullable=False
            ),
        ),
        (
            "platform_settings",
            sa.Column("ask_every_months", sa.Integer(), server_default="3", nullable=False),
        ),
    ):
        op.add_column(table, column)
    add_reference("expert", "authority_id", "organisation", ondelete="RESTRICT")


def _make_tables() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", moment, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("letter", sa.String(length=200), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            one_of("state", ("granted", "withdrawn")), name=op.f("ck_approval_state")
        ),
        sa.CheckConstraint("until >= starts", name=op.f("ck_approval_period")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (ended_on IS NOT NULL)", name=op.f("ck_approval_withdrawn")
        ),
        sa.CheckConstraint(
            "reason_id IS NOT NULL OR state <> 'withdrawn'",
            name=op.f("ck_approval_withdrawn_with_reason"),
        ),
        *_keys("approval", organisation="RESTRICT", reason="RESTRICT"),
    )
    op.create_table(
        "profile_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", moment, nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            one_of("state", ("open", "answered", "dropped")), name=op.f("ck_profile_question_state")
        ),
        *_keys("profile_question", reason="RESTRICT"),
    )
    op.create_table(
        "phone_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("done_at", moment, nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by IS NULL)", name=op.f("ck_phone_call_done")
        ),
        *_keys("phone_call"),
    )
    op.create_table(
        "release_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["match.id"],
            name=op.f("fk_release_letter_match_id_match"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_letter")),
        sa.UniqueConstraint("match_id", name=op.f("uq_release_letter_match_id")),
    )
    for table, column in (
        ("approval", "expert_id"), ("approval", "organisation_id"), ("approval", "reason_id"),
        ("profile_question", "expert_id"), ("profile_question", "reason_id"),
        ("phone_call", "expert_id"),
    ):  # fmt: skip
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _keys(table: str, **others: str) -> list[sa.schema.SchemaItem]:
    """Return the keys of a part of a profile, and what it refers to besides."""
    references = {"expert": "CASCADE", **others}
    return [
        *(
            sa.ForeignKeyConstraint(
                [f"{target}_id"],
                [f"{target}.id"],
                name=op.f(f"fk_{table}_{target}_id_{target}"),
                ondelete=ondelete,
            )
            for target, ondelete in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _carry_over() -> None:
    """Give each approval that was noted its row, and each active profile its consent."""
    connection = op.get_bind()
    since = (
        "COALESCE(expert.last_confirmed_at,"
        " (SELECT account.created_at FROM account WHERE account.id = expert.account_id), :now)"
    )
    now = datetime(2015, 1, 1, tzinfo=UTC)  # The year in which the roster began.
    moment = sa.bindparam("now", now, sa.DateTime(timezone=True))
    connection.execute(
        sa.text(
            "INSERT INTO approval (expert_id, state, state_since, scope, letter, starts, until,"  # noqa: S608
            f" version) SELECT id, 'granted', {since}, '', '', '2015-01-01', approved_until, 1"
            " FROM expert WHERE approved_until IS NOT NULL"
        ).bindparams(moment)
    )
    connection.execute(
        sa.text(
            f"UPDATE expert SET consent_version = '{BEFORE}', consented_at = {since}"  # noqa: S608
            " WHERE state IN ('active', 'suspended')"
        ).bindparams(moment)
    )


def downgrade() -> None:
    """Bring the tables back to the revision before: who is off the roster is suspended there."""
    connection = op.get_bind()
    drop_checks("expert", list(EXPERT_CHECKS))
    connection.execute(
        sa.text(
            "UPDATE expert SET state = 'suspended'"
            " WHERE state IN ('dormant', 'withdrawn', 'expired')"
        )
    )
    connection.execute(sa.text("DELETE FROM account_link WHERE purpose = 'still true'"))
    connection.execute(sa.text("DELETE FROM account_request WHERE role <> 'requester'"))
    change_checks("expert", {"ck_expert_state": one_of("state", STATES)})
    change_checks("account_link", {"ck_account_link_link_purpose": one_of("purpose", PURPOSES)})
    drop_checks("account_request", ["ck_account_request_role"])
    drop_checks("platform_settings", ["ck_platform_settings_ask_every_months"])
    for table in ("release_letter", "phone_call", "profile_question", "approval"):
        op.drop_table(table)
    drop_reference("expert", "authority_id", "organisation", ondelete="RESTRICT")
    for table, columns in {
        "expert": (
            "contact_email", "telephone", "consent_version", "consented_at", "availability",
            "availability_at", "asked_at",
        ),
        "account_request": ("role",),
        "platform_settings": ("experts_on_request", "ask_every_months"),
    }.items():  # fmt: skip
        for column in columns:
            op.drop_column(table, column)
