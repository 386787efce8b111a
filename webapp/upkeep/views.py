"""The page to which the question by mail leads: one click answers it, and only a click does."""

from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.core import clock, origins
from webapp.core.access import Permission, requires, stranger_s_work
from webapp.core.db import db
from webapp.core.forms.page_forms import ActionForm, render_form
from webapp.core.transactions import begin_anew
from webapp.experts.models import Availability
from webapp.membership.models import LinkPurpose
from webapp.upkeep import operations, queries

bp = Blueprint("upkeep", __name__, template_folder="templates")


@bp.route("/still-true/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def still_true(token: str) -> Response:
    """Ask whether a profile is still true, of which nothing is shown; the form uses the link up."""
    if queries.find_asked(db.session, token, clock.now()) is None:
        body = render_template(
            "membership/link_gone.html", purpose=LinkPurpose.STILL_TRUE, LinkPurpose=LinkPurpose
        )
        return make_response(body, HTTPStatus.GONE)
    form = ActionForm()
    if not form.validate_on_submit():
        return render_form("upkeep/still_true.html", form)
    said = request.form.get("availability", type=Availability)
    begin_anew()
    operations.answer(stranger_s_work(), token, said, origins.address())
    return redirect(url_for("upkeep.thanks"), HTTPStatus.SEE_OTHER)


@bp.get("/still-true")
@requires(Permission.PUBLIC)
def thanks() -> str:
    """Say that the answer has come in."""
    return render_template("upkeep/thanks.html")
