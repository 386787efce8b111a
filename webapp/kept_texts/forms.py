"""Forms into which their writer's words come back when the page is opened again."""

from typing import Any

from flask import g, request
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from webapp.core import ciphers, clock
from webapp.core.db import db
from webapp.core.forms.page_forms import PageForm
from webapp.kept_texts import queries
from webapp.kept_texts.queries import Kept


class RestoredForm(PageForm):
    """A form of a page that keeps what is typed: opened anew, it holds what was not saved.

    The version is that of the page on which it was typed, so that what was saved since is compared.
    """

    class Meta(PageForm.Meta):
        """Read what was typed before, where nothing is sent now."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Return what was sent, or what was typed on this page before and not saved."""
            sent = super().wrap_formdata(form, formdata)
            if sent is not None or formdata is None or request.method != "GET":
                return sent
            g.restored = typed_before()
            return MultiDict(g.restored.fields) if g.restored else None


def is_not_saved_yet() -> None:
    """State that what was sent now is gone on with: what is kept of it stays until it is saved."""
    g.pop("kept_text_sent", None)


def typed_before() -> Kept | None:
    """Return what the reader typed last on this page and has not saved."""
    if not current_user.is_authenticated:
        return None
    return queries.find_latest(
        db.session,
        current_user.id,
        request.path,
        secrets=ciphers.installed_secrets(),
        now=clock.now(),
    )


def restored() -> Kept | None:
    """Return what stands in the form of this page again, if it is something typed before."""
    kept: Kept | None = g.get("restored")
    return kept
