"""Nobody works before they have agreed to the privacy notice and can sign in as their role asks."""

from flask import Flask, current_app, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.core.access import Permission, permission_of
from webapp.core.errors import ForbiddenError
from webapp.core.words.translation import _
from webapp.membership.rules import FirstStep, next_first_step

PAGES = {
    FirstStep.CONSENT: "membership.consent",
    FirstStep.WAY_IN: "membership.way_in",
    FirstStep.SECOND_FACTOR: "membership.second_factor",
}
# What these steps are done with.
OPEN = frozenset({
    "security.logout",
    "security.verify",
    "security.wan_verify",
    "security.wan_verify_response",
    "home.session_seconds",
})  # fmt: skip
OF_SECURITY = OPEN | {
    "membership.authenticator",
    "membership.own_password",
    "security.wan_register",
    "security.wan_register_response",
}


def _lead_to_first_step() -> Response | None:
    # Files and health are public, and answered without asking the database who it is.
    if request.endpoint is None:
        return None
    if permission_of(current_app, request.endpoint) is Permission.PUBLIC:
        return None
    if not current_user.is_authenticated:
        return None
    step = next_first_step(current_user)
    if step is None or request.endpoint == PAGES[step]:
        return None
    if request.endpoint in (OPEN if step is FirstStep.CONSENT else OF_SECURITY):
        return None
    if request.method not in {"GET", "HEAD"}:
        raise ForbiddenError(_("Please do first what your account asks of you."))
    return redirect(url_for(PAGES[step]))


def init_app(app: Flask) -> None:
    """Lead people of `app` to what they still have to do; call it after strangers are refused."""
    app.before_request(_lead_to_first_step)
