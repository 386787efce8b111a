"""Pages of the documents of a mission: which there are, and each as it is made and saved."""

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import NotFoundError
from webapp.core.forms.file_fields import attachment
from webapp.core.limits import Limit, limited
from webapp.core.record.disclosure import SINGLE, note, shows
from webapp.core.words.translation import _
from webapp.deployments import queries as missions
from webapp.deployments.standing_queries import get_on_a_side
from webapp.expertise_requests.waiting import Side
from webapp.matches.rules import is_of_authority
from webapp.mission_documents import operations, queries, rules
from webapp.mission_documents.forms import LanguageForm
from webapp.mission_documents.models import UNFINISHED, DocumentKind, DocumentState, MissionDocument

bp = Blueprint("mission_documents", __name__, template_folder="templates")
DOCUMENTS = _("the documents of a mission")
# Making one takes the job worker seconds; nobody needs more in earnest.
ASKED = Limit("documents of missions", "40/hour")
OF_MISSION = "/deployments/<int:deployment_id>/documents"
# Those that are about a mission.
KINDS = (
    "<any('terms-of-reference','briefing-pack','certificate','thanks-to-expert',"
    "'thanks-to-authority'):kind>"
)


@bp.get(OF_MISSION)
@requires(Permission.DEPLOYMENT_READ)
@shows(DOCUMENTS, SINGLE)
def index(deployment_id: int) -> str:
    """Show which documents of a mission there are for this person."""
    deployment = missions.get(db.session, actor(), deployment_id)
    return render_template(
        "mission_documents/index.html",
        deployment=deployment,
        kinds=queries.list_given(db.session, actor(), deployment),
    )


@bp.post(f"{OF_MISSION}/{KINDS}")
@requires(Permission.MISSION_PREPARE)
@limited(ASKED)
def ask(deployment_id: int, kind: str) -> AnyResponse:
    """Let a document of a mission be made for those who are given it."""
    mission = get_on_a_side(db.session, actor(), deployment_id)
    return _ask(DocumentKind(kind), mission.match_id)


@bp.post("/matches/<int:match_id>/nomination-letter")
@requires(Permission.MISSION_PREPARE)
@limited(ASKED)
def ask_for_nomination(match_id: int) -> AnyResponse:
    """Let the letter be made that asks an authority to release its official, for it or SEESAC."""
    return _ask(DocumentKind.NOMINATION, match_id)


def _ask(kind: DocumentKind, match_id: int) -> AnyResponse:
    language = LanguageForm().chosen_language()
    document = operations.ask(unit_of_work(), kind, match_id, language)
    return redirect(url_for("mission_documents.show", document_id=document.id))


@bp.get("/documents/<int:document_id>")
@requires(Permission.MISSION_PREPARE)
@shows(DOCUMENTS, SINGLE)
def show(document_id: int) -> str:
    """Show how far a document is that this person has let be made, and give the way to its file."""
    document = queries.get_own(db.session, actor(), document_id)
    return render_template(
        "mission_documents/show.html",
        document=document,
        back=_asked_on(document),
        again=_to_ask_again(document),
        at_work=document.state in UNFINISHED,
        kept=rules.KEPT,
        steps=rules.STEPS,
    )


@bp.get("/documents/<int:document_id>.pdf")
@requires(Permission.MISSION_PREPARE)
@shows(DOCUMENTS, SINGLE)
def file(document_id: int) -> Response:
    """Give a document that this person has let be made, once it is."""
    document = queries.get_own(db.session, actor(), document_id)
    if document.state is not DocumentState.READY:
        raise NotFoundError(_("This document is not made yet."))
    note(db.session, *((table, number) for table, number in document.people))
    name = f"{document.match.request.reference}-{document.kind}.pdf"
    return attachment(document.content or b"", "application/pdf", name)


def _asked_on(document: MissionDocument) -> str:
    """Return the address of the page on which this person has asked for a document."""
    if document.kind is DocumentKind.NOMINATION:
        of_authority = is_of_authority(actor(), document.match)
        page = "authorities.release" if of_authority else "matches.show"
        return url_for(page, match_id=document.match_id)
    mission = queries.find_subject(db.session, document).mission
    of_authority = rules.sides_of(actor(), mission) == {Side.AUTHORITY}
    page = "authorities.mission" if of_authority else "mission_documents.index"
    return url_for(page, deployment_id=mission.id)


def _to_ask_again(document: MissionDocument) -> str:
    if document.kind is DocumentKind.NOMINATION:
        return url_for("mission_documents.ask_for_nomination", match_id=document.match_id)
    return url_for(
        "mission_documents.ask",
        deployment_id=queries.find_subject(db.session, document).mission.id,
        kind=document.kind.value,
    )
