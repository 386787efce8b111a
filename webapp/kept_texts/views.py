"""Keeping what is typed, or sent when its writer has to sign in or to show anew who they are, and
giving it back to its writer.

Every form that people write in carries a field that says who wrote it. It is encrypted, so that
nobody can make one for another account and no page tells whose it was, and it depends on no
cookie, so that it holds however the session ended.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import (
    Blueprint,
    Flask,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_security import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from webapp.accounts.models import Account
from webapp.core import access, ciphers, clock, in_reach, limits, origins, sent_fields
from webapp.core.access import Permission, requires
from webapp.core.db import db, lock
from webapp.core.forms.page_forms import ActionForm
from webapp.core.limits import Limit, limited
from webapp.core.put_off import put_off
from webapp.core.record.disclosure import SINGLE, note, shows
from webapp.core.transactions import GOING_ON, roll_back, sealed, transaction
from webapp.core.words.translation import _, gettext
from webapp.kept_texts import operations, queries, rules
from webapp.kept_texts.forms import restored

bp = Blueprint("kept_texts", __name__, url_prefix="/kept-texts", template_folder="templates")

WHOSE_TEXT = "who wrote the text of a form"
KEPT = _("what was typed into the profile and not saved")
# A page may stay open over a holiday; one that was copied does not serve for ever.
OLDEST_PAGE = timedelta(days=14)
# Once in each pause of several windows.
TYPING = Limit("texts kept while they are typed", "40/minute; 900/hour")
# Whoever has a page of somebody's can send in that name until the page is too old.
AFTERWARDS = Limit("texts sent after a session, from an address", "20/hour")
OF_ACCOUNT = Limit("texts sent after the sessions of an account", "100/hour")


def writer() -> str:
    """Return for the forms of a page, unreadable to all but us, whose page this is."""
    if not current_user.is_authenticated:
        return ""
    made = ciphers.encrypt(
        str(current_user.id),
        secrets=ciphers.installed_secrets(),
        purpose=WHOSE_TEXT,
        now=clock.now(),
    )
    return made.decode()


def _whose_text() -> Account | None:
    """Return whose session it was that the form just sent was opened in, if we know for certain.

    Where an older backup has come back, the number may be another person's by now, whose account
    is younger than the page.
    """
    number = _number_sent(OLDEST_PAGE)
    account = db.session.get(Account, int(number)) if number else None
    if account is None or not account.active:
        return None
    # Of the page the second is known in which it was made.
    age = clock.now() - account.created_at + timedelta(seconds=1)
    return account if _number_sent(age) else None


def _number_sent(lifetime: timedelta) -> str | None:
    """Return the number of an account that a page says which is no older than this."""
    return ciphers.decrypt(
        request.form.get(sent_fields.WRITER, "").encode("utf-8", "replace"),
        secrets=ciphers.installed_secrets(),
        purpose=WHOSE_TEXT,
        now=clock.now(),
        lifetime=lifetime,
    )


def _may_send(account: Account, endpoint: str, about: Mapping[str, Any]) -> bool:
    """Tell whether `account` could send this form now, were it signed in; no text is public."""
    permission = access.permission_of(current_app, endpoint)
    if permission is None or permission is Permission.PUBLIC:
        return False
    if not access.allowed(account.kinds, permission):
        return False
    return in_reach.may_send(db.session, account.as_actor(), endpoint, about)


def _keep_or_note() -> Response | None:
    if request.method != "POST":
        return None
    if not current_user.is_authenticated:
        return _keep()
    if sent_fields.TOKEN in request.form:
        g.kept_text_sent = (current_user.id, request.form[sent_fields.TOKEN])
    return None


def _forget_what_was_sent(_app: Flask) -> None:
    """Delete a kept text in the transaction that saves it; where that is refused, it stays."""
    if sent := g.get("kept_text_sent"):
        operations.delete(db.session, *sent)


def _keep() -> Response | None:
    account = _whose_text()
    fields = rules.to_be_kept(request.form.items(multi=True))
    if (
        account is None
        or not fields
        or not _may_send(account, request.endpoint or "", request.view_args or {})
    ):
        return None
    account_id = account.id
    roll_back()
    number = str(account_id)
    if limits.count(AFTERWARDS, number, origins.source()) or limits.count(OF_ACCOUNT, number):
        return None
    with transaction() as session:
        token = operations.keep(
            session,
            account_id,
            request.path,
            fields,
            secrets=ciphers.installed_secrets(),
            now=clock.now(),
            without_session=True,
        )
    flash(
        gettext(
            "Your session has ended. What you wrote is kept for an hour: sign in and go on with it."
        )
    )
    return redirect(url_for("security.login", next=url_for("kept_texts.show", token=token)), 303)


@bp.post("/typing")
@requires(Permission.SIGNED_IN)
@limited(TYPING)
def keep_typing() -> tuple[Response | str, int]:
    """Keep what is being typed on a page of one's own, and return the token of it.

    What the same window sent before goes with the token that came with it.
    """
    account = db.session.get_one(Account, current_user.id)
    # Nothing is kept beside an erasure that has begun and not ended.
    lock(db.session, account)
    path = request.form.get(sent_fields.PAGE, "")
    fields = rules.to_be_kept(request.form.items(multi=True))
    if rules.is_too_large(path, fields):
        # What the window sent before stays: a refusal changes nothing.
        return "", 413
    if not fields or not account.active or not _may_send(account, *_form_of(path)):
        return "", 204
    token = operations.keep(
        db.session, account.id, path, fields, secrets=ciphers.installed_secrets(), now=clock.now()
    )
    return jsonify({sent_fields.TOKEN: token}), 201


def _keep_for_later(_app: Flask) -> str:
    """Keep what somebody wrote who is asked anew who they are, or who sends too often; return where
    it waits for them.

    Forms in which nobody writes do not say whose they are: nothing of them is kept.
    """
    fields = rules.to_be_kept(request.form.items(multi=True))
    unfit = sent_fields.WRITER not in request.form or rules.is_too_large(request.path, fields)
    if unfit or not fields or not _may_send(current_user, *_form_of(request.path)):
        return ""
    # Nothing is kept beside an erasure that has begun and not ended.
    lock(db.session, db.session.get_one(Account, current_user.id))
    token = operations.keep(
        db.session,
        current_user.id,
        request.path,
        fields,
        secrets=ciphers.installed_secrets(),
        now=clock.now(),
    )
    return url_for("kept_texts.show", token=token)


def _form_of(path: str) -> tuple[str, Mapping[str, Any]]:
    """Return which form of ours is sent to an address, and of what; nothing for another address."""
    try:
        endpoint, about = current_app.url_map.bind("").match(path, "POST")
    except (HTTPException, RequestRedirect):
        return "", {}
    return str(endpoint), about


def unsaved_here() -> list[tuple[str, datetime]]:
    """Return what else the reader typed on this page and did not save, and does not stand in its
    form again: the tokens, and when."""
    if request.method != "GET" or not current_user.is_authenticated:
        return []
    rows = queries.list_of_page(db.session, current_user.id, request.path, clock.now())
    found = [(rules.token_of(row.id, ciphers.installed_secrets()), row.created_at) for row in rows]
    there = restored()
    return [(token, at) for token, at in found if there is None or token != there.token]


def kept_until() -> date:
    """Return the day until which what is typed now is kept."""
    return (clock.now() + rules.TYPED_LIFETIME).date()


@bp.get("/<token>")
@requires(Permission.SIGNED_IN)
@shows(KEPT, SINGLE)
def show(token: str) -> Response:
    """Show a text that was kept for this person, with the way back into its form; nothing of a form
    that they can send no more."""
    kept = _find_own(token)
    endpoint, about = _form_of(kept.path) if kept else ("", {})
    if kept is None or not _may_send(current_user, endpoint, about):
        return _gone()
    if number := about.get("expert_id"):
        # What a coordinator typed into somebody's profile has what stands there in it.
        note(db.session, ("expert", number))
    return make_response(
        render_template(
            "kept_texts/show.html",
            kept=kept,
            token=token,
            going_on=GOING_ON,
            passages=rules.passages(kept.fields),
            short_entries=rules.short_entries(kept.fields),
        )
    )


def _find_own(token: str) -> queries.Kept | None:
    return queries.find(
        db.session, current_user.id, token, secrets=ciphers.installed_secrets(), now=clock.now()
    )


def _gone() -> Response:
    return make_response(render_template("kept_texts/gone.html"), 404)


@bp.post("/<token>/forget")
@requires(Permission.SIGNED_IN)
def forget(token: str) -> Response:
    """Throw away what was typed and not saved; its page shows what is saved."""
    kept = _find_own(token)
    if kept is None:
        return _gone()
    if not ActionForm().validate_on_submit():
        return redirect(url_for("kept_texts.show", token=token))
    operations.delete(db.session, current_user.id, token)
    flash(gettext("What you had typed is thrown away."))
    return redirect(kept.path)


def init_app(app: Flask) -> None:
    """Keep what is sent to `app` without a session; call it before strangers are turned away."""
    app.before_request(_keep_or_note)
    put_off.connect(_keep_for_later, app)
    sealed.connect(_forget_what_was_sent, app)
    app.jinja_env.globals["writer"] = writer
    app.jinja_env.globals.update(
        unsaved_here=unsaved_here, restored=restored, kept_until=kept_until
    )
