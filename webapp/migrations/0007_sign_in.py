"""Sessions on the server, second factors, passkeys, consent, and links by mail."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from webapp.core.schema.migrating import add_checks, drop_checks

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "joined_at": MOMENT,
    "password_set_at": MOMENT,
    "consent_version": sa.String(16),
    "consented_at": MOMENT,
    "last_sign_in_at": MOMENT,
    "tf_primary_method": sa.String(16),
    "tf_totp_secret": sa.String(500),
    "tf_phone_number": sa.String(1),
    "tf_last_counter": sa.BigInteger(),
    "mf_recovery_codes": sa.JSON(),
    "fs_webauthn_user_handle": sa.String(64),
}
CONSENT_HAS_ITS_TIME = "ck_account_consent_has_its_time"


def upgrade() -> None:
    """Bring the tables to this revision; whoever had an account has joined when it was made."""
    _extend_account()
    op.execute("UPDATE account SET joined_at = created_at, password_set_at = created_at")
    _make_passkeys()
    _make_sessions()
    _make_links()
    op.add_column("outbox_message", sa.Column("address", sa.String(length=254), nullable=True))
    op.add_column("outbox_message", sa.Column("secret_link", sa.LargeBinary(), nullable=True))


def _extend_account() -> None:
    op.add_column(
        "account", sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    for name, kind in COLUMNS.items():
        op.add_column("account", sa.Column(name, kind, nullable=True))
    op.create_index(
        op.f("ix_account_fs_webauthn_user_handle"),
        "account",
        ["fs_webauthn_user_handle"],
        unique=True,
    )
    add_checks(
        "account",
        {CONSENT_HAS_ITS_TIME: "(consent_version IS NULL) = (consented_at IS NULL)"},
    )


def _make_passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("usage", sa.String(length=16), nullable=False),
        sa.Column("lastuse_datetime", MOMENT, nullable=False),
        sa.CheckConstraint("usage IN ('first', 'secondary')", name=op.f("ck_passkey_usage")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["account.id"], name=op.f("fk_passkey_user_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_passkey_user_id_name")),
    )


def _make_sessions() -> None:
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_session_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"])
    op.create_index(op.f("ix_account_session_last_seen_at"), "account_session", ["last_seen_at"])


def _make_links() -> None:
    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation",
                "new password",
                "new address",
                name="link_purpose",
                native_enum=False,
                length=32,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_link_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_link_token_hash")),
        sa.UniqueConstraint(
            "account_id", "purpose", name=op.f("uq_account_link_account_id_purpose")
        ),
    )
    op.create_table(
        "account_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("jurisdiction", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_request")),
    )


def downgrade() -> None:
    """Take this revision back."""
    op.drop_table("account_request")
    op.drop_table("account_link")
    op.drop_table("account_session")
    op.drop_table("passkey")
    op.drop_column("outbox_message", "secret_link")
    op.drop_column("outbox_message", "address")
    drop_checks("account", [CONSENT_HAS_ITS_TIME])
    op.drop_index(op.f("ix_account_fs_webauthn_user_handle"), table_name="account")
    for name in (*reversed(COLUMNS), "demo"):
        op.drop_column("account", name)
