"""The expert-matching platform as a web application."""

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from werkzeug.wrappers import Response

from webapp import cli
from webapp.accounts import sign_in
from webapp.accounts.views import bp as accounts
from webapp.audit_log.views import bp as audit_log
from webapp.config import settings
from webapp.core import (
    access,
    compression,
    db,
    error_pages,
    jobs,
    localization,
    security_headers,
    static_files,
    template_filters,
    transactions,
    url_converters,
)
from webapp.deployments.views import bp as deployments
from webapp.expertise_requests.views import bp as expertise_requests
from webapp.experts.views import bp as experts
from webapp.home.views import bp as home
from webapp.matches.views import bp as matches
from webapp.messages import delivery
from webapp.messages import operations as messages


class Platform(Flask):
    """A Flask application in which every request is one transaction."""

    def dispatch_request(self) -> Response:
        """Answer by the view, then commit or roll back what it did."""
        return transactions.finish(self.make_response(super().dispatch_request()))


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application from the environment; `overrides` replace single settings."""
    app = Platform(__name__)
    # An address with a doubled slash is no address; merging it would repeat a forged host.
    app.url_map.merge_slashes = False
    app.config.from_mapping(settings(os.environ))
    app.config.from_mapping(overrides or {})
    url_converters.init_app(app)
    db.init_app(app)
    localization.init_app(app)
    transactions.init_app(app)
    localization.follow_choices(app)
    Bootstrap5(app)
    static_files.init_app(app)
    compression.init_app(app)
    delivery.init_app(app)
    sign_in.init_app(app)
    security_headers.init_app(app)
    access.init_app(app)
    error_pages.init_app(app)
    template_filters.init_app(app)
    for blueprint in (home, accounts, audit_log, experts, expertise_requests, matches, deployments):
        app.register_blueprint(blueprint)
    messages.configure(app.config["PLATFORM_URL"], app.config["MAIL_DEFAULT_SENDER"])
    jobs.init_app(app, delivery.deliver_due)
    cli.init_app(app)
    access.refuse_unstated(app)
    return app
