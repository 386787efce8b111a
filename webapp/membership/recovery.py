"""The way back for somebody who cannot sign in: a new password, or a second factor that is lost."""

from webapp.accounts import operations as accounts
from webapp.accounts import queries as people
from webapp.accounts.models import Account
from webapp.core.db import lock
from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _
from webapp.membership import letters, links, queries
from webapp.membership.models import LinkPurpose
from webapp.membership.queries import Asked
from webapp.membership.rules import LostFactor
from webapp.messages import operations as messages


def ask_for_password_link(work: UnitOfWork, email: str) -> None:
    """Note that a stranger has asked for a link to a new password, whoever has this address.

    That is all, so that the answer takes as long for an address that nobody has. The job worker
    reads it in the log and does the rest.
    """
    account = people.find_by_email(work.session, email)
    audit.record(work, Action.PASSWORD_LINK_ASKED, account or Account)


def answer_asked(work: UnitOfWork, asked: Asked) -> None:
    """Send the link that was asked for, once, or note that there is none to send."""
    account = work.session.get_one(Account, asked.account_id)
    lock(work.session, account)  # First, as does whoever drops what was asked for.
    if not messages.say_once(work, asked.key):
        return
    if why_no_link(work, account):
        audit.record(work, Action.PASSWORD_LINK_NOT_SENT, account)
        return
    _send_link(work, account)


def drop_asked(account: Account, *, work: UnitOfWork) -> None:
    """Let nobody answer what was asked for before all sessions of an account ended: a link that is
    made only when it is sent would outlive what shuts others out."""
    for asked in queries.list_links_asked(work.session, work.now, account.id):
        if messages.say_once(work, asked.key):
            audit.record(work, Action.PASSWORD_LINK_NOT_SENT, account)


def send_password_link(work: UnitOfWork, account: Account) -> None:
    """Send a link to a new password, or refuse in words: whoever runs the platform may know why."""
    if refusal := why_no_link(work, account):
        raise ConflictError(refusal)
    _send_link(work, account)


def why_no_link(work: UnitOfWork, account: Account) -> Message | None:
    """Say why no link to a new password is sent to the owner of an account."""
    if not account.active or not account.joined_at:
        return _("Nobody can sign in with this account: it is disabled, or nobody has joined yet.")
    if links.was_just_sent(work, account, LinkPurpose.NEW_PASSWORD, account.email):
        return _("Such a link was sent a moment ago, and is on its way.")
    return None


def _send_link(work: UnitOfWork, account: Account) -> None:
    audit.record(work, Action.PASSWORD_LINK_SENT, account)
    token = links.make(work, account, LinkPurpose.NEW_PASSWORD, account.email)
    messages.queue(work, account.id, letters.new_password(token))


def set_forgotten_password(work: UnitOfWork, token: str, hashed: str) -> Account:
    """Set a new password by a link; all sessions end."""
    account = links.use(work, LinkPurpose.NEW_PASSWORD, token).account
    accounts.set_password(work, account, hashed)
    return account


def reset_second_factor(work: UnitOfWork, account: Account, why: LostFactor) -> None:
    """Take off somebody's second factors, which they have lost; all their sessions end.

    The next sign-in is by the password alone, and before anything else it asks those for a new one
    whose role needs it. Who has signed in by a passkey alone is sent a link to a password.
    """
    accounts.refuse_own(work, account)
    accounts.begin(work, account)
    if not account.has_second_factor:
        raise ConflictError(_("This account has no second factor."))
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_counter = None
    account.mf_recovery_codes = None
    account.webauthn.clear()
    audit.record(work, Action.SECOND_FACTOR_RESET, account, why=why)
    accounts.end_sessions(work, account)
    messages.queue(work, account.id, letters.second_factor_reset())
    if account.password_set_at is None and not why_no_link(work, account):
        _send_link(work, account)
