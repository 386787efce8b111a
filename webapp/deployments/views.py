from webapp.deployments import models as _d, operations as _o, checks as _c  # noqa
from webapp.messages import models as _m  # noqa
from webapp.matches import checks as _cc  # noqa
from flask import Blueprint

from webapp.core.access import Permission, requires

bp = Blueprint("deployments", __name__, template_folder="templates")


@bp.get("/deployments-index")
@requires(Permission.SIGNED_IN)
def index():
    return ""
