from flask import Blueprint

from webapp.core.access import Permission, requires

bp = Blueprint("expertise_requests", __name__, template_folder="templates")


@bp.get("/expertise_requests-index")
@requires(Permission.SIGNED_IN)
def index():
    return ""
