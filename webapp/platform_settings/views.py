"""The page of settings, for administrators."""

from flask import Blueprint, current_app, flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.accounts.sign_in import shown_anew
from webapp.core.access import Permission, requires, unit_of_work
from webapp.core.db import db
from webapp.core.errors import ConflictError
from webapp.core.forms.page_forms import render_form
from webapp.core.transactions import roll_back
from webapp.core.words.translation import gettext
from webapp.platform_settings import operations, queries
from webapp.platform_settings.forms import SettingsForm
from webapp.platform_settings.operations import Wanted
from webapp.platform_settings.wording import NOT_YET, WARNINGS, Warn

bp = Blueprint("platform_settings", __name__, template_folder="templates")


@bp.get("/settings")
@requires(Permission.SETTINGS_CHANGE)
def show() -> Response:
    """Show the settings in a form."""
    return _page(SettingsForm(formdata=None, obj=queries.get_settings(db.session)))


# With the settings four eyes can be made two.
@bp.post("/settings")
@requires(Permission.SETTINGS_CHANGE)
@shown_anew
def save() -> Response:
    """Change the settings."""
    form = SettingsForm()
    if not form.validate_on_submit():
        return _page(form)
    wanted = Wanted(**{name: form[name].data for name in Wanted.__dataclass_fields__})
    try:
        changed = operations.change(unit_of_work(), wanted, seen_version=form.version.data)
    except ConflictError as error:
        roll_back()
        form.version.data = queries.get_settings(db.session).version
        return _page(form, str(error))
    said = gettext("The settings are saved.") if changed else gettext("Nothing was changed.")
    flash(said)
    return redirect(url_for("platform_settings.show"))


def _page(form: SettingsForm, problem: str = "") -> Response:
    warn: dict[str, Warn] = current_app.extensions[WARNINGS]
    return render_form(
        "platform_settings/settings.html",
        form,
        problem=problem,
        stored=queries.get_settings(db.session),
        names=list(Wanted.__dataclass_fields__),
        not_yet=NOT_YET,
        warnings={name: find(db.session) for name, find in warn.items()},
    )
