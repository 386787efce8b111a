"""A mission as a piece of evidence of its expert, which the requester's own report confirms.

Where and when it was follows from the mission and is not asked for. What else is confirmed are the
words that the requester knows: of the request, and of what the expert has reported. Whoever writes
others puts them into the profile as their own (decision 70). Of an expert without an account SEESAC
does it (decision 234).
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from webapp.core.db import lock
from webapp.core.errors import ConflictError, ForbiddenError, TwinError
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.language import in_language, languages
from webapp.core.words.text_rules import shortened
from webapp.core.words.translation import _
from webapp.deployments.models import Deployment
from webapp.experts import confirmations
from webapp.experts import operations as experts
from webapp.experts.contents import EvidenceContent
from webapp.experts.models import Evidence, EvidenceKind
from webapp.mission_reports import queries, rules
from webapp.mission_reports.models import MissionEntry, MissionReport, Side

# As long as the description of a piece of evidence may be.
LONGEST = 2000


def draft(session: Session, deployment: Deployment) -> EvidenceContent:
    """Return a mission as it would stand in the profile, in words of the expert's own report if the
    requester could read that before reporting."""
    request = deployment.match.request
    own, theirs = (
        queries.find(session, deployment, side) for side in (Side.EXPERT, Side.REQUESTER)
    )
    was_read = (
        own and theirs and confirms(theirs) and own.sent_at and theirs.sent_at
        and own.sent_at < theirs.sent_at
    )  # fmt: skip
    told = [*(one.said for one in own.points), own.done, own.outputs] if own and was_read else []
    return EvidenceContent(
        kind=EvidenceKind.MISSION,
        title=request.title,
        description=shortened("\n".join(filter(None, told)), LONGEST),
        jurisdiction=request.jurisdiction,
        started=deployment.start.replace(day=1),
        ended=deployment.end.replace(day=1),
        place=request.place,
        role=str(request.help_kind.label) if request.help_kind else "",
        ways=(request.help_kind,) if request.help_kind else (),
    )


def is_confirmed(session: Session, deployment: Deployment) -> bool:
    """Tell whether the requester's report confirms a mission in the words of its draft."""
    report = queries.find(session, deployment, Side.REQUESTER)
    return report is not None and confirms(report)


def confirms(report: MissionReport) -> bool:
    """Tell whether it was the requester who has reported: what SEESAC writes down as it was told is
    nobody's word that an expert's own sentences are true."""
    return report.sent_at is not None and not report.by_office


def add(
    work: UnitOfWork, deployment: Deployment, words: EvidenceContent, *, seen_version: int
) -> Evidence:
    """Put a mission into the profile, confirmed in the words of its draft if the requester has
    reported in person; of `words` what the expert writes counts, where it says something else as
    the expert's own.

    Refuses in words: before the requester has reported, a second time, a stale edit.
    """
    request, expert = deployment.match.request, deployment.match.expert
    lock(work.session, request, expert)
    if not rules.can_enter(work.actor, deployment):
        raise ForbiddenError(_("A profile is written by its owner alone."))
    if entry := queries.find_entry(work.session, deployment):
        raise TwinError(_("This mission stands in the profile already."), entry.evidence)
    report = queries.find(work.session, deployment, Side.REQUESTER)
    if report is None or report.sent_at is None:
        raise ConflictError(
            _("The requester has not reported yet, so nothing confirms the mission.")
        )
    known = draft(work.session, deployment)
    content = replace(
        words, kind=known.kind, jurisdiction=known.jurisdiction, place=known.place,
        started=known.started, ended=known.ended,
    )  # fmt: skip
    row = experts.add_entry(work, expert, content, seen_version=seen_version)
    assert isinstance(row, Evidence)  # noqa: S101 - What is written is evidence, and no training.
    if confirms(report) and _says_what_is_known(content, known):
        confirmations.note(work, row, request.reference, request.requester.institution)
    work.session.add(MissionEntry(deployment_id=deployment.id, evidence_id=row.id))
    work.session.flush()
    return row


def _says_what_is_known(content: EvidenceContent, known: EvidenceContent) -> bool:
    """Tell whether an entry has the words of its draft; the role may stand in another language, in
    which the form was opened."""
    same = replace(content, role=known.role, kept_out=known.kept_out) == known
    roles = {known.role}
    for kind in known.ways:
        for code in languages():
            with in_language(code):
                roles.add(str(kind.label))
    return same and content.role in roles
