"""Extensions that are not of one room: sign-in, mail, styles and response headers."""

from typing import Any

from flask import Flask, Response, g, request, session
from flask_bootstrap import Bootstrap5
from flask_mailman import Mail
from flask_security import FSQLALiteUserDatastore, LoginForm, Security, user_authenticated
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from webapp.accounts.models import Account, RoleRow
from webapp.core.db import db

bootstrap = Bootstrap5()
mail = Mail()


class Datastore(FSQLALiteUserDatastore):
    """Flask-Security's access to accounts, without its own commit: core/transactions.py commits."""

    def commit(self) -> None:
        """Leave the commit to the end of the request."""


class SignInForm(LoginForm):
    """Flask-Security's form without the box that would keep people signed in for a year."""

    remember = None


def _renew_token(_app: Flask, **_: Any) -> None:
    """Forget the token from before the sign-in: whoever planted that cookie knows it."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _headers(behind_tls: bool) -> Secure:
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:")
        .font_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        hsts=StrictTransportSecurity().max_age(63_072_000).include_subdomains()
        if behind_tls
        else None,
        permissions=PermissionsPolicy().geolocation().camera().microphone(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    )


PUBLIC_FILES = frozenset({"static", "bootstrap.static"})


def init_app(app: Flask) -> None:
    """Attach the extensions to `app`."""
    app.config.setdefault("BOOTSTRAP_SERVE_LOCAL", True)
    bootstrap.init_app(app)
    mail.init_app(app)
    security = Security(app, Datastore(db, Account, RoleRow), login_form=SignInForm)
    # People sign in on the page and by nothing else: no bearer tokens, no JSON.
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    user_authenticated.connect(_renew_token, app)
    headers = _headers(app.config["BEHIND_TLS"])

    @app.after_request
    def _harden(response: Response) -> Response:
        headers.set_headers(response)
        if request.endpoint in PUBLIC_FILES and response.status_code < 400:
            response.headers["Cache-Control"] = "public, max-age=86400"
        else:
            response.headers["Cache-Control"] = "no-store"
        return response
