"""Inviting people, letting them in by links, and changing what is their own."""

from collections.abc import Collection

import sqlalchemy as sa

from webapp.accounts import operations as accounts
from webapp.accounts import queries as people
from webapp.accounts.models import Account
from webapp.core import ways_in
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Removed
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import why_not_theirs
from webapp.experts import persons
from webapp.experts import rules as profiles
from webapp.experts.models import Expert
from webapp.experts.revisions import touch
from webapp.membership import letters, links, queries, rules
from webapp.membership.models import AccountLink, LinkPurpose
from webapp.messages import operations as messages
from webapp.organisations import operations as organisations
from webapp.organisations.models import Organisation


def invite(
    work: UnitOfWork,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    institution: str,
    jurisdiction: str | None,
    language: str | None,
    keeps: Expert | None = None,
    organisation: Organisation | None = None,
) -> Account:
    """Make an account and send its person the link by which they join.

    `keeps` is the profile that will be theirs; an expert who has one gets no account without it.
    Whoever acts for an `organisation` is a member of it from the beginning.
    """
    if keeps is None and Role.EXPERT in roles:
        _refuse_second_profile(work, email)
    account = accounts.create(
        work,
        email=email,
        name=name,
        roles=roles,
        institution=institution,
        jurisdiction=jurisdiction,
        language=language,
    )
    if organisation is not None:
        organisations.add_member(work, organisation, account)
    send_invitation(work, account)
    return account


def _refuse_second_profile(work: UnitOfWork, email: str) -> None:
    """Refuse a second profile of somebody who stands on the roster and is reached by this address:
    nobody could invite them to the first one any more."""
    if queries.list_profiles_reached(work.session, [email.lower()]):
        raise ConflictError(
            _(
                "Somebody who stands on the roster is reached by this address. SEESAC invites them"
                " on the page of their profile, so that they keep that one."
            )
        )


def send_invitation(work: UnitOfWork, account: Account) -> None:
    """Send an invitation, or another one, which makes the one before worthless."""
    lock(work.session, account)
    if account.joined_at or not account.active:
        raise ConflictError(_("This person cannot be invited: they have joined, or are disabled."))
    token = links.make(work, account, LinkPurpose.INVITATION, account.email)
    audit.record(work, Action.ACCOUNT_INVITED, account, roles=sorted(account.kinds))
    messages.queue(work, account.id, letters.invitation(token))


def resend_invitation(work: UnitOfWork, account: Account) -> bool:
    """Send another invitation, and tell whether it was sent: a second click is the first one."""
    if links.was_just_sent(work, account, LinkPurpose.INVITATION, account.email):
        return False
    ways_in.insist_on_who_it_is(work)
    send_invitation(work, account)
    return True


def revoke_invitation(work: UnitOfWork, account: Account) -> None:
    """Take an invitation back: its link is worth nothing, and the account is disabled."""
    lock(work.session, account)
    if account.joined_at:
        raise ConflictError(_("This person has joined already."))
    if not account.active:
        return
    work.session.execute(sa.delete(AccountLink).where(AccountLink.account_id == account.id))
    account.active = False
    audit.record(work, Action.INVITATION_REVOKED, account)


def join(work: UnitOfWork, token: str, *, hashed: str | None, language: str | None) -> Account:
    """Let somebody in by their invitation, with a password of which `hashed` is the hash.

    Who will sign in by a passkey has none. They have agreed to the privacy notice.
    """
    account = links.use(work, LinkPurpose.INVITATION, token).account
    account.joined_at = work.now
    if language:
        account.language = language
    if hashed:
        account.password, account.password_set_at = hashed, work.now
    audit.record(work, Action.ACCOUNT_JOINED, account, way="password" if hashed else "passkey")
    accounts.consent(work, account)
    return account


def end_links(account: Account, *, work: UnitOfWork) -> None:
    """Make the links worthless that lead into an account, or answer for its owner, and were asked
    for or sent before.

    Whoever ends all sessions shuts others out, who may read the mails to the account as well. Who
    has not joined yet is sent another invitation, as after other roles.
    """
    if account.active and not account.joined_at:
        send_invitation(work, account)
        return
    work.session.execute(sa.delete(AccountLink).where(AccountLink.account_id == account.id))


def ask_for_new_address(work: UnitOfWork, account: Account, email: str) -> None:
    """Send a link to a new address; nothing changes until it is opened.

    Whether somebody else has that address is not told here: they would get the mail.
    """
    email = email.strip().lower()
    if email == account.email:
        raise ConflictError(_("This is your address already."))
    purpose = LinkPurpose.NEW_ADDRESS
    if links.was_just_sent(work, account, purpose, email):
        return
    token = links.make(work, account, purpose, email)
    messages.queue(work, account.id, letters.new_address(token), address=email)


def confirm_new_address(work: UnitOfWork, account: Account, token: str) -> None:
    """Change an address by the link that was sent to the new one; the old one is told."""
    link = links.use(work, LinkPurpose.NEW_ADDRESS, token)
    if link.account_id != account.id:
        raise ConflictError(_("This link has been used, or it is too old."))
    if people.find_by_email(work.session, link.email):
        raise ConflictError(_("This address cannot be used."))
    before, account.email = account.email, link.email
    audit.record(work, Action.EMAIL_CHANGED, account)
    messages.queue(work, account.id, letters.address_changed(), address=before)


def change_own(
    work: UnitOfWork, account: Account, *, name: str, language: str, seen: str | None
) -> None:
    """Change what people may change of their own account without asking anybody.

    `seen` is the name that stood there when they began; one that was given in another window
    meanwhile is not overwritten unread.
    """
    lock(work.session, account)
    if account.name != name:
        if account.name != seen:
            raise ConflictError(
                _("The name was changed meanwhile. It is now: %(name)s", name=account.name)
            )
        account.name = name
        audit.record(work, Action.ACCOUNT_CHANGED, account, field="name")
    accounts.choose_language(work, account, language)


def correct(
    work: UnitOfWork,
    account: Account,
    *,
    institution: str,
    jurisdiction: str | None,
    seen: str | None = None,
) -> bool:
    """Correct where somebody works, and tell whether anything changed; they are told of it.

    It stands beside the name, on what was asked for before too. Neither a profile nor a request is
    of another jurisdiction by it, so nobody comes by another side. `seen` is what stood there when
    this was decided.
    """
    accounts.refuse_own(work, account)
    accounts.begin(work, account)
    wanted = {"institution": institution, "jurisdiction": jurisdiction}
    fields = [name for name, value in wanted.items() if getattr(account, name) != value]
    if not fields:
        return False
    if seen is not None and seen != rules.place_of(account):
        raise ConflictError(
            _("Somebody else has corrected this in the meantime. Please look at it again.")
        )
    for name in fields:
        setattr(account, name, wanted[name])
    audit.record(work, Action.ACCOUNT_CHANGED, account, fields=fields)
    messages.queue(work, account.id, letters.account_corrected())
    return True


def make_still_true_link(work: UnitOfWork, account: Account) -> str:
    """Return what the link holds by which an expert says that the profile is still true."""
    return links.make(work, account, LinkPurpose.STILL_TRUE, account.email)


def take_still_true_link_back(work: UnitOfWork, account_id: int) -> None:
    """Let the link answer nothing by which an expert would say what was said since."""
    purpose = AccountLink.purpose == LinkPurpose.STILL_TRUE
    work.session.execute(
        sa.delete(AccountLink).where(AccountLink.account_id == account_id, purpose)
    )


def use_still_true_link(work: UnitOfWork, token: str) -> Account:
    """Return whose answer comes by such a link, and make it worthless."""
    return links.use(work, LinkPurpose.STILL_TRUE, token).account


def invite_expert(work: UnitOfWork, expert: Expert) -> Account:
    """Invite somebody who stands on the roster to an account, and let them keep the profile.

    Refused to their own authority, as all that SEESAC decides on how they are reached.
    """
    lock(work.session, expert)
    if refusal := why_not_theirs(work.actor, profiles.owners_of(expert)):
        raise ForbiddenError(refusal)
    profiles.refuse_erased(expert)
    if expert.state in profiles.GONE:
        raise ConflictError(_("%(name)s is not on the roster any more.", name=Named.of(expert)))
    if expert.account_id is not None:
        raise ConflictError(_("This expert has an account already."))
    if not expert.contact_email:
        raise ConflictError(_("No e-mail address of this expert is noted."))
    account = invite(
        work,
        email=expert.contact_email,
        name=expert.name,
        roles=[Role.EXPERT],
        institution=expert.institution,
        jurisdiction=expert.jurisdiction,
        language=None,
        keeps=expert,
    )
    expert.account_id, expert.contact_email = account.id, ""
    touch(work.session, expert)
    work.session.flush()
    audit.record(work, Action.CONTACT_CHANGED, expert)
    return account


def remove_texts(work: UnitOfWork, person: Account | Expert) -> Removed:
    """Remove the texts that somebody wrote as reasons, and those that others wrote about them.

    An account and its profile, and what was joined with them, are one person, whichever is given.
    The kinds of reasons stay, and the log tells how many texts were removed. Doing it again does
    nothing.
    """
    who = persons.whose(work.session, person)
    removed = reasons.remove_texts(work, who.accounts, sorted(who.people))
    if removed.written or removed.about:
        audit.record(work, Action.TEXTS_REMOVED, person, **vars(removed))
    return removed


def tell_of_way_in(account: Account, *, work: UnitOfWork, what: Action) -> None:
    """Tell somebody that how their account is entered has changed."""
    messages.queue(work, account.id, letters.way_in_changed(what))


def tell_of_guesses(work: UnitOfWork, account: Account) -> None:
    """Tell somebody that another one may have their password, and not what is asked after it."""
    messages.queue(work, account.id, letters.guessed())


def tell_of_lock(work: UnitOfWork, email: str) -> None:
    """Tell the owner of an address, if it has an account, that no password opens it for a while."""
    account = people.find_by_email(work.session, email)
    audit.record(work, Action.SIGN_IN_LOCKED, account or Account)
    if account and account.active:
        messages.queue(work, account.id, letters.locked())
