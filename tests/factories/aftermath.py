"""What a small world comes to when it goes on: things in the states in which pages have forms."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories import missions
from tests.factories.checklists import settle
from tests.factories.matching import match
from tests.factories.people import account, account_request, work
from tests.factories.requests import request
from tests.factories.roster import expert
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.files.stored_files import read_file
from webapp.core.roles import Role
from webapp.core.words.translation import _
from webapp.curricula import operations as curricula
from webapp.curricula.pieces import read
from webapp.deployments import feeds
from webapp.deployments import operations as deployments
from webapp.deployments.models import Deployment
from webapp.deployments.workflow import DeploymentStep
from webapp.expertise_requests import correspondence
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import identities, joining, telling
from webapp.experts.contents import Identity
from webapp.experts.joining import Nominee
from webapp.experts.models import Expert, ExpertState, JurisdictionNote, NoteKind
from webapp.matches.models import MatchState, ReleaseLetter
from webapp.messages.models import JobWorker, OutboxMessage
from webapp.messages.rules import RETRIES
from webapp.mission_reports import attachments, lessons
from webapp.mission_reports.content import LessonContent
from webapp.mission_reports.models import Side
from webapp.platform_settings.queries import get_settings
from webapp.roster.models import LikelyPair
from webapp.roster_imports import operations as imports
from webapp.roster_imports import storing
from webapp.roster_imports.checking import Findings
from webapp.roster_imports.columns import header_at
from webapp.roster_imports.models import RosterImport, Twins
from webapp.roster_imports.people import Person
from webapp.roster_imports.reading import Sheet
from webapp.themes import operations as themes
from webapp.themes import queries as vocabulary

# Under this name, instead of a role's, stand pages on which a coordinator writes for somebody else:
# a walk that began there would look at other things of each kind.
FOR_OTHERS = "for others"
# The ranking sets such a sentence aside, because it does not say what help is wanted.
A_PASTED_TEXT = (
    "Payment: The consultant will be paid a lump sum upon acceptance of the seminar by the finance"
    " officer."
)
A_CURRICULUM = "Languages\nEnglish: C1\n"


def go_on(
    session: Session, people: dict[Role, tuple[Account, Account]], mine: Expert
) -> dict[str, list[str]]:
    """Bring things of the first person of each role into the states that are left.

    Returned are pages of theirs to which other pages lead that a walk need not come to: it looks at
    some of each kind.
    """
    requester, _other = people[Role.REQUESTER]
    coordinator, _other = people[Role.COORDINATOR]
    office, _other = people[Role.NOMINATING_AUTHORITY]
    ready, begun, reported = _missions(session, requester, coordinator, mine)
    _profiles(session, office, coordinator, mine)
    of_colleague = _requests(session, requester, coordinator)
    _imports(session, coordinator)
    _administration(session, people[Role.ADMINISTRATOR][0])
    _release_without_letter(session, requester, coordinator, office, mine)
    unsigned = _reported_by_who_has_left(session, requester, coordinator)
    for person in (requester, coordinator):
        feeds.make(work(session, person), person, secret="a key", began=clock.now())
    return {
        Role.REQUESTER: [f"/requests/{of_colleague.id}/take-over"],
        Role.COORDINATOR: [
            _days_of_a_team(session, requester, coordinator),
            # What follows from other days is asked for before they are set.
            f"/deployments/{ready.id}/days?start={ready.start}&end={ready.end + timedelta(days=1)}",
        ],
        FOR_OTHERS: [f"/deployments/{unsigned.id}/reports/profile-entry-for"],
        Role.EXPERT: [
            f"/deployments/{begun.id}/reports/expert/check",
            f"/deployments/{reported.id}/reports/profile-entry",
        ],
    }


def _missions(
    session: Session, requester: Account, coordinator: Account, mine: Expert
) -> tuple[Deployment, Deployment, Deployment]:
    """Make and return a mission that can be cleared, one on which a report is begun, and one on
    which both sides have reported."""
    ready = _mission(session, requester, coordinator, mine, 3000)
    settle(session, ready)
    over = _mission(session, requester, coordinator, mine, -20)
    begun = missions.report(session, over, Side.EXPERT, sent=False)
    paper = read_file("Annex.pdf", b"%PDF-1.7 an annex")
    attachments.add(work(session, mine.account), over, begun.side, paper)
    reported = _mission(session, requester, coordinator, mine, -200)
    for side in Side:
        missions.report(session, reported, side)
    lesson = LessonContent("Ask for a second interpreter in time.")
    lessons.add(work(session, coordinator), reported, lesson)
    return ready, over, reported


def _reported_by_who_has_left(
    session: Session, requester: Account, coordinator: Account
) -> Deployment:
    """Make a mission on which both sides have reported, of an expert whose account opens it no
    more: SEESAC puts it into the profile."""
    absent = expert(session)
    made = _mission(session, requester, coordinator, absent, -80)
    for side in Side:
        missions.report(session, made, side)
    absent.account_id = None
    session.flush()
    return made


def _mission(
    session: Session, requester: Account, coordinator: Account, mine: Expert, from_now: int
) -> Deployment:
    """Make a mission of three days, which begins so many days from now; a past one is over."""
    first = clock.today() + timedelta(days=from_now)
    asked = request(
        session, RequestState.ACCEPTED, requester=requester, coordinator=coordinator, start=first,
        end=first + timedelta(days=2),
    )  # fmt: skip
    chosen = match(
        session, MatchState.SELECTED, request=asked, expert=mine, coordinator=coordinator
    )
    found = sa.select(Deployment).where(Deployment.match_id == chosen.id)
    made = session.scalars(found).one()
    if from_now < 0:
        settle(session, made)
        for step in (DeploymentStep.CLEAR, DeploymentStep.DEPART, DeploymentStep.RETURN):
            deployments.take(work(session, coordinator), made, step)
    return made


def _days_of_a_team(session: Session, requester: Account, coordinator: Account) -> str:
    """Make a mission of two; return the page on which it is said who can go on other days."""
    first = clock.today() + timedelta(days=2000)
    asked = request(
        session, RequestState.ACCEPTED, requester=requester, coordinator=coordinator,
        start=first, end=first + timedelta(days=2), experts_needed=2,
    )  # fmt: skip
    team = [
        missions.planned(session, request=asked, coordinator=coordinator) for _number in range(2)
    ]
    days = f"start={first + timedelta(days=7)}&end={first + timedelta(days=9)}"
    return f"/deployments/{team[0].id}/team-days?{days}"


def _profiles(session: Session, office: Account, coordinator: Account, mine: Expert) -> None:
    """Leave to each side what is to be done with profiles."""
    by = work(session, mine.account)
    mine.jurisdiction_notes.append(JurisdictionNote(code="MKD", kind=NoteKind.KNOWN))
    same = {"name": mine.name, "rank": mine.rank, "institution": mine.institution}
    announced = Identity(**same, post="Head of department", jurisdiction=mine.jurisdiction)
    identities.announce(by, mine, announced)
    curricula.keep(by, mine, read(A_CURRICULUM))
    joining.nominate(work(session, office), Nominee("Ana Nova", contact_email="nova@example.org"))
    absent = expert(
        session, signs_in=False, state=ExpertState.SCREENING, contact_email="absent@example.org",
        consented_at=None, consent_version=None,
    )  # fmt: skip
    curricula.keep(work(session, coordinator), absent, read(A_CURRICULUM))
    telling.let_be_called(work(session), absent, _("Something has changed."))
    twins = [expert(session, signs_in=False, name="Ana Dvojnik") for _number in range(2)]
    low, high = sorted(twin.id for twin in twins)
    session.add(LikelyPair(expert_id=low, other_id=high, since=clock.now()))


def _requests(session: Session, requester: Account, coordinator: Account) -> ExpertiseRequest:
    """Leave requests to answer, to rank, to invite several experts to, and one to take over, which
    is returned."""
    asking = request(session, RequestState.SUBMITTED, requester=requester, coordinator=coordinator)
    correspondence.write(work(session, requester), asking, "Who reads this?")
    colleague = account(session, Role.REQUESTER, organisation_id=requester.organisation_id)
    ranked = request(
        session, RequestState.ACCEPTED, requester=requester, coordinator=coordinator,
        tasks=A_PASTED_TEXT,
    )  # fmt: skip
    for _number in range(2):
        match(session, request=ranked, expert=expert(session), coordinator=coordinator)
    return request(session, requester=colleague)


def _imports(session: Session, coordinator: Account) -> None:
    """Leave a table that was checked and one that was stored, with somebody to invite."""
    by = work(session, coordinator)
    _checked(session, coordinator, "Iva Uvoz")
    row, findings = _checked(session, coordinator, "Eva Uvoz")
    imports.confirm(by, row, seen_version=row.version)
    imports.store(by, row, findings, storing.make(findings.add, None))


def _checked(session: Session, coordinator: Account, name: str) -> tuple[RosterImport, Findings]:
    """Leave the table of one person as it is after its check, which ends the transaction it is in
    and so is not done here."""
    by, address = work(session, coordinator), f"{name.replace(' ', '.').lower()}@example.org"
    sheet = Sheet("People", [], [(1, ["Name", "E-mail"]), (2, [name, address])], [])
    row = imports.begin(by, sheet, sheet.digest(), f"{name}.xlsx")
    header, fields = header_at(sheet, 1), row.fields
    imports.choose(by, row, header, fields, Twins.LEAVE, None, seen_version=row.version)
    findings = Findings(add=[Person(2, {"name": name, "contact_email": address})])
    imports.note_findings(by, row, findings)
    return row, findings


def _administration(session: Session, administrator: Account) -> None:
    """Leave a mail that was given up, a host that is silent, a stranger who asks for an account,
    and another word of a theme."""
    session.add(JobWorker(host="former", at=clock.now() - timedelta(hours=1)))
    found = sa.select(OutboxMessage).order_by(OutboxMessage.id).limit(1)
    session.scalars(found).one().attempts = len(RETRIES) + 1
    account_request(session)
    get_settings(session).accounts_on_request = True
    theme = vocabulary.get(session, "SALW-MTR")
    themes.add_synonym(work(session, administrator), theme, "en", "rifle genealogy")


def _release_without_letter(
    session: Session, requester: Account, coordinator: Account, office: Account, mine: Expert
) -> None:
    """Leave a release by a letter of which the file is to be added."""
    asked = request(
        session, RequestState.ACCEPTED, requester=requester, coordinator=coordinator,
        start=date(2032, 3, 1), end=date(2032, 3, 3),
    )  # fmt: skip
    released = match(
        session, MatchState.RELEASED, request=asked, expert=mine, coordinator=coordinator
    )
    released.authority_id = office.organisation_id
    session.add(
        ReleaseLetter(
            match_id=released.id, number="05/2-2", dated=clock.today(), conditions="",
            written_at=clock.now(), written_by=office.id, organisation_id=released.authority_id,
        )
    )  # fmt: skip
