"""Pages of whom to call in an emergency of a mission: read by SEESAC, written by the expert."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, NotFoundError
from webapp.core.forms.page_forms import render_form
from webapp.core.record.disclosure import SINGLE, shows
from webapp.core.transactions import roll_back
from webapp.core.words.translation import _, gettext
from webapp.deployments.rules import is_office
from webapp.mission_contacts import operations, queries, rules
from webapp.mission_contacts.forms import ContactForm

bp = Blueprint(
    "mission_contacts", __name__, url_prefix="/deployments/<int:deployment_id>/contact",
    template_folder="templates",
)  # fmt: skip
CONTACT = _("whom to call in an emergency of a mission")


@bp.get("")
@requires(Permission.DEPLOYMENT_READ)
@shows(CONTACT, SINGLE)
def show(deployment_id: int) -> str:
    """Show whom to call while the mission lasts; each look of SEESAC at it is recorded."""
    deployment = queries.get_mission(db.session, actor(), deployment_id)
    return render_template(
        "mission_contacts/show.html",
        deployment=deployment,
        contact=queries.find(db.session, deployment),
        can_write=rules.can_write(actor(), deployment, clock.today()),
        is_mine=not is_office(actor(), deployment),
    )


@bp.route("/write", methods=["GET", "POST"])
@requires(Permission.DEPLOYMENT_READ)
@shows(CONTACT, SINGLE)
def write(deployment_id: int) -> Response:
    """Say whom to call, and what one does not eat."""
    deployment = queries.get_mission(db.session, actor(), deployment_id)
    if not rules.can_write(actor(), deployment, clock.today()):
        raise NotFoundError(_("There is no such mission."))
    stored = queries.find(db.session, deployment)
    form, problem = ContactForm(obj=stored, version=stored.version if stored else 0), ""
    if form.validate_on_submit():
        try:
            operations.write(
                unit_of_work(), deployment, form.content(), seen_version=form.version.data
            )
        except ConflictError as error:
            roll_back()
            stored = queries.find(db.session, deployment)
            form.version.data, problem = stored.version if stored else 0, str(error)
        else:
            flash(gettext("This is kept until you are back, and then erased."))
            return redirect(url_for("mission_contacts.show", deployment_id=deployment_id))
    return render_form(
        "mission_contacts/write.html",
        form,
        problem=problem,
        stored=stored if problem else None,
        deployment=deployment,
        office=is_office(actor(), deployment),
    )
