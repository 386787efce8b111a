"""A new password for those who have forgotten theirs, by a link that is sent to their address."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.accounts import hashing, sessions, throttling
from webapp.core import clock, limits, origins
from webapp.core.access import Permission, requires, stranger_s_work
from webapp.core.db import db
from webapp.core.errors import TooOftenError
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit
from webapp.core.transactions import begin_anew, writes_late
from webapp.core.words.translation import gettext
from webapp.membership import queries, recovery
from webapp.membership.forms import ForgottenForm, PasswordForm, own_texts
from webapp.membership.models import LinkPurpose
from webapp.membership.views import bp
from webapp.membership.views.joining import link_is_gone

FROM_ADDRESS = Limit("links to a new password, from an address", "10/hour")
TO_ACCOUNT = Limit("links to a new password, to an account", "3/hour")


@bp.route("/password", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
@writes_late
def forgotten() -> Response:
    """Send a link to a new password; the answer is the same for every address."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render_form("membership/forgotten.html", form)
    db.session.rollback()
    if wait := limits.count_unless_over(FROM_ADDRESS, origins.source()):
        raise limits.refusal(wait)
    email = form.email.data
    # Of too many links to one address no more are sent, and nobody is told of that either.
    if not limits.count(TO_ACCOUNT, email):
        begin_anew()
        recovery.ask_for_password_link(stranger_s_work(), email)
    return redirect(url_for("membership.link_sent"), HTTPStatus.SEE_OTHER)


@bp.get("/password/sent")
@requires(Permission.PUBLIC)
def link_sent() -> str:
    """Say what happens now."""
    return render_template("membership/link_sent.html")


@bp.route("/password/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
@writes_late
def new_password(token: str) -> Response:
    """Set a new password by a link; whoever has a second factor is asked for it as always."""
    link = queries.find_link(db.session, LinkPurpose.NEW_PASSWORD, token, clock.now())
    if link is None:
        return link_is_gone(LinkPurpose.NEW_PASSWORD)
    account = link.account
    form = PasswordForm(own_texts(account.name, account.email, account.institution))
    if not form.validate_on_submit():
        return render_form("membership/new_password.html", form)
    throttling.forgive_strangers(account)
    try:
        hashed = hashing.hash_password(form.password.data)
    except TooOftenError as busy:
        return render_form("membership/new_password.html", form, problem=str(busy))
    throttling.forgive_codes(account)
    begin_anew()
    recovery.set_forgotten_password(stranger_s_work(), token, hashed)
    # All sessions of the account end, this one too if it is one of them.
    if current_user.is_authenticated and current_user.id == account.id:
        sessions.forget()
    flash(gettext("Your new password is set. Please sign in."))
    return redirect(url_for("security.login"), HTTPStatus.SEE_OTHER)
