"""Pages of the documents of a mission: which there are, each as a file, and the briefing pack."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError
from webapp.core.files.pdf import make_pdf
from webapp.core.forms.file_fields import attachment
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit, limited
from webapp.core.record.disclosure import SINGLE, note, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import _, gettext
from webapp.deployments import queries as missions
from webapp.deployments.models import Deployment
from webapp.matches import queries as matches
from webapp.matches import releases
from webapp.matches.models import Match
from webapp.mission_documents import making, operations, queries, rules
from webapp.mission_documents.content import DocumentKind
from webapp.mission_documents.forms import LanguageForm, PackForm
from webapp.mission_documents.models import UNFINISHED

bp = Blueprint("mission_documents", __name__, template_folder="templates")
DOCUMENTS = _("the documents of a mission")
# Laying one out takes a second of a worker; nobody needs more in earnest.
FILES = Limit("documents of missions", "40/hour", of_reading=True)
PACKS = Limit("briefing packs", "20/day")
OF_MISSION = "/deployments/<int:deployment_id>/documents"
# Those that are given at once, and about a mission.
KINDS = (
    "<any('terms-of-reference','certificate','thanks-to-expert','thanks-to-authority'):kind>.pdf"
)


def _mission(deployment_id: int) -> Deployment:
    return missions.get(db.session, actor(), deployment_id)


@bp.get(OF_MISSION)
@requires(Permission.DEPLOYMENT_READ)
@shows(DOCUMENTS, SINGLE)
def index(deployment_id: int) -> str:
    """Show which documents of a mission there are for this person."""
    deployment = _mission(deployment_id)
    return render_template(
        "mission_documents/index.html",
        deployment=deployment,
        kinds=queries.list_given(db.session, actor(), deployment),
        briefing=DocumentKind.BRIEFING,
    )


@bp.get(f"{OF_MISSION}/{KINDS}")
@requires(Permission.DEPLOYMENT_READ)
@limited(FILES)
@shows(DOCUMENTS, SINGLE)
def document(deployment_id: int, kind: str) -> Response:
    """Give a document of a mission to those for whom it is."""
    return _of_mission(_mission(deployment_id), DocumentKind(kind))


@bp.get(f"/officials/missions/<int:deployment_id>/documents/{KINDS}")
@requires(Permission.OFFICIALS_KEEP)
@limited(FILES)
@shows(DOCUMENTS, SINGLE)
def document_of_official(deployment_id: int, kind: str) -> Response:
    """Give an authority a document of the mission of its official."""
    found = missions.get_of_official(db.session, actor(), deployment_id)
    return _of_mission(found, DocumentKind(kind))


@bp.get("/matches/<int:match_id>/nomination-letter.pdf")
@requires(Permission.MATCH_DECIDE)
@limited(FILES)
@shows(DOCUMENTS, SINGLE)
def nomination(match_id: int) -> Response:
    """Give SEESAC the letter that asks an authority to release its official."""
    return _nomination(matches.get(db.session, actor(), match_id))


@bp.get("/releases/<int:match_id>/nomination-letter.pdf")
@requires(Permission.OFFICIALS_KEEP)
@limited(FILES)
@shows(DOCUMENTS, SINGLE)
def nomination_of_official(match_id: int) -> Response:
    """Give an authority the letter by which it is asked to release its official."""
    match = releases.get_asked(db.session, actor(), match_id)
    if releases.are_others_now(db.session, match):
        raise NotFoundError(_("Nobody is asked to release this expert."))
    return _nomination(match)


def _of_mission(deployment: Deployment, kind: DocumentKind) -> Response:
    if kind not in queries.list_given(db.session, actor(), deployment):
        raise NotFoundError(_("There is no such document of this mission for you."))
    whole = rules.reads_all_terms(actor(), deployment)
    return _file(kind, making.Subject(deployment.match, deployment, whole))


def _nomination(match: Match) -> Response:
    if not rules.has_nomination(match):
        raise NotFoundError(_("Nobody is asked to release this expert."))
    mission = missions.find_uncancelled(db.session, match.id)
    return _file(DocumentKind.NOMINATION, making.Subject(match, mission))


def _file(kind: DocumentKind, about: making.Subject) -> Response:
    language = LanguageForm(request.args)
    language.validate()
    page = making.write(
        db.session, kind, about, language=language.chosen_language(), made_on=clock.today()
    )
    return attachment(make_pdf(page), "application/pdf", f"{about.request.reference}-{kind}.pdf")


def _briefed(deployment_id: int) -> Deployment:
    """Return a mission of which this person is given a briefing pack."""
    deployment = _mission(deployment_id)
    if not rules.can_read(actor(), deployment, DocumentKind.BRIEFING):
        raise NotFoundError(_("There is no briefing pack of such a mission for you."))
    return deployment


@bp.get(f"{OF_MISSION}/briefing-pack")
@requires(Permission.DEPLOYMENT_READ)
@shows(DOCUMENTS, SINGLE)
def briefing(deployment_id: int) -> Response:
    """Show how far the briefing pack of a mission is, and let one be made."""
    return _briefing_page(_briefed(deployment_id), PackForm())


@bp.post(f"{OF_MISSION}/briefing-pack")
@requires(Permission.DEPLOYMENT_READ)
@limited(PACKS)
@shows(DOCUMENTS, SINGLE)
def ask_for_briefing(deployment_id: int) -> AnyResponse:
    """Let a briefing pack be made."""
    deployment, form = _briefed(deployment_id), PackForm()
    if not form.validate_on_submit():
        return _briefing_page(deployment, form)
    try:
        operations.ask(unit_of_work(), deployment, form.language.data)
    except ConflictError as error:
        roll_back()
        return _briefing_page(deployment, form, str(error))
    flash(gettext("The briefing pack is being made."))
    return redirect(url_for("mission_documents.briefing", deployment_id=deployment_id))


def _briefing_page(deployment: Deployment, form: PackForm, problem: str = "") -> Response:
    pack = queries.find_pack(db.session, actor(), deployment)
    return render_form(
        "mission_documents/briefing_page.html",
        form,
        problem=problem,
        deployment=deployment,
        pack=pack,
        at_work=pack is not None and pack.state in UNFINISHED,
        kept=rules.KEPT,
        steps=rules.STEPS,
    )


@bp.get(f"{OF_MISSION}/briefing-pack.pdf")
@requires(Permission.DEPLOYMENT_READ)
@shows(DOCUMENTS, SINGLE)
def briefing_file(deployment_id: int) -> Response:
    """Give the briefing pack that this person has let be made."""
    deployment = _briefed(deployment_id)
    pack = queries.get_ready_pack(db.session, actor(), deployment)
    match = deployment.match
    note(db.session, match.expert.tells_of, match.request.requester.tells_of)
    name = f"{match.request.reference}-{DocumentKind.BRIEFING}.pdf"
    return attachment(pack.content or b"", "application/pdf", name)
