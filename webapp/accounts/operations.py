"""What may be done with accounts."""

import secrets
import uuid
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from blinker import Signal
from flask_security import hash_password
from sqlalchemy.orm import Session

from webapp.accounts import queries, rules
from webapp.accounts.models import Account, AccountSession, MailChoice, RoleRow
from webapp.core import ciphers, ways_in
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError, NotFoundError
from webapp.core.portions import delete_some
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _

DISABLED = _("This account is disabled. Please write to your coordinator.")
# Sent with the work, the account and what was done when a way in was set, changed or removed: its
# owner is told.
way_in_changed = Signal()
# Sent with the work and the account that is to be opened again; who knows what stands against it
# raises ConflictError.
reactivating = Signal()
# Sent with the work and the account when all its sessions end: what else leads into it ends, too.
all_sessions_ended = Signal()
# Sent with the work and the account when one of its sessions is ended from the list of them, and
# with the moment at which that one began: what was made since may have been made in it.
one_session_ended = Signal()
# Sent with the work and the account of whoever has lost a role or left an organisation: what was
# told to them as one of those is not theirs to read any more.
place_left = Signal()
# Sent with the work and the account of whoever is both a coordinator and one who asks from now on:
# of the same requests they read less.
asks_as_well = Signal()


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
    password: str | None = None,
    institution: str = "",
    jurisdiction: str | None = None,
    language: str | None = None,
    demo: bool = False,
) -> Account:
    """Make an account; the address is kept in lower case and must be new.

    Without a password nobody can sign in until the person has answered an invitation.
    """
    session = work.session
    email = rules.spelled_once(email.strip()).lower()
    if session.scalars(sa.select(Account).where(Account.email == email)).first():
        raise ConflictError(_("There is an account for %(email)s already.", email=email))
    wanted = set(roles)
    _refuse_together(wanted)
    ways_in.insist_on_who_it_is(work)
    account = Account(
        email=email,
        name=name,
        password=hash_password(rules.in_one_form(password)) if password else _unknown_hash(),
        institution=institution,
        jurisdiction=jurisdiction,
        language=language,
        active=True,
        demo=demo,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=work.now,
        joined_at=work.now if password else None,
        password_set_at=work.now if password else None,
        roles=_rows_of(session, wanted),
    )
    session.add(account)
    session.flush()
    audit.record(work, Action.ACCOUNT_CREATED, account, roles=sorted(wanted))
    return account


@cache
def _unknown_hash() -> str:
    """Return the hash of a password that is kept nowhere: with it nobody signs in, and trying takes
    as long as for any account.

    One is enough for all whom a process invites; each of their own would be hashed while others
    wait to write.
    """
    return str(hash_password(new_password()))


def _refuse_together(roles: Set[Role]) -> None:
    if why_not := rules.why_not_together(roles):
        raise ConflictError(why_not)


def _rows_of(session: Session, roles: Set[Role]) -> list[RoleRow]:
    return list(session.scalars(sa.select(RoleRow).where(RoleRow.name.in_(roles))))


def choose_language(work: UnitOfWork, account: Account, language: str) -> None:
    """Keep the language in which somebody reads pages and mails; the same again is no change."""
    lock(work.session, account)
    if account.language == language:
        return
    before, account.language = account.language, language
    audit.record(
        work, Action.ACCOUNT_CHANGED, account, field="language", before=before, after=language
    )


def change_roles(
    work: UnitOfWork, account: Account, roles: Iterable[Role], *, seen: Set[str] | None = None
) -> None:
    """Give an account other roles; all its sessions end, so that none goes on with the old ones.

    `seen` are those that it had when somebody decided this: who took one away meanwhile must not
    find it given back by a page that was older.
    """
    refuse_own(work, account)
    wanted = set(roles)
    if not wanted:
        raise ConflictError(_("An account needs at least one role."))
    begin(work, account)
    if wanted == account.kinds:
        return
    _refuse_together(wanted)
    if seen is not None and seen != account.kinds:
        raise ConflictError(
            _("Somebody else has changed these roles in the meantime. Please look at them again.")
        )
    if Role.ADMINISTRATOR not in wanted:
        _keep_an_administrator(work, account)
    before, both = sorted(account.kinds), {Role.REQUESTER, Role.COORDINATOR}
    account.roles = _rows_of(work.session, wanted)
    audit.record(work, Action.ROLES_CHANGED, account, before=before, after=sorted(wanted))
    end_sessions(work, account)
    if not wanted.issuperset(before):
        place_left.send(account, work=work)
    elif not both.issubset(before) and both <= wanted:
        asks_as_well.send(account, work=work)


def disable(work: UnitOfWork, account: Account) -> None:
    """Let somebody sign in no more, and end all their sessions at once."""
    refuse_own(work, account)
    begin(work, account)
    if not account.active:
        return
    _keep_an_administrator(work, account)
    account.active = False
    audit.record(work, Action.ACCOUNT_DISABLED, account)
    end_sessions(work, account)


def reactivate(work: UnitOfWork, account: Account) -> None:
    """Let somebody sign in again whose account was disabled."""
    refuse_own(work, account)
    begin(work, account)
    if not account.active:
        reactivating.send(account, work=work)
        account.active = True
        audit.record(work, Action.ACCOUNT_REACTIVATED, account)


def close_for_good(work: UnitOfWork, account: Account) -> None:
    """Take from an account all by which it is entered, and what it may do, before it is erased.

    Whoever tells its person of a request waits from now on, so their requests are locked before.
    """
    begin(work, account)
    _keep_an_administrator(work, account)
    account.active = False
    account.roles.clear()
    end_sessions(work, account)


def begin(work: UnitOfWork, account: Account) -> None:
    """Lock an account that something is decided about, unless only its number is left."""
    lock(work.session, account)
    refuse_erased(account)


def refuse_erased(account: Account) -> None:
    """Refuse to give anything to an account of which only the number is left.

    Nobody could use it, and yet it would count: as an administrator, or as somebody's colleague.
    """
    if account.is_erased:
        raise ConflictError(_("This person was erased. Nothing brings the account back."))


def refuse_own(work: UnitOfWork, account: Account) -> None:
    """Refuse to let anybody decide what their own account may reach: its roles, whose member it is,
    whether it is open at all (decision 130)."""
    if work.actor.id == account.id:
        raise ForbiddenError(
            _("Nobody decides about their own account; ask another administrator.")
        )


def _keep_an_administrator(work: UnitOfWork, account: Account) -> None:
    """Refuse to take the last administrator away: nobody could give the platform another one."""
    if Role.ADMINISTRATOR not in account.kinds:
        return
    work.session.flush()
    # The role's row is locked, so that of two who take each other away one is refused.
    work.session.execute(
        sa.select(RoleRow.id).where(RoleRow.name == Role.ADMINISTRATOR).with_for_update()
    )
    others = sa.select(sa.func.count()).where(
        Account.active,
        Account.joined_at.is_not(None),
        Account.id != account.id,
        Account.roles.any(RoleRow.name == Role.ADMINISTRATOR),
    )
    if not work.session.scalar(others):
        raise ConflictError(_("This is the only administrator who can sign in."))


def set_password(work: UnitOfWork, account: Account, hashed: str) -> None:
    """Give an account a new password, of which `hashed` is the hash, and end all its sessions."""
    account.password, account.password_set_at = hashed, work.now
    audit.record(work, Action.PASSWORD_CHANGED, account)
    end_sessions(work, account)
    way_in_changed.send(account, work=work, what=Action.PASSWORD_CHANGED)


def consent(work: UnitOfWork, account: Account) -> None:
    """Note that somebody agreed to the privacy notice of now."""
    account.consent_version, account.consented_at = rules.CONSENT_VERSION, work.now
    audit.record(work, Action.CONSENTED, account, version=rules.CONSENT_VERSION)


def _note(work: UnitOfWork, account: Account, what: Action, **about: Any) -> None:
    audit.record(work, what, account, **about)
    way_in_changed.send(account, work=work, what=what)


def set_authenticator(work: UnitOfWork, account: Account, secret: str) -> None:
    """Ask for codes of the application that has this (encrypted) secret at each sign-in."""
    account.tf_primary_method, account.tf_totp_secret = "authenticator", secret
    _note(work, account, Action.SECOND_FACTOR_CHANGED, factor="application", now="on")


def remove_authenticator(work: UnitOfWork, account: Account) -> None:
    """Ask for no codes any more, unless the roles need a second factor and there is no other."""
    lock(work.session, account)
    if account.tf_primary_method is None:
        return
    if not account.webauthn:
        _refuse_without_second_factor(account)
        account.mf_recovery_codes = None
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_counter = None
    _note(work, account, Action.SECOND_FACTOR_CHANGED, factor="application", now="off")


def refuse_last_passkey(session: Session, account: Account, name: str) -> None:
    """Refuse to remove the passkey of this name if the account could not be entered without it.

    Until the removal is committed no other way into the account can be removed.
    """
    lock(session, account)
    left = [passkey for passkey in account.webauthn if passkey.name != name]
    if account.password_set_at is None and not any(one.usage == "first" for one in left):
        raise ConflictError(_("You sign in by this passkey alone. Set a password before."))
    if not left and not account.tf_primary_method:
        _refuse_without_second_factor(account)


def _refuse_without_second_factor(account: Account) -> None:
    if rules.needs_second_factor(account.kinds, demo=account.demo):
        raise ConflictError(_("Your role needs a second factor. Add another one before."))


def note_recovery_codes(work: UnitOfWork, account: Account) -> None:
    """Note that new recovery codes were made; they are shown once."""
    _note(work, account, Action.RECOVERY_CODES_MADE)


def note_passkey_added(work: UnitOfWork, account: Account) -> None:
    """Note that a passkey was added."""
    _note(work, account, Action.PASSKEY_ADDED)


def note_passkey_removed(work: UnitOfWork, account: Account, name: str) -> None:
    """Note that the passkey of this name is removed; codes go with the last second factor, in whose
    place they stand, and the next one brings others."""
    if not account.tf_primary_method and {passkey.name for passkey in account.webauthn} == {name}:
        account.mf_recovery_codes = None
    _note(work, account, Action.PASSKEY_REMOVED)


def begin_session(work: UnitOfWork, account: Account, *, browser: str, how: str) -> str:
    """Begin a session of somebody who has signed in, and return the token that their cookie holds.

    `browser` is what it calls itself, and `how` the ways in which the person has signed in. Raises
    ConflictError for an account that is disabled, whatever was shown.
    """
    lock(work.session, account)
    if not account.active:
        raise ConflictError(DISABLED)
    token = secrets.token_urlsafe(32)
    work.session.add(
        AccountSession(
            account_id=account.id,
            token_hash=ciphers.hash_of(token),
            created_at=work.now,
            last_seen_at=work.now,
            address=work.actor.address,
            browser=browser[:200],
        )
    )
    account.last_sign_in_at = work.now
    audit.record(work, Action.SIGNED_IN, account, how=how)
    return token


def end_sessions(work: UnitOfWork, account: Account) -> None:
    """End all sessions of an account.

    With all of them ends what has only begun: a sign-in that still waits for its code, and the
    links to a new password and to joining.
    """
    account.fs_uniquifier = uuid.uuid4().hex
    all_sessions_ended.send(account, work=work)
    _delete_sessions(work, account)


def end_session(work: UnitOfWork, account: Account, number: int) -> None:
    """End one session of an account; raises NotFoundError if it has ended already."""
    began = _delete_sessions(work, account, AccountSession.id == number)
    if not began:
        raise NotFoundError(_("This session has ended already."))
    one_session_ended.send(account, work=work, began=began[0])


def _delete_sessions(
    work: UnitOfWork, account: Account, *which: sa.ColumnElement[bool]
) -> Sequence[datetime]:
    """Delete sessions of an account, note how many, and return when they began."""
    chosen = sa.delete(AccountSession).where(AccountSession.account_id == account.id, *which)
    ended = work.session.scalars(chosen.returning(AccountSession.created_at)).all()
    if ended:
        audit.record(work, Action.SESSIONS_ENDED, account, number=len(ended))
    return ended


def end_all_of(work: UnitOfWork, account: Account) -> None:
    """End all sessions of somebody else."""
    refuse_own(work, account)
    lock(work.session, account)
    end_sessions(work, account)


def sign_out(work: UnitOfWork, account: Account, token: str) -> None:
    """End the session whose cookie holds `token`."""
    work.session.execute(
        sa.delete(AccountSession).where(AccountSession.token_hash == ciphers.hash_of(token))
    )
    audit.record(work, Action.SIGNED_OUT, account)


def delete_old_sessions(session: Session, began_before: datetime, used_before: datetime) -> None:
    """Delete the sessions that are over by their age or by their last use."""
    delete_some(session, AccountSession, queries.sessions_over(began_before, used_before))


def choose_mail(work: UnitOfWork, account: Account, choice: MailChoice) -> None:
    """Keep which mails somebody wants; the same again is no change."""
    lock(work.session, account)
    if account.mail_choice is choice:
        return
    before, account.mail_choice = account.mail_choice, choice
    audit.record(
        work, Action.ACCOUNT_CHANGED, account, field="mail_choice", before=before, after=choice
    )


def new_password() -> str:
    """Return a password nobody has to remember: 128 bits, for people to change or to copy."""
    return secrets.token_urlsafe(16)
