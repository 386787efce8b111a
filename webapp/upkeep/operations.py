"""What the platform does by itself so that the roster stays true; each is said once."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from webapp.accounts.models import Account, MailChoice
from webapp.core.errors import ConflictError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows.workflow import Recipient
from webapp.experts import approvals, telling
from webapp.experts import operations as experts
from webapp.experts.models import Availability, Expert, Training
from webapp.experts.rules import account_told
from webapp.experts.standing_tables import PhoneCall
from webapp.experts.workflow import WORKFLOW, ExpertStep
from webapp.membership import operations as membership
from webapp.messages import operations as messages
from webapp.messages.letters import Enclosed, Mailing
from webapp.upkeep import letters
from webapp.upkeep.queries import Ending, find_asked, find_unanswered
from webapp.upkeep.rules import BEFORE_END

_SAID_TRUE = frozenset({Action.PROFILE_CONFIRMED, WORKFLOW.action(ExpertStep.NOTE_STILL_TRUE)})


def ask(work: UnitOfWork, expert: Expert) -> None:
    """Ask an expert whether the profile is still true: on the platform, and by a link in a mail.

    Who wants one mail a day finds the link in that one (`enclose_question`), and who wants none
    answers on the platform. Who has no account is asked by telephone.
    """
    # The profile's version stays: whoever edits it now has not been overtaken by anybody.
    work.session.execute(sa.update(Expert).where(Expert.id == expert.id).values(asked_at=work.now))
    audit.record(work, Action.PROFILE_ASKED, expert)
    account = expert.account
    if account is None or account_told(expert) is None:
        telling.let_be_called(work, expert, letters.ASK_BY_TELEPHONE)
        return
    by_mail = account.joined_at and account.mail_choice is MailChoice.AT_ONCE
    mailing = Mailing.NEVER if by_mail else Mailing.BY_CHOICE
    messages.queue(work, account.id, letters.question(mailing))
    if by_mail:
        token = membership.make_still_true_link(work, account)
        messages.queue(work, account.id, letters.question_by_link(token))


def enclose_question(work: UnitOfWork, account: Account) -> Enclosed | None:
    """Return the question for the daily mail of an expert who was asked since the last one, and has
    not answered meanwhile."""
    if not account.joined_at or find_unanswered(work.session, account) is None:
        return None
    return letters.enclosed_question(membership.make_still_true_link(work, account))


def take_question_back(event: AuditEvent, *, work: UnitOfWork, subject: object) -> None:
    """Let nobody call to ask for what has been said since, that a profile is true, and no link
    answer it."""
    if event.action in _SAID_TRUE and isinstance(subject, Expert):
        if subject.account_id is not None:
            membership.take_still_true_link_back(work, subject.account_id)
        asked = PhoneCall.words["what"]["text"].as_string() == letters.ASK_BY_TELEPHONE.source
        waiting = sa.delete(PhoneCall).where(
            PhoneCall.expert_id == subject.id, PhoneCall.done_at.is_(None), asked
        )
        work.session.execute(waiting)


def answer(work: UnitOfWork, token: str, said: Availability | None, address: str | None) -> None:
    """Take the answer that comes by a link; the link is worth nothing afterwards."""
    expert = find_asked(work.session, token, work.now)
    account = membership.use_still_true_link(work, token)
    if expert is None:
        raise ConflictError(_("This link has been used, or it is too old."))
    own = UnitOfWork(work.session, account.as_actor(address), work.now)
    experts.confirm(own, expert, said, seen_version=expert.version)


def let_rest(work: UnitOfWork, expert: Expert) -> None:
    """Make a profile dormant that nobody has confirmed in time."""
    experts.take(work, expert, ExpertStep.LAPSE)


def let_begin(work: UnitOfWork, expert: Expert) -> None:
    """Let an approval count from its first day on; who had expired comes back by it."""
    approvals.follow(work, expert)


def let_expire(work: UnitOfWork, expert: Expert) -> None:
    """Let a profile expire that is not approved any more."""
    experts.take(work, expert, ExpertStep.EXPIRE)


def remind_of_rest(work: UnitOfWork, expert: Expert, day: date, days_before: int) -> None:
    """Remind an expert, once for each number of days, that the profile will be dormant."""
    if messages.say_once(work, f"dormant:{expert.id}:{day:%Y-%m-%d}:{days_before}"):
        messages.queue(work, account_told(expert), letters.soon_dormant(day))
        audit.record(work, Action.REMINDED, expert)


def remind_of_end(work: UnitOfWork, expert: Expert, day: date, days_before: int) -> None:
    """Tell once, for each number of days, those who can renew an approval that it ends.

    Where the authority has nobody on the platform but the expert, who does not renew their own,
    coordinators ask it by letter.
    """
    if not messages.say_once(work, f"approval:{expert.id}:{day:%Y-%m-%d}:{days_before}"):
        return
    members = telling.authority_of(work, expert, expert.authority_id)
    path = f"/officials/{expert.id}" if members else f"/roster/{expert.id}"
    for account_id in members or telling.readers_of(
        work, expert, Recipient.COORDINATORS, authority_id=expert.authority_id
    ):
        messages.queue(work, account_id, letters.approval_ends(expert, day, path))
    if days_before == min(BEFORE_END):
        messages.queue(work, account_told(expert), letters.own_approval_ends(day))
    audit.record(work, Action.REMINDED, expert)


def remind_of_certificate(work: UnitOfWork, row: Training) -> None:
    """Remind an expert once that a certificate runs out."""
    if row.expires and messages.say_once(work, f"certificate:{row.id}:{row.expires:%Y-%m-%d}"):
        messages.queue(work, account_told(row.expert), letters.certificate_ends(row, row.expires))
        audit.record(work, Action.REMINDED, row, expert_id=row.expert_id)


def day_of_rest(ending: Ending, months: int) -> date:
    """Return the day from which a profile is dormant if nobody confirms it."""
    since: datetime | None = ending.last_confirmed_at or ending.consented_at
    if since is None:
        raise LookupError(f"expert {ending.id} is active without a consent")
    return (since + timedelta(days=months * 365 // 12)).date()
