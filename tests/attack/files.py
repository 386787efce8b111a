"""Files of requests, releases, checklists and reports, and texts of curricula: each has a word of
its own in its name and in what it holds, and is read by those who are promised it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.attack.attackers import COLLEAGUE, Attacker
from tests.structure.access_of_accounts import C, E, N, R
from webapp.core import clock
from webapp.core.files.stored_files import StoredFile, read_file
from webapp.core.roles import Role
from webapp.curricula.models import CurriculumDraft
from webapp.deployments.models import Deployment
from webapp.expertise_requests.models import ExpertiseRequest, RequestFile
from webapp.expertise_requests.waiting import SIDE_OF
from webapp.experts.models import Expert
from webapp.matches.models import Match, ReleaseLetter, ReleaseLetterFile
from webapp.mission_checklists.content import BY_KIND
from webapp.mission_checklists.models import Item, ItemFile
from webapp.mission_reports.models import MissionReport, MissionReportFile, Side

ROLE_OF = {side: role for role, side in SIDE_OF.items()}


@dataclass(frozen=True)
class Kept:
    """A file or a text, where it is asked for and named, and who is promised it of the first people
    of each role; of coordinators it is all of them."""

    word: str
    addresses: tuple[str, ...]
    named_at: tuple[str, ...]
    readers: frozenset[Role]
    of_request: bool = False

    def is_for(self, who: Attacker) -> bool:
        """Tell whether somebody is promised it."""
        if C in who.kinds and C in self.readers:
            return True
        # A colleague reads what is asked for in the name of the same organisation, and of missions
        # nothing.
        if who.name == COLLEAGUE and self.of_request:
            return True
        return who.comes_first and bool(self.readers & who.kinds)


def plant(session: Session) -> list[Kept]:
    """Give every file of the world a word of its own, and files to the reports that were sent."""
    _add_to_sent_reports(session)
    session.flush()
    made = [*_of_requests(session), *_of_letters(session), *_of_items(session)]
    return [*made, *_of_reports(session), *_curricula(session)]


def _mark(file: StoredFile, word: str) -> str:
    content = f"%PDF-1.7 {word}".encode()
    file.name, file.content, file.size = f"{word}.pdf", content, len(content)
    file.digest = hashlib.sha256(content).hexdigest()
    return word


def _add_to_sent_reports(session: Session) -> None:
    sent = sa.select(MissionReport).where(MissionReport.sent_at.is_not(None))
    for report in session.scalars(sent):
        paper = read_file("Annex.pdf", b"%PDF-1.7 an annex")
        session.add(
            MissionReportFile(
                report_id=report.id, added_at=clock.now(), added_by=1, **paper.columns()
            )
        )


def _of_requests(session: Session) -> Iterator[Kept]:
    asked = sa.select(RequestFile, ExpertiseRequest).join(
        ExpertiseRequest, RequestFile.request_id == ExpertiseRequest.id
    )
    for file, request in session.execute(asked).all():
        word, page = _mark(file, f"Canary-request-{file.id}x"), f"/requests/{request.id}"
        addresses, readers = [f"{page}/files/{file.id}"], {R, C}
        invited = session.scalars(sa.select(Match).filter_by(request_id=request.id)).all()
        if file.for_invited and any(match.invited_at for match in invited):
            addresses += [f"/invitations/{one.id}/files/{file.id}" for one in invited]
            readers |= {E}
        pages = (page, f"{page}/files")
        yield Kept(word, tuple(addresses), pages, frozenset(readers), of_request=True)


def _of_letters(session: Session) -> Iterator[Kept]:
    sent = sa.select(ReleaseLetterFile, ReleaseLetter).join(
        ReleaseLetter, ReleaseLetterFile.letter_id == ReleaseLetter.id
    )
    for file, letter in session.execute(sent).all():
        word = _mark(file, f"Canary-letter-{letter.id}x")
        pages = (f"/matches/{letter.match_id}", f"/releases/{letter.match_id}")
        addresses = tuple(f"{page}/letter" for page in pages)
        yield Kept(word, addresses, (*pages, "/releases"), frozenset({C, N}))


def _of_items(session: Session) -> Iterator[Kept]:
    sent = sa.select(ItemFile, Item).join(Item, ItemFile.item_id == Item.id)
    for file, item in session.execute(sent).all():
        word = _mark(file, f"Canary-item-{item.id}x")
        mission = f"/deployments/{item.deployment_id}"
        page = f"{mission}/checklist/{item.kind}"
        readers = frozenset(ROLE_OF[side] for side in BY_KIND[item.kind].read_by)
        readers -= _who_cannot_come_in(session, item.deployment_id)
        yield Kept(word, (f"{page}/file",), (mission, page), readers)


def _who_cannot_come_in(session: Session, deployment_id: int) -> frozenset[Role]:
    """Return the role of the expert of a mission who has no account to open its pages with."""
    match = session.get_one(Deployment, deployment_id).match
    return frozenset({E} if match.expert.account_id is None else ())


def _of_reports(session: Session) -> Iterator[Kept]:
    sent = sa.select(MissionReportFile, MissionReport).join(
        MissionReport, MissionReportFile.report_id == MissionReport.id
    )
    for file, report in session.execute(sent).all():
        word = _mark(file, f"Canary-report-{file.id}x")
        mission = f"/deployments/{report.deployment_id}"
        pages = f"{mission}/reports", f"{mission}/reports/{report.side.value}/files"
        writer = {E} if report.side is Side.EXPERT else {R}
        readers = frozenset({R, E, C} if report.sent_at else writer)
        readers -= _who_cannot_come_in(session, report.deployment_id)
        yield Kept(word, (f"{pages[1]}/{file.id}",), (mission, *pages), readers)


def _curricula(session: Session) -> Iterator[Kept]:
    read = sa.select(CurriculumDraft, Expert).join(Expert, CurriculumDraft.expert_id == Expert.id)
    for draft, expert in session.execute(read).all():
        word = f"Canary-curriculum-{draft.id}x"
        draft.text = f"{draft.text}\n{word}"
        written = f"/roster/{expert.id}/write/curriculum/text"
        own = expert.account_id is not None
        addresses = (written, "/profile/curriculum/text") if own else (written,)
        yield Kept(word, addresses, (f"/roster/{expert.id}",), frozenset({E if own else C}))


def missions_are_of_the_first(session: Session, first: dict[Role, int]) -> bool:
    """Tell whether all missions with files are of the first requester, and of the first expert or
    one without an account."""
    with_files = sa.select(Item.deployment_id).join(ItemFile)
    chosen = (
        sa.select(ExpertiseRequest.requester_id, Expert.account_id)
        .select_from(Deployment)
        .join(Match, Deployment.match_id == Match.id)
        .join(ExpertiseRequest, Match.request_id == ExpertiseRequest.id)
        .join(Expert, Match.expert_id == Expert.id)
        .where(Deployment.id.in_(with_files))
    )
    expected = {(first[R], first[E]), (first[R], None)}
    return {(asks, goes) for asks, goes in session.execute(chosen)} == expected
