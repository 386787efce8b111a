"""The list of the roster: searched by words and facets that stand in the address."""

from flask import request
from werkzeug.wrappers import Response

from webapp.core import clock
from webapp.core.access import Permission, actor, requires
from webapp.core.db import db
from webapp.core.forms.page_forms import render_form
from webapp.core.paging import page_number
from webapp.core.record.disclosure import LISTS, note, shows
from webapp.core.words.translation import _
from webapp.experts.models import Expert
from webapp.matches.ranking import free_text
from webapp.matches.views import roster, whole_roster
from webapp.roster import facets, queries
from webapp.roster.facets import Moment
from webapp.roster.forms import FACETS, roster_form
from webapp.roster.views import bp


@bp.get("/roster")
@requires(Permission.ROSTER_READ)
@shows(_("a list of the roster"), LISTS)
def index() -> Response:
    """List the experts that fit what was asked for, with how many fit each facet."""
    form = roster_form(db.session, request.args)
    if not form.validate():
        answer = render_form("roster/index.html", form, page=None, arguments={}, chosen=[])
        answer.status_code = 400
        return answer
    found = free_text.find(whole_roster(), db.session, form.asked.words)
    at_this_moment = Moment(clock.now(), actor(), found.places.keys())
    moment = facets.search_once(db.session, form.asked, at_this_moment)
    page = queries.list_page(
        db.session,
        form.asked,
        moment,
        sort=form.order,
        places=dict(found.places),
        number=page_number(request.args.get("page")),
    )
    seen = {"total": page.total, "shown": len(page.items)}
    all_counted = facets.count_all(db.session, form.asked, moment, roster().remembered)
    counted = facets.without_rare_institutions(all_counted, form.asked, **seen)
    told = facets.list_behind_counts(db.session, form.asked, moment, counted, **seen)
    note(db.session, *((Expert.__tablename__, number) for number in told))
    chosen = form.chosen(FACETS)
    form.count(counted)
    return render_form(
        "roster/index.html",
        form,
        page=page,
        arguments=form.in_address,
        chosen=chosen,
        genders=counted["gender"],
        readings=found.readings,
        told=found.explain([line.expert.id for line in page.items]),
        without=queries.count_without_each(db.session, form.asked, moment)
        if not page.total
        else {},
    )
