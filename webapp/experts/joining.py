"""Coming to the roster: nominated by an authority, added by a coordinator, or by one's own wish.

However somebody comes, the profile begins as nominated and is vetted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.accounts.models import Account
from webapp.core import ways_in
from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError, TwinError
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import Grounds, Why
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.search import first_spelling
from webapp.core.words.translation import _, _n
from webapp.core.workflows.workflow import why_not_theirs
from webapp.experts import (
    approvals,
    operations,
    queries,
    rules,
    signals,
    standing_queries,
    telling,
)
from webapp.experts.approvals import Wanted
from webapp.experts.models import Expert, ExpertState, RosterRevision
from webapp.experts.revisions import rank_anew, touch
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.standing_workflow import ApprovalStep
from webapp.experts.workflow import ExpertStep
from webapp.messages import operations as messages
from webapp.messages import without_account
from webapp.messages.letters import Letter
from webapp.organisations.models import Organisation

# The revision of a profile that no ranking has read; `end_list` gives it another.
UNREAD = 0
# By whom somebody is proposed whom a coordinator adds.
SEESAC = "SEESAC"
# What experts agree to; another version would ask everybody again.
CONSENT_VERSION = "2026-11-27"


@dataclass(frozen=True)
class Nominee:
    """Who is put forward for the roster, and how they are reached."""

    name: str
    post: str = ""
    rank: str = ""
    institution: str = ""
    jurisdiction: str | None = None
    contact_email: str = ""
    telephone: str = ""


def nominate(work: UnitOfWork, nominee: Nominee, approval: Wanted | None = None) -> Expert:
    """Put an official of the actor's own authority forward, and approve them where that is said.

    Refuses in words: somebody who acts for no authority, and an official who is there already.
    """
    expert = _new(work, nominee, _authority_of(work))
    operations.add(work, expert)
    _tell_of_nomination(work, expert)
    if approval is not None:
        approvals.grant(work, expert, ApprovalStep.GRANT, approval)
    return expert


def nominate_among(work: UnitOfWork, nominee: Nominee, approval: Wanted | None) -> Expert:
    """Nominate like `nominate`, as one of a list; whoever makes the list calls `end_list`."""
    expert = _new(work, nominee, _authority_of(work))
    expert.revision = UNREAD
    operations.put(work, expert)
    _tell_of_nomination(work, expert)
    if approval is not None:
        approvals.grant_among(work, expert, approval)
    return expert


def _tell_of_nomination(work: UnitOfWork, expert: Expert) -> None:
    """Tell somebody, who may not know it, that an authority has nominated them."""
    authority = work.session.get_one(Organisation, expert.authority_id)
    telling.tell_of_roster(work, expert, authority.name)


def end_list(work: UnitOfWork, nominated: Sequence[Expert]) -> None:
    """Let the ranking read all whom an authority has nominated at once, and tell coordinators."""
    approved = sum(expert.approved_until is not None for expert in nominated)
    letter = Letter(
        _("Nominated profiles wait to be screened"),
        _n(
            "An authority has nominated %(num)s official for the roster. Please start the"
            " screening.",
            "An authority has nominated %(num)s officials for the roster. Please start the"
            " screening.",
            len(nominated),
        ),
        "/queue",
        about=[
            _n(
                "%(num)s of them is approved by the authority already.",
                "%(num)s of them are approved by the authority already.",
                approved,
            )
        ]
        if approved
        else [],
    )
    messages.tell_coordinators(work, letter, rules.owners_of(nominated[0]))
    work.session.flush()
    # From here on all who write profiles wait, so this comes last.
    rank_anew(work.session, *nominated)


def _authority_of(work: UnitOfWork) -> int:
    authority = work.actor.organisation_id
    if Role.NOMINATING_AUTHORITY not in work.actor.roles or authority is None:
        raise ForbiddenError(_("You act for no authority yet. Please write to SEESAC."))
    return authority


def add(work: UnitOfWork, nominee: Nominee, authority_id: int | None = None) -> Expert:
    """Put somebody on the roster as nominated; the same official twice is refused."""
    expert = _new(work, nominee, authority_id)
    operations.add(work, expert)
    telling.tell_of_roster(work, expert, SEESAC)
    return expert


def _new(work: UnitOfWork, nominee: Nominee, authority_id: int | None) -> Expert:
    hold_still(work, authority_id)
    if twin := _find_twin(work, nominee, authority_id):
        raise TwinError(_("%(name)s stands there already.", name=nominee.name), twin)
    if nominee.contact_email:
        ways_in.insist_on_who_it_is(work)
    return Expert(state=ExpertState.NOMINATED, authority_id=authority_id, **vars(nominee))


def hold_still(work: UnitOfWork, authority_id: int | None) -> None:
    """Let those who name somebody of one authority, or of none, do it one after the other.

    So who looks for a twin sees everybody who was named a moment before.
    """
    if authority_id is not None:
        lock(work.session, work.session.get_one(Organisation, authority_id))
    else:
        lock(work.session, work.session.get_one(RosterRevision, 1))


def _find_twin(work: UnitOfWork, nominee: Nominee, authority_id: int | None) -> Expert | None:
    """Return who stands there under the same name at the same authority, and has not left."""
    named = work.session.scalars(
        sa.select(Expert).where(
            Expert.authority_id.is_(None)
            if authority_id is None
            else Expert.authority_id == authority_id,
            Expert.state != ExpertState.WITHDRAWN,
            Expert.search_text.startswith(first_spelling(nominee.name), autoescape=True),
        )
    )
    wanted = (first_spelling(nominee.name), nominee.jurisdiction)
    return next(
        (row for row in named if (first_spelling(row.name), row.jurisdiction) == wanted), None
    )


def begin_own(work: UnitOfWork, account: Account) -> Expert:
    """Begin a profile for oneself, as somebody to whom SEESAC has given the role of an expert."""
    lock(work.session, account)
    if Role.EXPERT not in work.actor.roles or work.actor.id != account.id:
        raise ForbiddenError(_("Only experts have a profile of their own."))
    if queries.find_of_account(work.session, account) is not None:
        raise ConflictError(_("There is a profile for your account already."))
    expert = Expert(
        state=ExpertState.NOMINATED,
        account_id=account.id,
        name=account.name,
        institution=account.institution,
        jurisdiction=account.jurisdiction,
    )
    operations.add(work, expert)
    _agree(work, expert)
    return expert


def consent(work: UnitOfWork, expert: Expert) -> None:
    """Agree to be on the roster, as the expert; doing it again changes nothing.

    Who had taken the consent back comes back by it, to be looked at by SEESAC.
    """
    lock(work.session, expert)
    if not rules.is_own(work.actor, expert):
        raise ForbiddenError(_("Only the expert can agree to be on the roster."))
    if expert.consent_version == CONSENT_VERSION:
        return
    _agree(work, expert)
    if standing_queries.find_ending(work.session, expert).has_left:
        operations.take(work, expert, ExpertStep.COME_BACK)


def ask_again(work: UnitOfWork, expert: Expert, why: Why | None) -> None:
    """Ask SEESAC, as the expert, to decide anew on a profile that it keeps off the roster.

    Refuses in words: somebody else's profile, a decision that is final or not SEESAC's, while
    something that SEESAC has asked for is not answered.
    """
    lock(work.session, expert)
    rules.check_step(ExpertStep.ASK_AGAIN, expert, work.actor, why)
    if not standing_queries.find_ending(work.session, expert).may_ask_again:
        raise ConflictError(
            _("There is no decision of SEESAC on your profile about which you can ask again.")
        )
    if standing_queries.list_open_questions(work.session, expert.id):
        raise ConflictError(
            _(
                "SEESAC has asked you for more in your profile. Please say there first that you"
                " have added it, and ask then."
            )
        )
    operations.take(work, expert, ExpertStep.ASK_AGAIN, why)


def note_consent(work: UnitOfWork, expert: Expert, why: Grounds) -> None:
    """Note how an expert without an account has agreed to be on the roster."""
    lock(work.session, expert)
    if refusal := why_not_theirs(work.actor, rules.owners_of(expert)):
        raise ForbiddenError(refusal)
    rules.refuse_erased(expert)
    if expert.account_id is not None:
        raise ConflictError(
            _("%(name)s has an account, and agrees there in person.", name=Named.of(expert))
        )
    if expert.consented_at is None:
        _agree(work, expert, why)


def _agree(work: UnitOfWork, expert: Expert, why: Grounds | None = None) -> None:
    expert.consent_version, expert.consented_at = CONSENT_VERSION, work.now
    reason = reasons.keep(work, why, expert.tells_of)
    touch(work.session, expert)
    work.session.flush()
    audit.record(work, Action.PROFILE_CONSENTED, expert, reason=reason, version=CONSENT_VERSION)


def set_standing(
    work: UnitOfWork, expert: Expert, authority: Organisation | None, email: str, telephone: str,
    *, seen_version: int,
) -> None:  # fmt: skip
    """Say whose official the expert is, and how they are reached without an account.

    What the former authority let them do ends with it, and another one has to approve them itself.
    """
    authority_id = authority.id if authority else None
    if authority_id != expert.authority_id:
        # What is open for an expert who is not approved any more ends, so that is locked first.
        signals.leaving.send(expert, work=work)
    lock(work.session, expert)
    _refuse_theirs(work, expert, authority_id)
    rules.refuse_erased(expert)
    rules.refuse_unseen(expert, seen_version)
    before = expert.authority_id
    contact = (expert.contact_email, expert.telephone)
    if email and email != expert.contact_email:
        ways_in.insist_on_who_it_is(work)
    expert.authority_id = authority_id
    expert.contact_email, expert.telephone = email, telephone
    if before != expert.authority_id:
        audit.record(
            work, Action.AUTHORITY_CHANGED, expert, before=before, after=expert.authority_id
        )
    if contact != (email, telephone):
        audit.record(work, Action.CONTACT_CHANGED, expert)
        # A mail to another address has a stranger as its reader, perhaps.
        without_account.address_anew(work, expert.tells_of, email)
        telling.tell_of_address(work, expert, contact[0])
    if before != expert.authority_id:
        approvals.change_hands(work, expert)
    elif contact != (email, telephone):
        touch(work.session, expert)
        work.session.flush()


def _refuse_theirs(work: UnitOfWork, expert: Expert, authority_id: int | None) -> None:
    """Refuse to put somebody into or out of the hands of the actor's own authority."""
    owners = rules.owners_of(expert)
    for whose in (owners, rules.of_authority(owners, authority_id)):
        if refusal := why_not_theirs(work.actor, whose):
            raise ForbiddenError(refusal)


def note_call(work: UnitOfWork, call: PhoneCall) -> None:
    """Note that the expert was told by telephone; a second click changes nothing."""
    lock(work.session, call.expert, call)
    if refusal := why_not_theirs(work.actor, rules.owners_of(call.expert)):
        raise ForbiddenError(refusal)
    if call.done_at is None:
        telling.note_made(work, call)
