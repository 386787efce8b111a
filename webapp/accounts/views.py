"""Views of accounts."""

from flask import Blueprint, render_template

from webapp.accounts import queries
from webapp.core.access import Permission, requires
from webapp.core.db import db

bp = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="templates")


@bp.get("")
@requires(Permission.ACCOUNTS_READ)
def index() -> str:
    """List the accounts with their roles."""
    return render_template("accounts/index.html", accounts=queries.everyone(db.session))
