"""What the package adds to the application: the pages of the coordinators' roster."""

from flask import Flask

from webapp.accounts.operations import reactivating
from webapp.core import in_reach, invariants
from webapp.experts.views import desks, parts
from webapp.matches.work_queue import lines as queue_lines
from webapp.roster import merging, tasks, wording
from webapp.roster.invariants import (
    joined_profiles_have_gone_over,
    one_person_has_one_account,
    two_people_are_not_pointed_out,
)
from webapp.roster.views import bp, notes


def init_app(app: Flask) -> None:
    """Add the roster to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, desks.refuse_to_send)
    parts.keep(app, "roster/_expert.html", notes.read_part)
    invariants.keep(
        app,
        joined_profiles_have_gone_over,
        one_person_has_one_account,
        two_people_are_not_pointed_out,
    )
    reactivating.connect(merging.refuse_another_account)
    queue_lines.keep(app, tasks.list_lines)
    wording.init_app(app)
