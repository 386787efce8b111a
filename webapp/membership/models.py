"""Tables of the ways into an account: links by mail, and requests of strangers for an account."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import Account
from webapp.core.db import Base, enum_column
from webapp.core.roles import Role


class LinkPurpose(enum.StrEnum):
    """What a link by mail lets somebody do."""

    INVITATION = "invitation"
    NEW_PASSWORD = "new password"  # noqa: S105 - No password, but the way to one.
    NEW_ADDRESS = "new address"
    STILL_TRUE = "still true"


class AccountLink(Base):
    """A link that was sent to `email`, good for one use; the row goes when it has been used.

    An account has at most one for each purpose: a newer one makes the one before worthless. The
    row has the hash of what the link holds, so that who reads the database can use none of them.
    """

    __tablename__ = "account_link"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "purpose"),
        sa.CheckConstraint("email <> ''", name="email_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[LinkPurpose] = mapped_column(enum_column(LinkPurpose, "link_purpose"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    account: Mapped[Account] = relationship()


class AccountRequest(Base):
    """A stranger's request for an account, until SEESAC has decided; experts join the roster."""

    __tablename__ = "account_request"
    __table_args__ = (
        sa.CheckConstraint("role IN ('requester', 'expert')", name="role"),
        sa.CheckConstraint("email <> ''", name="email_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(200))
    institution: Mapped[str] = mapped_column(sa.String(200))
    jurisdiction: Mapped[str] = mapped_column(sa.String(3))
    language: Mapped[str | None] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str] = mapped_column(
        sa.String(32), default=Role.REQUESTER.value, server_default="requester"
    )
    created_at: Mapped[datetime]
