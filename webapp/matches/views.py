from flask import Blueprint

from webapp.core.access import Permission, requires

bp = Blueprint("matches", __name__, template_folder="templates")


@bp.get("/matches-queue")
@requires(Permission.SIGNED_IN)
def queue():
    return ""


@bp.get("/matches-invitations")
@requires(Permission.SIGNED_IN)
def invitations():
    return ""
