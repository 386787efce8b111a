"""What is not kept any longer: found by its age, told of beforehand, then erased or emptied.

Whoever does something with a profile, an account or a request keeps it: the time begins anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.accounts.models import ERASED, Account
from webapp.core.actor import SYSTEM
from webapp.core.db import lock
from webapp.core.record import audit, reasons
from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.disclosure import Named
from webapp.core.record.reasons import REFERENCE
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import Message, _
from webapp.deployments.models import Deployment
from webapp.expertise_requests import rules as request_rules
from webapp.expertise_requests.models import (
    ExpertiseRequest,
    FieldComment,
    RequestFile,
    RequestMessage,
)
from webapp.experts import rules as expert_rules
from webapp.experts import telling
from webapp.experts.models import Expert, ExpertState
from webapp.experts.workflow import WORKFLOW as EXPERTS
from webapp.matches import quoting
from webapp.matches import rules as match_rules
from webapp.matches.models import BookedDay, Match, ReleaseLetter
from webapp.messages import operations as messages
from webapp.messages import queries as said
from webapp.messages.letters import Letter, Mailing
from webapp.mission_checklists.models import Item, ItemFile
from webapp.mission_reports.content import AFTERWARDS
from webapp.mission_reports.models import FollowUp, MissionReport, MissionReportFile
from webapp.mission_reports.personal_data import WORDLESS
from webapp.my_data import operations
from webapp.platform_settings.queries import get_settings

# So long before it happens people are told, and nothing happens to whom nobody told.
WARNING = timedelta(days=30)
# Profiles in other states are in use, or were stopped by a decision that has to be remembered.
RESTING = frozenset(
    {
        ExpertState.NOMINATED,
        ExpertState.SCREENING,
        ExpertState.DORMANT,
        ExpertState.EXPIRED,
        ExpertState.WITHDRAWN,
    }
)
# What keeps a thing: what its person does with it, and what is decided about it. Whatever else the
# log tells of it does not, above all nothing that strangers can cause, such as a wrong password.
_USES: Mapping[str, frozenset[str]] = {
    Account.__tablename__: frozenset(
        {
            Action.ACCOUNT_CREATED, Action.ACCOUNT_CHANGED, Action.ACCOUNT_INVITED,
            Action.INVITATION_REVOKED, Action.ACCOUNT_JOINED, Action.ACCOUNT_DISABLED,
            Action.ACCOUNT_REACTIVATED, Action.ROLES_CHANGED, Action.CONSENTED, Action.SIGNED_IN,
            Action.SIGNED_OUT, Action.SESSIONS_ENDED, Action.PASSWORD_CHANGED,
            Action.EMAIL_CHANGED, Action.SECOND_FACTOR_CHANGED, Action.SECOND_FACTOR_RESET,
            Action.PASSKEY_ADDED, Action.PASSKEY_REMOVED, Action.RECOVERY_CODES_MADE,
            Action.RECOVERY_CODE_USED, Action.FEED_MADE, Action.FEED_ENDED, Action.DATA_COPIED,
        }
    ),
    Expert.__tablename__: frozenset(EXPERTS.actions())
    | {
        Action.PROFILE_CREATED, Action.PROFILE_FILLED, Action.PROFILE_UNDONE,
        Action.PROFILE_EDITED, Action.PROFILE_WRITTEN, Action.PROFILE_CONFIRMED,
        Action.PROFILE_ANSWERED, Action.PROFILE_CONSENTED, Action.CURRICULUM_READ,
        Action.CONFIRMATION_ASKED, Action.AUTHORITY_CHANGED, Action.CONTACT_CHANGED,
        Action.NOTE_WRITTEN, Action.NOTE_CHANGED, Action.NOTE_THROWN_AWAY, Action.PROFILES_JOINED,
        Action.TOLD_APART, Action.DATA_COPIED,
    },
}  # fmt: skip

Thing: TypeAlias = Expert | Account | ExpertiseRequest


@dataclass(frozen=True)
class Due:
    """Something with which nothing has happened since a moment, and when people were told."""

    thing: Thing
    since: datetime
    ends: date
    told_at: datetime | None

    @property
    def key(self) -> str:
        """Return under which key it is noted that people were told."""
        return _key(self.thing, self.since)

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time is over, and people were told long enough ago."""
        told = self.told_at is not None and now - self.told_at >= WARNING
        return told and self.ends <= now.date()


def _key(thing: Thing, since: datetime) -> str:
    return f"retention:{thing.__tablename__}:{thing.id}:{since:%Y-%m-%d}"


def find(session: Session, now: datetime, only: Thing | None = None) -> list[Due]:
    """Return all whose time is over, or will be when people have been told; or `only` this one."""
    kept = timedelta(days=get_settings(session).retention_months * 365 // 12)
    before = now - kept + WARNING
    things: list[tuple[Thing, datetime]] = [
        *_resting_profiles(session, before, now.date(), only),
        *_unused_accounts(session, before, only),
        *_ended_requests(session, before, only),
    ]
    told = said.when_said(session, [_key(thing, since) for thing, since in things])
    return [
        Due(thing, since, (since + kept).date(), told.get(_key(thing, since)))
        for thing, since in things
    ]


def _wanted(kind: type[Thing], only: Thing | None) -> sa.ColumnElement[bool]:
    if only is None:
        return sa.true()
    return kind.id == only.id if isinstance(only, kind) else sa.false()


def _resting_profiles(
    session: Session, before: datetime, today: date, only: Thing | None
) -> Iterator[tuple[Expert, datetime]]:
    booked = sa.select(BookedDay.expert_id).where(BookedDay.day >= today)
    chosen = sa.select(Expert).where(Expert.state.in_(RESTING), Expert.id.not_in(booked))
    chosen = chosen.where(_wanted(Expert, only))
    used = _last_uses(session, Expert.__tablename__, only)
    for expert in session.scalars(chosen.order_by(Expert.id)):
        signed_in = expert.account.last_sign_in_at if expert.account else None
        since = max(filter(None, (used.get(expert.id), signed_in)), default=None)
        if since is not None and since <= before:
            yield expert, since


def _unused_accounts(
    session: Session, before: datetime, only: Thing | None
) -> Iterator[tuple[Account, datetime]]:
    """Yield accounts without a profile that nobody enters, by the last sign-in if there was one."""
    chosen = sa.select(Account).where(
        Account.email.not_like(f"%{ERASED}"),
        Account.id.not_in(sa.select(Expert.account_id).where(Expert.account_id.is_not(None))),
        _wanted(Account, only),
    )
    used = _last_uses(session, Account.__tablename__, only)
    for account in session.scalars(chosen.order_by(Account.id)):
        moments = (used.get(account.id), account.last_sign_in_at, account.created_at)
        since = max(filter(None, moments))
        if since <= before:
            yield account, since


def _ended_requests(
    session: Session, before: datetime, only: Thing | None
) -> Iterator[tuple[ExpertiseRequest, datetime]]:
    """Yield ended requests by their end, and those of which people were forgotten by what was first
    written into them afterwards."""
    # Drafts of reports and checklists are no part of the story of a request, whose events do not
    # tell of them.
    written = sa.func.coalesce(
        _written_since(),
        _drafted_since(MissionReport.saved_at),
        _drafted_since(MissionReportFile.added_at),
        _seen_to_since(),
    )
    since = sa.func.coalesce(written, ExpertiseRequest.state_since)
    chosen = sa.select(ExpertiseRequest, since).where(
        ExpertiseRequest.state.in_(request_rules.ENDED),
        sa.or_(ExpertiseRequest.people_forgotten_at.is_(None), written.is_not(None)),
        since <= before,
        _wanted(ExpertiseRequest, only),
    )
    return ((row[0], row[1]) for row in session.execute(chosen.order_by(ExpertiseRequest.id)))


def _written_since() -> sa.ScalarSelect[datetime]:
    """Return when the log first tells of something done with a request after its people were
    forgotten, but for what the platform does and who has looked."""
    return (
        sa.select(sa.func.min(AuditEvent.at))
        .where(
            AuditEvent.request_id == ExpertiseRequest.id,
            AuditEvent.at > ExpertiseRequest.people_forgotten_at,
            AuditEvent.action.not_in({Action.PEOPLE_FORGOTTEN, Action.PROFILE_VIEWED}),
        )
        .scalar_subquery()
    )


def _drafted_since(at: sa.orm.InstrumentedAttribute[datetime]) -> sa.ScalarSelect[datetime]:
    """Return when a report on a mission, or a file of one, was first stored after the people of its
    request were forgotten."""
    reports = sa.select(sa.func.min(at)).select_from(MissionReport)
    if at.class_ is MissionReportFile:
        reports = reports.join(MissionReportFile, MissionReportFile.report_id == MissionReport.id)
    return (
        reports.join(Deployment, Deployment.id == MissionReport.deployment_id)
        .join(Match, Match.id == Deployment.match_id)
        .where(Match.request_id == ExpertiseRequest.id, at > ExpertiseRequest.people_forgotten_at)
        .correlate(ExpertiseRequest)
        .scalar_subquery()
    )


def _seen_to_since() -> sa.ScalarSelect[datetime]:
    """Return when something of a mission's checklist first changed after the people of its request
    were forgotten."""
    items = (
        sa.select(Item.id)
        .join(Deployment, Deployment.id == Item.deployment_id)
        .join(Match, Match.id == Deployment.match_id)
        .where(Match.request_id == ExpertiseRequest.id)
        .correlate(ExpertiseRequest)
    )
    return (
        sa.select(sa.func.min(AuditEvent.at))
        .where(
            AuditEvent.subject == Item.__tablename__,
            AuditEvent.subject_id.in_(items),
            AuditEvent.at > ExpertiseRequest.people_forgotten_at,
        )
        .correlate(ExpertiseRequest)
        .scalar_subquery()
    )


def _last_uses(session: Session, subject: str, only: Thing | None) -> Mapping[int, datetime]:
    """Return, by number, when something was last done with each of these things."""
    chosen = sa.select(AuditEvent.subject_id, sa.func.max(AuditEvent.at)).where(
        AuditEvent.subject == subject, AuditEvent.action.in_(_USES[subject])
    )
    if only is not None:
        chosen = chosen.where(AuditEvent.subject_id == only.id)
    rows = session.execute(chosen.group_by(AuditEvent.subject_id))
    return {number: at for number, at in rows if number is not None}


def tell(work: UnitOfWork, due: Due) -> None:
    """Tell once the person, and those at SEESAC who can keep it, what will be erased and when."""
    if not messages.say_once(work, due.key):
        return
    day = max(due.ends, (work.now + WARNING).date())
    audit.record(work, Action.RETENTION_TOLD, due.thing)
    if isinstance(due.thing, Expert):
        _tell_of_profile(work, due.thing, day)
    elif isinstance(due.thing, Account):
        _tell_of_account(work, due.thing, day)
    else:
        text = _(
            "On %(day)s what this request says of people is taken out of it: who was considered"
            " and why, the reasons in words, and who was named in it. The rest stays.",
            day=day,
        )
        letter = Letter(SOON_REQUEST, text, f"/requests/{due.thing.id}")
        messages.queue(work, request_rules.account_told(due.thing), letter)
        messages.tell_coordinators(work, letter, request_rules.owners_of(due.thing))


SOON_PROFILE = _("Your profile will soon be erased")
SOON_ACCOUNT = _("Your account will soon be erased")
SOON_REQUEST = _("Names in a request that has ended will soon be erased")


def _tell_of_profile(work: UnitOfWork, expert: Expert, day: date) -> None:
    told = expert_rules.account_told(expert)
    if told is None:
        telling.let_be_called(work, expert, _WILL_BE_ERASED % {"day": day})
    text = _(
        "Nothing has happened with your profile for a long time. On %(day)s it is erased for good."
        " If you want to keep it, sign in and say that it is still true, or write to SEESAC.",
        day=day,
    )
    # Whoever has not come for so long reads no notice, and may have wanted no mails.
    letter = Letter(SOON_PROFILE, text, "/profile", mailing=Mailing.ALWAYS)
    messages.queue(work, told, letter)
    text = _(
        "The profile of %(name)s rests, and nothing has happened with it for a long time. On"
        " %(day)s it is erased, unless something is done with it before.",
        name=Named.of(expert),
        day=day,
    )
    subject = _("A profile that rests will soon be erased")
    letter = Letter(subject, text, f"/roster/{expert.id}")
    messages.tell_coordinators(work, letter, expert_rules.owners_of(expert))


def _tell_of_account(work: UnitOfWork, account: Account, day: date) -> None:
    """Tell by a mail in any case: whoever does not sign in reads no notice."""
    text = _(
        "Your account is not in use. On %(day)s it is erased. Write to SEESAC if you still need"
        " it.",
        day=day,
    )
    if account.active and account.joined_at:
        text = _(
            "Nobody has signed in with your account for a long time. On %(day)s it is erased. If"
            " you still need it, sign in before that day.",
            day=day,
        )
    letter = Letter(SOON_ACCOUNT, text, "/notices", mailing=Mailing.ALWAYS)
    messages.queue(work, account.id, letter)


_WILL_BE_ERASED: Message = _("the profile will be erased on %(day)s, unless it is still needed")


def end(work: UnitOfWork, due: Due) -> dict[str, int]:
    """Erase what is over, and return how many rows of each table went or were emptied."""
    if isinstance(due.thing, ExpertiseRequest):
        return forget_people(work, due.thing)
    if isinstance(due.thing, Expert):
        _leave_account_in_use(work, due.thing)
    return operations.erase(work, due.thing)


def _leave_account_in_use(work: UnitOfWork, expert: Expert) -> None:
    """Keep the account of somebody who acts on the platform in another role, too."""
    account = expert.account
    if account is not None and account.active and account.kinds - {Role.EXPERT}:
        operations.part_from_account(work, expert)


def forget_people(work: UnitOfWork, request: ExpertiseRequest) -> dict[str, int]:
    """Take out of an ended request what it says of people; numbers and decisions stay."""
    session = work.session
    lock(session, request)
    matches = session.scalars(sa.select(Match).where(Match.request_id == request.id)).all()
    for match in matches:
        match.identity = match_rules.identity_of_nobody(f"#{match.expert_id}")
        match.said_to_requester = match.summary_written = ""
        match.explanation = quoting.as_written_now(match.explanation, [])
    letters = sa.delete(ReleaseLetter).where(ReleaseLetter.match_id.in_(row.id for row in matches))
    written = sa.update(RequestMessage).where(
        RequestMessage.request_id == request.id, RequestMessage.text != ""
    )
    comments = sa.update(FieldComment).where(
        FieldComment.request_id == request.id, FieldComment.text != ""
    )
    missions = sa.select(Deployment.id).where(Deployment.match_id.in_(row.id for row in matches))
    reports = sa.update(MissionReport).where(MissionReport.deployment_id.in_(missions))
    shown = sa.delete(MissionReportFile).where(
        MissionReportFile.report_id.in_(
            sa.select(MissionReport.id).where(MissionReport.deployment_id.in_(missions))
        )
    )
    items = sa.select(Item.id).where(Item.deployment_id.in_(missions))
    papers = sa.delete(ItemFile).where(ItemFile.item_id.in_(items))
    followed = sa.update(FollowUp).where(FollowUp.deployment_id.in_(missions))
    done = {"match": len(matches)}
    files = sa.delete(RequestFile).where(RequestFile.request_id == request.id)
    for change, table in (
        (letters, ReleaseLetter),
        (files, RequestFile),
        (shown, MissionReportFile),
        (papers, ItemFile),
        (written.values(text=""), RequestMessage),
        (comments.values(text=""), FieldComment),
        # A form that stands open is an old one then.
        (reports.values(**WORDLESS), MissionReport),
        (followed.values(dict.fromkeys(AFTERWARDS, "")), FollowUp),
    ):
        done[table.__tablename__] = session.execute(change).rowcount  # type: ignore[attr-defined]
    for field in request_rules.NAMING:
        setattr(request, field, "")
        for terms in request.terms:
            if terms.content.get(field):
                terms.content = terms.content | {field: ""}
    of_items = (AuditEvent.subject == Item.__tablename__) & AuditEvent.subject_id.in_(items)
    told = sa.select(AuditEvent).where((AuditEvent.request_id == request.id) | of_items)
    events = session.scalars(told)
    numbers = {event.details[REFERENCE] for event in events if REFERENCE in event.details}
    done["reason"] = reasons.remove_texts_of(work, numbers)
    request.people_forgotten_at = work.now
    session.flush()
    done = {table: number for table, number in done.items() if number}
    audit.record(work, Action.PEOPLE_FORGOTTEN, request, request_id=request.id, rows=done)
    return done


def by_the_platform(session: Session, now: datetime) -> UnitOfWork:
    """Return the work in which the platform acts by itself."""
    return UnitOfWork(session, SYSTEM, now)
