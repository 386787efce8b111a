"""What the package adds to the application: its pages, its invariant, its reminders."""

from flask import Flask

from webapp.core import invariants
from webapp.messages import reminders
from webapp.mission_reports.invariants import reports_follow_missions
from webapp.mission_reports.reminders import find_reports
from webapp.mission_reports.views import bp


def init_app(app: Flask) -> None:
    """Add reports to `app`."""
    app.register_blueprint(bp)
    invariants.keep(app, reports_follow_missions)
    reminders.keep(app, find_reports)
