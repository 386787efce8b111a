"""Who may reach what: every endpoint states its permission, and one that does not is refused.

Permissions are about kinds of pages; whether a thing is this person's own is decided by the
queries of its package, which answer "no such page" for things that are not.
"""

import enum
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from webapp.core import clock, errors, origins
from webapp.core.actor import Actor
from webapp.core.db import db
from webapp.core.roles import Role
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.translation import _
from webapp.core.workflows import older_pages

View = TypeVar("View", bound=Callable[..., Any])


class Permission(enum.StrEnum):
    """What an endpoint lets people do."""

    CLOSED = "reach pages that a library brings and nobody needs"
    PUBLIC = "reach public pages"
    SIGNED_IN = "reach pages of everyone who has signed in"
    REQUEST_WRITE = "write requests for expertise of one's own"
    REQUEST_READ = "read requests for expertise"
    REQUEST_DECIDE = "return, accept and decline requests for expertise"
    MATCH_DECIDE = "rank experts and decide matches"
    MATCH_SELECT = "select among the experts proposed to one"
    INVITATION_ANSWER = "answer invitations to oneself"
    PROFILE_EDIT = "keep a profile of one's own"
    ROSTER_READ = "read the roster"
    ROSTER_DECIDE = "decide who is active on the roster"
    OFFICIALS_KEEP = "nominate, approve and release the officials of one's own authority"
    DEPLOYMENT_READ = "read deployments"
    MISSION_PREPARE = "see to what missions need of one"
    AUDIT_READ = "read the audit log"
    ACCOUNTS_READ = "read the list of accounts"
    ORGANISATIONS_KEEP = "keep organisations and their members"
    THEMES_KEEP = "keep themes and their synonyms"
    SETTINGS_CHANGE = "change the settings of the platform"
    REQUEST_OWNERS_READ = "read which requests have no owner any more"
    ACCOUNTS_KEEP = "invite people, change their roles, let them in or out"
    ACCOUNTS_GRANT = "decide on requests for an account"
    INSIGHTS_READ = "read the statistics"
    HEALTH_READ = "see how jobs and mail stand, and let mails be tried again"


GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.REQUESTER: frozenset(
        {
            Permission.REQUEST_WRITE,
            Permission.REQUEST_READ,
            Permission.MATCH_SELECT,
            Permission.DEPLOYMENT_READ,
            Permission.MISSION_PREPARE,
        }
    ),
    Role.EXPERT: frozenset(
        {
            Permission.PROFILE_EDIT,
            Permission.INVITATION_ANSWER,
            Permission.DEPLOYMENT_READ,
            Permission.MISSION_PREPARE,
        }
    ),
    Role.NOMINATING_AUTHORITY: frozenset({Permission.OFFICIALS_KEEP, Permission.MISSION_PREPARE}),
    Role.COORDINATOR: frozenset(
        {
            Permission.REQUEST_READ,
            Permission.REQUEST_DECIDE,
            Permission.MATCH_DECIDE,
            Permission.ROSTER_READ,
            Permission.ROSTER_DECIDE,
            Permission.DEPLOYMENT_READ,
            Permission.MISSION_PREPARE,
            Permission.REQUEST_OWNERS_READ,
            Permission.ACCOUNTS_GRANT,
            Permission.INSIGHTS_READ,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.AUDIT_READ,
            Permission.ACCOUNTS_READ,
            Permission.ORGANISATIONS_KEEP,
            Permission.SETTINGS_CHANGE,
            Permission.THEMES_KEEP,
            Permission.REQUEST_OWNERS_READ,
            Permission.ACCOUNTS_KEEP,
            Permission.ACCOUNTS_GRANT,
            Permission.HEALTH_READ,
        }
    ),
}

# Endpoints that libraries bring; their views cannot carry our decorator.
LIBRARY_ENDPOINTS: Mapping[str, Permission] = {
    "static": Permission.PUBLIC,
    "bootstrap.static": Permission.PUBLIC,
    "security.login": Permission.PUBLIC,
    "security.logout": Permission.SIGNED_IN,
    "security.verify": Permission.SIGNED_IN,
    # The second step of a sign-in: Flask-Security lets nobody in who has not done the first.
    "security.tf_select": Permission.PUBLIC,
    "security.two_factor_token_validation": Permission.PUBLIC,
    "security.mf_recovery": Permission.PUBLIC,
    "security.wan_signin": Permission.PUBLIC,
    "security.wan_signin_response": Permission.PUBLIC,
    # They change how one's own account is entered.
    "security.wan_register": Permission.SIGNED_IN,
    "security.wan_register_response": Permission.SIGNED_IN,
    "security.wan_delete": Permission.SIGNED_IN,
    "security.wan_verify": Permission.SIGNED_IN,
    "security.wan_verify_response": Permission.SIGNED_IN,
    # Pages of our own set up codes; the library's would begin anew after each slip.
    "security.two_factor_setup": Permission.CLOSED,
    "security.two_factor_setup_validate": Permission.CLOSED,
    "security.two_factor_rescue": Permission.CLOSED,
    "security.mf_recovery_codes": Permission.CLOSED,
}


def requires(permission: Permission) -> Callable[[View], View]:
    """State the permission of a view."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the permission that `endpoint` states, or None if it states none."""
    view = app.view_functions.get(endpoint)
    stated: Permission | None = getattr(view, "permission", None)
    return stated or LIBRARY_ENDPOINTS.get(endpoint)


def allowed(roles: frozenset[Role], permission: Permission) -> bool:
    """Tell whether somebody signed in with `roles` has `permission`."""
    if permission in {Permission.PUBLIC, Permission.SIGNED_IN}:
        return True
    return any(permission in GRANTS[role] for role in roles)


def may(permission: Permission) -> bool:
    """Tell whether the person behind this request has `permission`; templates ask it for links."""
    return bool(current_user.is_authenticated) and allowed(current_user.kinds, permission)


def has_role(role: Role) -> bool:
    """Tell whether the person behind this request has `role`."""
    return bool(current_user.is_authenticated) and role in current_user.kinds


def actor() -> Actor:
    """Return the person behind this request as the audit log names them."""
    acting: Actor = current_user.as_actor(origins.address())
    return acting


def stranger_s_work() -> UnitOfWork:
    """Return what an operation is given by somebody of whom no more is known than the address."""
    return UnitOfWork(db.session, Actor(None, address=origins.address()), clock.now())


def unit_of_work() -> UnitOfWork:
    """Return what an operation is given: this request's session, who is behind it, and when."""
    return UnitOfWork(db.session, actor(), clock.now(), older_pages.sent_position())


def _refuse_unreadable_target() -> None:
    # Flask-Security refuses foreign targets after sign-in, but fails on those it cannot parse.
    for target in (*request.args.getlist("next"), *request.form.getlist("next")):
        for variant in (target, target.replace("\\", "/")):
            try:
                urlsplit(variant)
            except ValueError:
                abort(400)


def _gate() -> Response | None:
    if request.endpoint is None:
        return None  # No such address: routing answers that by itself.
    if request.blueprint == "security":
        _refuse_unreadable_target()
    permission = permission_of(current_app, request.endpoint)
    if permission is Permission.PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if permission is None or not allowed(current_user.kinds, permission):
        raise errors.ForbiddenError(_("Your account has no permission for this page."))
    return None


def _ask_to_sign_in() -> Response:
    if request.method not in {"GET", "HEAD"}:
        if g.get("session_is_over"):
            raise errors.SignedOutError(
                _("You were signed out: your session is over, and nothing was changed.")
            )
        abort(401)
    target = urlsplit(request.full_path.rstrip("?"))
    return redirect(url_for("security.login", next=target.geturl()))


def refuse_unstated(app: Flask) -> None:
    """Refuse to start with an endpoint that states no permission."""
    unstated = [name for name in app.view_functions if permission_of(app, name) is None]
    if unstated:
        raise RuntimeError(f"endpoints without a permission: {', '.join(sorted(unstated))}")


def init_app(app: Flask) -> None:
    """Close every endpoint to those without its permission."""
    app.before_request(_gate)
    app.jinja_env.globals.update(may=may, Permission=Permission, Role=Role, has_role=has_role)
