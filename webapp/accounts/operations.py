"""What may be done with accounts."""

import secrets
import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from flask_security import hash_password
from sqlalchemy.orm import Session

from webapp.accounts.models import Account, RoleRow
from webapp.core import audit
from webapp.core.audit import Action
from webapp.core.errors import ConflictError
from webapp.core.roles import Role
from webapp.core.translation import _
from webapp.core.unit_of_work import UnitOfWork


def ensure_roles(session: Session) -> None:
    """Make the rows of the roles that the code knows; those that exist stay."""
    known = set(session.scalars(sa.select(RoleRow.name)))
    session.add_all(RoleRow(name=role) for role in Role if role not in known)
    session.flush()


def create(
    work: UnitOfWork,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    password: str,
    institution: str = "",
    jurisdiction: str | None = None,
) -> Account:
    """Make an account; the address is kept in lower case and must be new."""
    session = work.session
    email = email.strip().lower()
    if session.scalars(sa.select(Account).where(Account.email == email)).first():
        raise ConflictError(_("There is an account for %(email)s already.", email=email))
    wanted = set(roles)
    rows = session.scalars(sa.select(RoleRow).where(RoleRow.name.in_(wanted))).all()
    account = Account(
        email=email,
        name=name,
        password=hash_password(password),
        institution=institution,
        jurisdiction=jurisdiction,
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=work.now,
        roles=list(rows),
    )
    session.add(account)
    session.flush()
    audit.record(work, Action.ACCOUNT_CREATED, account, roles=sorted(wanted))
    return account


def choose_language(work: UnitOfWork, account: Account, language: str) -> None:
    """Keep the language in which somebody reads pages and mails; the same again is no change."""
    if account.language == language:
        return
    before, account.language = account.language, language
    audit.record(
        work, Action.ACCOUNT_CHANGED, account, field="language", before=before, after=language
    )


def new_password() -> str:
    """Return a password nobody has to remember: 128 bits, for people to change or to copy."""
    return secrets.token_urlsafe(16)
