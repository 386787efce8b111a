"""Views of the audit log."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.accounts import queries as accounts
from webapp.audit_log import queries
from webapp.audit_log.forms import SearchForm
from webapp.core import audit
from webapp.core.access import Permission, requires
from webapp.core.db import db
from webapp.core.disclosure import shows
from webapp.core.paging import page_number
from webapp.core.translation import _

bp = Blueprint("audit_log", __name__, url_prefix="/audit", template_folder="templates")


@bp.get("")
@requires(Permission.AUDIT_READ)
@shows(_("the audit log"))
def index() -> Response:
    """Show the log, latest first, narrowed by words, and whether its chain is sound when asked."""
    form = SearchForm(request.args)
    search = form.search.data or "" if form.validate() else ""
    page = queries.list_events(db.session, search, page_number(request.args.get("page")))
    body = render_template(
        "audit_log/index.html",
        form=form,
        search=search,
        page=page,
        names=accounts.get_names(db.session, (event.actor_id for event in page.items)),
        faults=audit.verify(db.session) if "verify" in request.args else None,
    )
    return make_response(body, 400 if form.errors else 200)
