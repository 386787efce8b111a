"""Views of the audit log."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.accounts import queries as accounts
from webapp.audit_log import queries, wording
from webapp.audit_log.forms import SearchForm
from webapp.audit_log.own_affairs import find_withheld, tells_of_no_own_request
from webapp.audit_log.publishing import verify_log
from webapp.core.access import Permission, actor, requires
from webapp.core.db import db
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, shows
from webapp.core.words.translation import _

bp = Blueprint("audit_log", __name__, url_prefix="/audit", template_folder="templates")


@bp.get("")
@requires(Permission.AUDIT_READ)
@shows(_("the audit log"), LISTS)
def index() -> Response:
    """Show the log, latest first, narrowed as asked, and whether its chain is sound when asked."""
    form = SearchForm(request.args)
    form.kind.offer(wording.list_kinds())
    given = {name: value for name, value in form.data.items() if value}
    asked = queries.Asked(**given) if form.validate() else queries.Asked()
    until = page_number(request.args.get("until")) if "until" in request.args else None
    also = [tells_of_no_own_request(db.session, actor())] if asked.expert else []
    page = queries.list_events(
        db.session, asked, page_number(request.args.get("page")), *also, until=until
    )
    narrowed = {name: str(value) for name, value in vars(asked).items() if value}
    withheld = find_withheld(db.session, actor(), page.items)
    told = [event for event in page.items if event.id not in withheld]
    newest = page.items[0].id if page.items and page.number == 1 else until
    body = render_template(
        "audit_log/index.html",
        form=form,
        narrowed=narrowed,
        kept={**narrowed, "until": newest} if newest else narrowed,
        page=page,
        withheld=withheld,
        names=accounts.get_names(db.session, (event.actor_id for event in told)),
        faults=verify_log() if "verify" in request.args else None,
    )
    return make_response(body, 400 if form.errors else 200)
