from flask import Blueprint

from webapp.core.access import Permission, requires

bp = Blueprint("experts", __name__, template_folder="templates")


@bp.get("/experts-roster")
@requires(Permission.SIGNED_IN)
def roster():
    return ""


@bp.get("/experts-profile")
@requires(Permission.SIGNED_IN)
def profile():
    return ""
