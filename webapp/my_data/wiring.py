"""What the package adds to the application: its pages, commands, and the rules of all tables."""

from flask import Flask

from webapp.accounts import personal_data as accounts
from webapp.amendments import personal_data as amendments
from webapp.core import in_reach
from webapp.core.record import logged_data, personal_data
from webapp.curricula import personal_data as curricula
from webapp.deployments import personal_data as deployments
from webapp.expertise_requests import personal_data as expertise_requests
from webapp.experts import personal_data as experts
from webapp.kept_texts import personal_data as kept_texts
from webapp.matches import personal_data as matches
from webapp.membership import personal_data as membership
from webapp.messages import personal_data as messages
from webapp.mission_checklists import personal_data as mission_checklists
from webapp.mission_contacts import personal_data as mission_contacts
from webapp.mission_costs import personal_data as mission_costs
from webapp.mission_documents import personal_data as mission_documents
from webapp.mission_reports import personal_data as mission_reports
from webapp.my_data import commands
from webapp.my_data.views import bp
from webapp.roster import personal_data as roster
from webapp.roster_imports import personal_data as roster_imports

# Those that others refer to come first.
_KEEPERS = (
    accounts, logged_data, kept_texts, messages, experts, curricula, expertise_requests, amendments,
    matches, deployments, mission_checklists, mission_contacts, mission_costs, mission_reports,
    mission_documents, membership, roster, roster_imports,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Add the pages of one's own data to `app`."""
    app.register_blueprint(bp)
    in_reach.keep_of_nobody(app, bp)
    for keeper in _KEEPERS:
        personal_data.keep(app, *keeper.RULES)
    personal_data.erasing.connect(messages.take_out_of_notices)
    commands.init_app(app)
