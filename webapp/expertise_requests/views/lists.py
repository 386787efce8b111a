"""Lists of requests: one's own, and all that has been sent in."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.core.access import Permission, actor, requires
from webapp.core.db import db
from webapp.core.paging import page_number
from webapp.expertise_requests import queries
from webapp.expertise_requests.forms import SearchForm
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.views import bp
from webapp.expertise_requests.waiting import Side
from webapp.expertise_requests.wording import who_is_awaited


@bp.get("")
@requires(Permission.REQUEST_WRITE)
def index() -> str:
    """List the requests of this person, first what waits for them, with what happens next."""
    number = page_number(request.args.get("page"))
    waiting = who_is_awaited(db.session, queries.list_own_open(db.session, actor()))
    first = {number for number, row in waiting.items() if row.side is Side.REQUESTER}
    page = queries.list_own(db.session, actor(), number, first=first)
    return render_template(
        "expertise_requests/index.html",
        page=page,
        waiting=waiting,
        thrown_away=queries.list_thrown_away(db.session, actor()).total,
    )


@bp.get("/thrown-away")
@requires(Permission.REQUEST_WRITE)
def thrown_away() -> str:
    """List the drafts that this person has thrown away: to read, or to copy from."""
    page = queries.list_thrown_away(db.session, actor(), page_number(request.args.get("page")))
    return render_template("expertise_requests/thrown_away.html", page=page)


@bp.get("/all")
@requires(Permission.REQUEST_DECIDE)
def everything() -> Response:
    """List what has ever been sent in, narrowed by state and words."""
    form = SearchForm(request.args)
    narrowed = form.validate() and bool(form.search.data or form.state.data)
    page = queries.list_sent_in(
        db.session,
        states=frozenset({RequestState(form.state.data)} if narrowed and form.state.data else ()),
        search=(form.search.data or "") if narrowed else "",
        number=page_number(request.args.get("page")),
    )
    kept = {name: form[name].data for name in ("search", "state") if narrowed and form[name].data}
    body = render_template(
        "expertise_requests/everything.html",
        form=form,
        page=page,
        waiting=who_is_awaited(db.session, page.items),
        narrowed=narrowed,
        kept=kept,
    )
    return make_response(body, 400 if form.errors else 200)
