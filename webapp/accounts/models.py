"""Tables of accounts; sign-in itself is Flask-Security's."""

from datetime import datetime

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.actor import Actor
from webapp.core.db import Base, enum_column
from webapp.core.record.disclosure import Person, Personal
from webapp.core.roles import Role
from webapp.core.words.search import Searchable
from webapp.core.words.translation import LabelledEnum, _

account_role = sa.Table(
    "account_role",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "role_id", sa.ForeignKey("role.id", ondelete="RESTRICT"), primary_key=True, index=True
    ),
)

# How the addresses of accounts end that were erased: a name that can never be registered.
ERASED = "@erased.invalid"


class RoleRow(Base, RoleMixin):
    """A role that accounts can have; its permissions are code, not data (core/access.py)."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Role] = mapped_column(enum_column(Role, "role_name"), unique=True)
    accounts: Mapped[list["Account"]] = relationship(secondary=account_role, back_populates="roles")


class MailChoice(LabelledEnum):
    """How somebody is told by mail of what also stands in their notices."""

    AT_ONCE = "at once", _("a mail for each notice, at once")
    DAILY = "daily", _("one mail a day, if there are new notices")
    NEVER = "never", _("no mail, only the page of notices")


class Account(Searchable, Personal, Base, UserMixin):
    """Somebody who can sign in. `institution` and `jurisdiction` are what they say of themselves.

    The organisation for which they act is made of them by an administrator (organisations/), and
    opens to them the requests of their colleagues.
    `language` is that of pages and mails, if the person has set one. Who was invited and has not
    answered has no `joined_at`; `password_set_at` is empty too for those who use a passkey alone.
    `mail_choice` says which mails they want; those about their password and sign-in leave in any
    case. What they were told before `place_left_at`, at which they lost a role or left an
    organisation, is theirs to read no more. People of the `demo` are fictional, so that nothing has
    to protect them: they need no second factor.

    The columns from `tf_` on are those that Flask-Security's parts read and write by these names.
    """

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("email <> ''", name="email_given"),
        sa.CheckConstraint(
            "(consent_version IS NULL) = (consented_at IS NULL)", name="consent_has_its_time"
        ),
        # Few are closed, and the queue looks for whom that shuts out.
        sa.Index(
            "ix_account_closed",
            "id",
            sqlite_where=sa.text("active = 0"),
            postgresql_where=sa.text("NOT active"),
        ),
    )
    searched = ("name", "institution")

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    password: Mapped[str] = mapped_column(sa.String(255))
    name: Mapped[str] = mapped_column(sa.String(200))
    institution: Mapped[str] = mapped_column(sa.String(200), default="")
    jurisdiction: Mapped[str | None] = mapped_column(sa.String(3))
    # The table stands in a package above this one, which knows its members by this number.
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    language: Mapped[str | None] = mapped_column(sa.String(8))
    mail_choice: Mapped[MailChoice] = mapped_column(
        enum_column(MailChoice, "mail_choice"),
        default=MailChoice.AT_ONCE,
        server_default=sa.text("'at once'"),
    )
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    demo: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    joined_at: Mapped[datetime | None]
    password_set_at: Mapped[datetime | None]
    consent_version: Mapped[str | None] = mapped_column(sa.String(16))
    consented_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]
    place_left_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(16))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(500))
    tf_phone_number: Mapped[str | None] = mapped_column(sa.String(1))
    tf_last_counter: Mapped[int | None] = mapped_column(sa.BigInteger)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        sa.String(64), unique=True, index=True
    )
    webauthn: Mapped[list["Passkey"]] = relationship(  # type: ignore[assignment]
        back_populates="account", cascade="all, delete-orphan", order_by="Passkey.id"
    )
    # Flask-Security types it for its own mixin, and lists of a subclass are no lists of that.
    roles: Mapped[list[RoleRow]] = relationship(  # type: ignore[assignment]
        secondary=account_role, back_populates="accounts"
    )

    @property
    def kinds(self) -> frozenset[Role]:
        """Return the roles as the access rules name them."""
        return frozenset(role.name for role in self.roles)

    def as_actor(self, address: str | None = None) -> Actor:
        """Return the person as operations know them, at this address."""
        return Actor(self.id, self.kinds, address, self.organisation_id)

    @property
    def is_erased(self) -> bool:
        """Tell whether only the number is left of this account."""
        return self.email.endswith(ERASED)

    @property
    def has_second_factor(self) -> bool:
        """Tell whether something besides the password can be asked for at the sign-in."""
        return bool(self.tf_primary_method) or bool(self.webauthn)

    @property
    def signs_in_by_passkey_alone(self) -> bool:
        """Tell whether a passkey is the only way in: there is no password that anybody knows."""
        return self.password_set_at is None and self.signs_in_by_passkey

    @property
    def signs_in_by_passkey(self) -> bool:
        """Tell whether a passkey of this account signs in without the password."""
        return any(passkey.usage == "first" for passkey in self.webauthn)

    @property
    def tells_of(self) -> Person:
        """Return the person: on a list of accounts an expert's name and address are shown, too."""
        return (Account.__tablename__, self.id)


class Passkey(Base, WebAuthnMixin):
    """A passkey of an account, as WebAuthn describes it; columns by Flask-Security's names.

    `usage` says whether it signs in alone ("first") or after the password ("secondary").
    """

    __tablename__ = "passkey"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "name"),
        sa.CheckConstraint("usage IN ('first', 'secondary')", name="usage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1024), unique=True)
    public_key: Mapped[bytes]
    name: Mapped[str] = mapped_column(sa.String(64))
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    transports: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(sa.String(64))
    extensions: Mapped[str | None] = mapped_column(sa.String(255))
    usage: Mapped[str] = mapped_column(sa.String(16))
    lastuse_datetime: Mapped[datetime]
    account: Mapped[Account] = relationship(back_populates="webauthn")


class AccountSession(Base):
    """A session of somebody who has signed in: it is worth something only while its row exists.

    The cookie holds a token of which the row has the hash, so that who reads the database can use
    none of them.
    """

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str | None] = mapped_column(sa.String(64))
    browser: Mapped[str] = mapped_column(sa.String(200), default="")
