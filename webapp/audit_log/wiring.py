"""What the package adds to the application: its page, its commands and its words."""

from flask import Flask

from webapp.audit_log import alarm, commands, wording
from webapp.audit_log.publishing import verify_published
from webapp.audit_log.views import bp
from webapp.core import invariants


def init_app(app: Flask) -> None:
    """Add the audit log to `app`; published heads must be part of it."""
    app.register_blueprint(bp)
    wording.init_app(app)
    commands.init_app(app)
    alarm.init_app(app)
    invariants.begin_with(app, verify_published)
