"""Pages by which people come to an account: an invitation, or a request for one."""

from http import HTTPStatus

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_security import current_user, login_user
from werkzeug.wrappers import Response

from webapp.accounts import hashing
from webapp.core import clock, limits, origins
from webapp.core.access import Permission, requires, stranger_s_work
from webapp.core.db import db
from webapp.core.errors import ConflictError, TooOftenError
from webapp.core.forms.page_forms import render_form
from webapp.core.limits import Limit
from webapp.core.origins import SAFE_METHODS
from webapp.core.responses import localization
from webapp.core.roles import Role
from webapp.core.transactions import begin_anew, roll_back
from webapp.core.words.language import current_language, use_language
from webapp.core.words.translation import gettext
from webapp.membership import granting, operations, queries
from webapp.membership.forms import AskForm, JoinForm, own_texts
from webapp.membership.models import AccountLink, LinkPurpose
from webapp.membership.views import bp
from webapp.platform_settings.queries import get_settings

ASKING = Limit("requests for an account", "5/hour")


def link_is_gone(purpose: LinkPurpose) -> Response:
    """Say that a link has been used or is too old, and how to come by another."""
    body = render_template("membership/link_gone.html", purpose=purpose, LinkPurpose=LinkPurpose)
    return make_response(body, HTTPStatus.GONE)


def _form_for(link: AccountLink) -> JoinForm:
    account = link.account
    # Who invited has guessed the language; the browser knows what its owner reads. Where it asks
    # for none that we speak, the guess is better than English.
    if account.language and not localization.asked_for():
        use_language(account.language)
    form = JoinForm(own_texts(account.name, account.email, account.institution))
    if request.method in SAFE_METHODS:
        form.language.data = current_language()
    return form


@bp.route("/join/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def join(token: str) -> Response:
    """Let somebody join by their invitation; only the form uses it up, not who looks at it."""
    link = queries.find_link(db.session, LinkPurpose.INVITATION, token, clock.now())
    if link is None:
        return link_is_gone(LinkPurpose.INVITATION)
    if current_user.is_authenticated:
        # Whoever signs out and opens it again must find that it works, so this comes second.
        return make_response(render_template("membership/join_signed_in.html"), HTTPStatus.CONFLICT)
    form = _form_for(link)
    by_passkey = request.form.get("way") == "passkey"
    if by_passkey:
        form.choose_passkey()
    if not form.validate_on_submit():
        return _join_form(form, link)
    try:
        hashed = None if by_passkey else hashing.hash_password(form.password.data)
    except TooOftenError as busy:
        return _join_form(form, link, problem=str(busy))
    begin_anew()
    account = operations.join(stranger_s_work(), token, hashed=hashed, language=form.language.data)
    if not by_passkey:
        flash(gettext("Your account is ready. Please sign in."))
        return redirect(url_for("security.login"), HTTPStatus.SEE_OTHER)
    login_user(account, authn_via=["invitation"])
    return redirect(url_for("security.wan_register"), HTTPStatus.SEE_OTHER)


def _join_form(form: JoinForm, link: AccountLink, problem: str = "") -> Response:
    return render_form("membership/join.html", form, problem=problem, account=link.account)


def roles_on_request() -> list[Role]:
    """Return for which roles strangers may ask for an account, as the settings say."""
    stored = get_settings(db.session)
    may_ask = {
        Role.REQUESTER: stored.accounts_on_request,
        Role.EXPERT: stored.experts_on_request,
    }
    return [role for role, allowed in may_ask.items() if allowed]


@bp.route("/ask-for-an-account", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def ask() -> Response:
    """Take a stranger's request for an account; whether the address is known is not told."""
    roles = roles_on_request()
    if not roles:
        abort(404)
    form = AskForm(roles)
    if not form.validate_on_submit():
        return render_form("membership/ask.html", form)
    db.session.rollback()
    if wait := limits.count_unless_over(ASKING, origins.source()):
        raise limits.refusal(wait)
    begin_anew()
    try:
        granting.ask_for_account(
            stranger_s_work(),
            role=form.wanted,
            email=form.email.data,
            name=form.name.data,
            institution=form.institution.data,
            jurisdiction=form.jurisdiction.data,
            reason=form.reason.data,
            language=current_language(),
        )
    except ConflictError as error:
        roll_back()
        return render_form("membership/ask.html", form, problem=str(error))
    return redirect(url_for("membership.asked"), HTTPStatus.SEE_OTHER)


@bp.get("/ask-for-an-account/sent")
@requires(Permission.PUBLIC)
def asked() -> str:
    """Say that a request for an account has come in."""
    return render_template("membership/asked.html")
