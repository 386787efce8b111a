"""Views of the audit log."""

import sqlalchemy as sa
from flask import Blueprint, render_template, request

from webapp.accounts import queries as accounts
from webapp.core import audit
from webapp.core.access import Permission, requires
from webapp.core.audit import AuditEvent
from webapp.core.db import db

bp = Blueprint("audit_log", __name__, url_prefix="/audit", template_folder="templates")

PER_PAGE = 50


@bp.get("")
@requires(Permission.AUDIT_READ)
def index() -> str:
    """Show the log, latest first, and whether its chain is sound when asked."""
    page = request.args.get("page", 1, type=int)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    events = db.session.scalars(
        sa.select(AuditEvent)
        .order_by(AuditEvent.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return render_template(
        "audit_log/index.html",
        events=events,
        names=accounts.names(db.session, (event.actor_id for event in events)),
        total=total,
        page=page,
        pages=pages,
        faults=audit.verify(db.session) if "verify" in request.args else None,
    )
