"""A whole small world: two people of each role, and things of theirs in every state."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.factories.aftermath import go_on
from tests.factories.matching import PATHS as MATCH_PATHS
from tests.factories.matching import match
from tests.factories.organisations import organisation
from tests.factories.people import account, work
from tests.factories.requests import request
from tests.factories.roster import expert
from tests.factories.ways_in import WaysIn, ways_in
from webapp.accounts.models import Account
from webapp.amendments import operations as amendments
from webapp.core import clock
from webapp.core.files.stored_files import read_file
from webapp.core.record import reasons
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.roles import Role
from webapp.deployments.models import Deployment
from webapp.expertise_requests import attachments
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, RequestState
from webapp.experts import approvals
from webapp.experts.approvals import Wanted
from webapp.experts.models import ClosedJurisdiction, Expert, ExpertState, UnavailablePeriod
from webapp.experts.standing_tables import ProfileQuestion
from webapp.experts.standing_workflow import ApprovalStep
from webapp.matches.models import Match, MatchState, ReleaseLetter, ReleaseLetterFile
from webapp.messages.models import Notice, OutboxMessage
from webapp.mission_documents import operations as documents
from webapp.mission_documents.models import DocumentKind
from webapp.roster import operations as roster
from webapp.roster.models import LikelyPair
from webapp.roster_imports import operations as imports
from webapp.roster_imports.reading import Sheet


@dataclass
class World:
    """The first of each pair owns things in every state; the second has one of the plainest.

    The requesters act for different organisations, and so do the nominating authorities;
    `colleague` acts for that of the first requester. The first expert is an official of the first.
    Somebody `absent` is on the roster without an account. `behind` are pages of roles to which a
    walk need not come.
    """

    people: dict[Role, tuple[Account, Account]]
    colleague: Account
    nobody: Account
    experts: tuple[Expert, Expert]
    absent: Expert
    absent_question_id: int
    requests: dict[RequestState, ExpertiseRequest]
    other_request: ExpertiseRequest
    matches: dict[MatchState, Match]
    evidence_id: int
    training_id: int
    notice_id: int
    message_id: int
    question_id: int
    approval_id: int
    note_id: int
    import_id: int
    deployment_id: int
    amendment_id: int
    file_id: int
    invited_file_id: int
    document_id: int
    behind: dict[str, list[str]]
    ways: WaysIn

    def first(self, role: Role) -> Account:
        """Return the person of this role who owns things."""
        return self.people[role][0]

    def second(self, role: Role) -> Account:
        """Return the other person of this role."""
        return self.people[role][1]


def _first(table: type[Notice | OutboxMessage], person: Account) -> sa.Select[int]:
    """Return the select of the first thing that somebody was told."""
    return sa.select(table.id).where(table.account_id == person.id).order_by(table.id).limit(1)


def _authorities(session: Session, people: dict[Role, tuple[Account, Account]]) -> int:
    """Let each of those who act for authorities act for one of their own; return the first."""
    first, second = people[Role.NOMINATING_AUTHORITY]
    first.organisation_id = organisation(session).id
    second.organisation_id = organisation(session).id
    session.flush()
    return first.organisation_id


def _question(session: Session, mine: Expert, coordinator: Account) -> ProfileQuestion:
    """Leave a question open to an expert, as one of the vetting would be."""
    why = reasons.keep(
        work(session, coordinator), Grounds(ReasonKind.COMMENT, "Which courses?"), mine.tells_of
    )
    question = ProfileQuestion(
        expert_id=mine.id, section="training", state_since=clock.now(), reason=why
    )
    session.add(question)
    return question


def _import(session: Session, coordinator: Account) -> int:
    """Leave a table to a coordinator of which the columns are to be chosen."""
    sheet = Sheet("People", [], [(1, ["Name", "Country"]), (2, ["Ana Fikcija", "Serbia"])], [])
    return imports.begin(work(session, coordinator), sheet, sheet.digest(), "people.xlsx").id


def _file(session: Session, wanted: ExpertiseRequest, coordinator: Account) -> int:
    """Add a file to a request that invited experts may read; return its number."""
    agenda = read_file("Agenda.pdf", b"%PDF-1.7 the agenda")
    attachments.add(work(session, coordinator), wanted, agenda, for_invited=True)
    return attachments.list_files(session, wanted)[0].id


def _amendment(session: Session, wanted: ExpertiseRequest, coordinator: Account) -> int:
    """Propose a change of the terms of reference of a request; return its number."""
    changed = replace(get_content(wanted), place="Osh")
    why = Grounds(ReasonKind.COMMENT, "The hall has moved.")
    return amendments.propose(
        work(session, coordinator), wanted, changed, why, seen_version=wanted.tor_version
    ).id


def _document(session: Session, match: Match, person: Account) -> int:
    """Leave the terms of reference of a mission as a file to its expert; return its number."""
    asked = documents.ask(work(session, person), DocumentKind.TERMS, match.id, "en")
    documents.take_up(work(session, person), asked)
    documents.keep(work(session, person), asked, b"%PDF-1.7 the terms", [match.expert.tells_of])
    return asked.id


def _letter(session: Session, released: Match, office: Account) -> None:
    """Leave the signed letter of a release, as its authority sends it."""
    letter = ReleaseLetter(
        match_id=released.id, number="05/2-1", dated=clock.today(), conditions="",
        written_at=clock.now(), written_by=office.id,
        organisation_id=released.authority_id,
    )  # fmt: skip
    session.add(letter)
    session.flush()
    signed = read_file("Letter.pdf", b"%PDF-1.7 the signed letter")
    session.add(ReleaseLetterFile(letter_id=letter.id, **signed.columns()))


def world(session: Session) -> World:
    """Make the world; the matches are all of the first expert and the first requester."""
    people = {role: (account(session, role), account(session, role)) for role in Role}
    requester, other_requester = people[Role.REQUESTER]
    colleague = account(session, Role.REQUESTER)
    theirs, others = organisation(session), organisation(session)
    requester.organisation_id = colleague.organisation_id = theirs.id
    other_requester.organisation_id = others.id
    coordinator, _ = people[Role.COORDINATOR]
    mine = expert(
        session,
        person=people[Role.EXPERT][0],
        closed_jurisdictions=[ClosedJurisdiction(code="SRB")],
        unavailable=[UnavailablePeriod(start=date(2030, 2, 1), end=date(2030, 2, 3))],
    )
    other = expert(session, person=people[Role.EXPERT][1])
    absent = expert(session, signs_in=False, state=ExpertState.SCREENING)
    requests = {
        state: request(
            session,
            state,
            requester=requester,
            coordinator=coordinator,
            # One that needs a team, so that there is a page about it.
            experts_needed=2 if state is RequestState.ACCEPTED else 1,
        )
        for state in RequestState
    }
    matches = {}
    for number, state in enumerate(MATCH_PATHS):
        day = date(2031, 1, 6) + timedelta(weeks=number)
        wanted = request(
            session,
            RequestState.ACCEPTED,
            requester=requester,
            coordinator=coordinator,
            start=day,
            end=day + timedelta(days=2),
        )
        matches[state] = match(session, state, request=wanted, expert=mine, coordinator=coordinator)
    mine.authority_id = _authorities(session, people)
    for made in matches.values():
        made.authority_id = mine.authority_id
    approved = approvals.grant(
        work(session, people[Role.NOMINATING_AUTHORITY][0]),
        mine,
        ApprovalStep.GRANT,
        Wanted(clock.today(), date(2040, 1, 1)),
    )
    other_request = request(session, requester=people[Role.REQUESTER][1])
    question = _question(session, mine, coordinator)
    absent_question = _question(session, absent, coordinator)
    session.flush()
    _letter(session, matches[MatchState.RELEASED], people[Role.NOMINATING_AUTHORITY][0])
    low, high = sorted((mine.id, other.id))
    session.add(LikelyPair(expert_id=low, other_id=high, since=clock.now()))
    note = roster.write_note(work(session, coordinator), mine, "Prefers calls after four.")
    whole = World(
        people=people,
        colleague=colleague,
        nobody=account(session),
        experts=(mine, other),
        absent=absent,
        absent_question_id=absent_question.id,
        requests=requests,
        other_request=other_request,
        matches=matches,
        evidence_id=mine.evidence[0].id,
        training_id=mine.trainings[0].id,
        notice_id=session.scalars(_first(Notice, requester)).one(),
        question_id=question.id,
        approval_id=approved.id,
        note_id=note.id,
        import_id=_import(session, coordinator),
        deployment_id=session.scalars(
            sa.select(Deployment.id).where(Deployment.match_id == matches[MatchState.SELECTED].id)
        ).one(),
        message_id=session.scalars(_first(OutboxMessage, requester)).one(),
        amendment_id=_amendment(session, requests[RequestState.ACCEPTED], coordinator),
        file_id=_file(session, requests[RequestState.SUBMITTED], coordinator),
        invited_file_id=_file(session, matches[MatchState.INVITED].request, coordinator),
        document_id=_document(session, matches[MatchState.SELECTED], people[Role.EXPERT][0]),
        behind=go_on(session, people, mine),
        ways=ways_in(session, requester),
    )
    # Tests read this of them when the session is closed, and what went on has let go of some.
    assert all(person.roles for pair in people.values() for person in pair)
    assert all(one.evidence and one.trainings for one in whole.experts)
    return whole
