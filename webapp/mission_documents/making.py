"""Documents put into words: what each says, in the language that was asked for."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import current_app, render_template
from sqlalchemy.orm import Session

from webapp.accounts import queries as accounts
from webapp.amendments.comparison import get_terms
from webapp.core.words.language import in_language
from webapp.core.words.public_holidays import list_holidays
from webapp.mission_documents import queries
from webapp.mission_documents.models import DocumentKind
from webapp.mission_documents.queries import Subject
from webapp.mission_reports import likeness
from webapp.mission_reports import queries as reports
from webapp.mission_reports.models import Side

# Whoever travels there is on the way a day before and after the mission.
TRAVEL = timedelta(days=1)


def write(
    session: Session, kind: DocumentKind, about: Subject, *, language: str, made_on: date
) -> str:
    """Return a document as a page that core/files/pdf.py makes into a file."""
    version = about.deployment.tor_version if about.deployment else about.request.tor_version
    terms = get_terms(about.request, version)
    with in_language(language):
        return render_template(
            f"mission_documents/{kind.name.lower()}.html",
            kind=kind,
            match=about.match,
            expert=about.match.expert,
            expertise_request=about.request,
            deployment=about.deployment,
            days=about.days,
            terms=terms,
            themes=queries.list_themes(session, terms.themes),
            version=version,
            whole=about.whole,
            made_on=made_on,
            **_MORE.get(kind, _nothing)(session, about),
        )


def _nothing(_session: Session, _about: Subject) -> dict[str, Any]:
    return {}


def _signed(session: Session, about: Subject) -> dict[str, Any]:
    """Return who signs a letter: the coordinator who sees to the request, if there is one."""
    signing = about.request.handled_by
    return {"signed_by": accounts.get_names(session, [signing]).get(signing or 0, "")}


def _thanks(session: Session, about: Subject) -> dict[str, Any]:
    """Return also what the requester has reported of those who took part, if that was sent."""
    report = reports.find(session, about.mission, Side.REQUESTER)
    return {**_signed(session, about), "report": report if report and report.sent_at else None}


def _briefing(session: Session, about: Subject) -> dict[str, Any]:
    there = about.request.jurisdiction
    return {
        "earlier": queries.list_earlier(session, about.mission),
        "lessons": likeness.list_for_pack(
            session, current_app.extensions[likeness.INDEX], about.request
        ),
        "holidays": list_holidays(
            [there] if there else [],
            about.mission.start - TRAVEL,
            about.mission.end + TRAVEL,
        ),
    }


_MORE: dict[DocumentKind, Callable[[Session, Subject], dict[str, Any]]] = {
    DocumentKind.NOMINATION: _signed,
    DocumentKind.THANKS_EXPERT: _thanks,
    DocumentKind.THANKS_AUTHORITY: _thanks,
    DocumentKind.BRIEFING: _briefing,
}
