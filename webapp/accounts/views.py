"""Views of accounts."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.accounts import operations
from webapp.accounts.forms import LanguageForm
from webapp.accounts.models import Account
from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import db
from webapp.core.responses.localization import CHOSEN

bp = Blueprint("accounts", __name__, template_folder="templates")


@bp.get("/language")
@requires(Permission.PUBLIC)
def language() -> str:
    """Offer the languages to strangers: a form on every page would set a cookie unasked."""
    return render_template("accounts/language.html")


@bp.post("/language")
@requires(Permission.PUBLIC)
def choose_language() -> Response:
    """Keep the language that somebody has chosen, and lead back to the page they came from."""
    form = LanguageForm()
    if not form.validate_on_submit():
        abort(400)
    chosen = form.language.data
    if current_user.is_authenticated:
        account = db.session.get_one(Account, current_user.id)
        operations.choose_language(unit_of_work(), account, chosen)
    else:
        session[CHOSEN] = chosen
    return redirect(_page_before())


def _page_before() -> str:
    """Return the page of ours that sent this form, as a path; the first page if there is none."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    adapter = current_app.create_url_adapter(request)
    # An address that only forms are sent to cannot be opened again, and who has chosen goes on.
    ours = before.netloc == request.host and adapter and adapter.test(before.path, "GET")
    # The adapter overlooks more slashes, but to a browser what follows two of them is a host.
    ours = ours and not before.path.startswith(("//", "/\\"))
    ours = ours and before.path != url_for("accounts.language")
    return before._replace(scheme="", netloc="", fragment="").geturl() if ours else "/"
