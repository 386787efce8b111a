"""What the package adds to the application: the page to which the question by mail leads, and that
nobody calls to ask it once it is answered, and the same link in daily mails."""

from flask import Flask

from webapp.core.record import audit
from webapp.messages.digest import QUESTION
from webapp.upkeep.operations import enclose_question, take_question_back
from webapp.upkeep.views import bp


def init_app(app: Flask) -> None:
    """Add the page to `app`; the job runs by `sweep.run_due`."""
    app.register_blueprint(bp)
    audit.recorded.connect(take_question_back)
    app.extensions[QUESTION] = enclose_question
