"""Tables of accounts; sign-in itself is Flask-Security's."""

from datetime import datetime

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.core.db import Base, enum_column
from webapp.core.roles import Role
from webapp.core.search import Searchable

account_role = sa.Table(
    "account_role",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id", ondelete="RESTRICT"), primary_key=True),
)


class RoleRow(Base, RoleMixin):
    """A role that accounts can have; its permissions are code, not data (core/access.py)."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Role] = mapped_column(enum_column(Role, "role_name"), unique=True)
    accounts: Mapped[list["Account"]] = relationship(secondary=account_role, back_populates="roles")


class Account(Searchable, Base, UserMixin):
    """Somebody who can sign in. `institution` and `jurisdiction` are what they say of themselves.

    The organisation for which they act is made of them by an administrator (organisations/), and
    opens to them the requests of their colleagues.
    `language` is that of pages and mails, if the person has set one.
    """

    __tablename__ = "account"
    __table_args__ = (sa.CheckConstraint("email = lower(email)", name="email_lower"),)
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
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    # Flask-Security types it for its own mixin, and lists of a subclass are no lists of that.
    roles: Mapped[list[RoleRow]] = relationship(  # type: ignore[assignment]
        secondary=account_role, back_populates="accounts"
    )

    @property
    def kinds(self) -> frozenset[Role]:
        """Return the roles as the access rules name them."""
        return frozenset(role.name for role in self.roles)
