"""Views for strangers, and the way to each person's own first page."""

from datetime import datetime, timedelta
from hmac import compare_digest

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from webapp.accounts import known_browsers, sessions
from webapp.accounts.rules import CONSENT_VERSION
from webapp.core import clock
from webapp.core.access import Permission, requires
from webapp.core.db import db
from webapp.core.monitoring.metrics import exposition
from webapp.core.roles import Role
from webapp.core.schema.upgrading import can_be_served
from webapp.curricula.queries import KEPT
from webapp.home.facts import Standing
from webapp.insights.queries import missions
from webapp.kept_texts.rules import SENT_LIFETIME, TYPED_LIFETIME
from webapp.membership.rules import KEPT_REQUESTS
from webapp.messages.rules import KEPT_NOTICES
from webapp.mission_documents.rules import KEPT as DOCUMENTS_KEPT
from webapp.platform_settings.queries import get_settings
from webapp.roster_imports.queries import KEPT as TABLES_KEPT
from webapp.themes import queries as themes
from webapp.themes.wording import area_of, label_of

bp = Blueprint("home", __name__, template_folder="templates")

# Where a process keeps what it has counted for strangers, and for how long.
PAST_MISSIONS, COUNTED_ANEW = "home.past_missions", timedelta(minutes=5)
# Where people of each role begin their day; the first role that fits counts.
FIRST_PAGES = {
    Role.COORDINATOR: "matches.queue",
    Role.REQUESTER: "expertise_requests.index",
    Role.EXPERT: "matches.invitations",
    Role.NOMINATING_AUTHORITY: "authorities.index",
    Role.ADMINISTRATOR: "audit_log.index",
}


@bp.get("/")
@requires(Permission.PUBLIC)
def landing() -> str | AnyResponse:
    """Tell strangers what the platform is; bring people who signed in to their work."""
    if current_user.is_authenticated:
        for role, endpoint in FIRST_PAGES.items():
            if role in current_user.kinds:
                return redirect(url_for(endpoint))
    areas: dict[str, list[str]] = {}
    for theme in themes.list_themes(db.session):
        areas.setdefault(area_of(theme), []).append(label_of(theme))
    return render_template("home/landing.html", areas=areas, past=_past_missions())


def _past_missions() -> missions.Past | None:
    """Return past missions in numbers as they were counted some minutes ago at most.

    Every stranger asks for them, and they change a few times a month.
    """
    found: tuple[datetime, missions.Past | None] | None
    found, now = current_app.extensions.get(PAST_MISSIONS), clock.now()
    if found is None or now - found[0] >= COUNTED_ANEW:
        found = current_app.extensions[PAST_MISSIONS] = now, missions.find_past(db.session)
    return found[1]


@bp.get("/privacy")
@requires(Permission.PUBLIC)
def privacy() -> str:
    """Show the privacy notice; how long something is kept is told as the platform obeys it."""
    return render_template(
        "home/privacy.html",
        version=CONSENT_VERSION,
        idle_limit=current_app.config["SESSION_IDLE"],
        whole_limit=current_app.config["SESSION_LIMIT"],
        browsers_known=known_browsers.LIFETIME,
        typed_kept=TYPED_LIFETIME,
        sent_kept=SENT_LIFETIME,
        notices_kept=KEPT_NOTICES,
        requests_kept=KEPT_REQUESTS,
        drafts_kept=KEPT,
        tables_kept=TABLES_KEPT,
        documents_kept=DOCUMENTS_KEPT,
        months_kept=get_settings(db.session).retention_months,
    )


@bp.get("/session")
@requires(Permission.SIGNED_IN)
def session_seconds() -> Response:
    """Renew the session, as every request does, and say when it would end without another."""
    return jsonify(sessions.remaining())


@bp.get("/healthz")
@requires(Permission.PUBLIC)
def healthz() -> Response:
    """Say that this process answers."""
    return jsonify(status="ok")


@bp.get("/metrics")
@requires(Permission.PUBLIC)
def metrics() -> Response:
    """Give monitoring its figures; who does not know the token finds no such page."""
    token: str = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "")
    if not token or not compare_digest(given.encode(), f"Bearer {token}".encode()):
        abort(404)
    return exposition(Standing(db.session))


@bp.get("/readyz")
@requires(Permission.PUBLIC)
def readyz() -> tuple[Response, int]:
    """Say whether people can be served: the database answers, with tables for this code."""
    try:
        ready = can_be_served(db.session)
    except SQLAlchemyError:
        return jsonify(status="the database does not answer"), 503
    if not ready:
        return jsonify(status="migrations are not at head"), 503
    return jsonify(status="ready"), 200
