"""The expert-matching platform as a web application."""

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask, Request
from flask import Response as FlaskResponse
from flask_bootstrap import Bootstrap5
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response

from webapp import cli
from webapp.accounts import known_browsers, sessions, sign_in, throttling
from webapp.accounts import sweep as accounts_sweep
from webapp.accounts.views import bp as accounts
from webapp.amendments import wiring as amendments
from webapp.audit_log import publishing
from webapp.audit_log import wiring as audit_log
from webapp.authorities import wiring as authorities
from webapp.backups import commands as backups
from webapp.config import ConfigurationError, settings
from webapp.core import (
    access,
    db,
    in_hands,
    in_reach,
    invariants,
    jobs,
    limits,
    origins,
    transactions,
)
from webapp.core.db import empty_log_of_writes
from webapp.core.job_runs import Work
from webapp.core.monitoring import metrics, request_log, room
from webapp.core.record import disclosure, personal_data
from webapp.core.responses import (
    compression,
    error_pages,
    localization,
    refusals,
    security_headers,
    static_files,
    template_filters,
    url_converters,
)
from webapp.core.words.translation import Message, _
from webapp.core.workflows import older_pages
from webapp.core.workflows import registry as workflow_registry
from webapp.curricula import sweep as curricula_sweep
from webapp.curricula import wiring as curricula
from webapp.deployments import wiring as deployments
from webapp.expertise_requests import sweep as expertise_requests_sweep
from webapp.expertise_requests import wiring as expertise_requests
from webapp.experts import sweep as experts_sweep
from webapp.experts import wiring as experts
from webapp.home.views import bp as home
from webapp.insights import wiring as insights
from webapp.kept_texts import sweep as kept_texts_sweep
from webapp.kept_texts import views as kept_texts
from webapp.matches import sweep as matches_sweep
from webapp.matches import wiring as matches
from webapp.membership import sweep as membership_sweep
from webapp.membership import wiring as membership
from webapp.messages import delivery, digest, pulse, reminders
from webapp.messages import sweep as messages_sweep
from webapp.messages import wiring as messages
from webapp.mission_checklists import wiring as mission_checklists
from webapp.mission_contacts import sweep as mission_contacts_sweep
from webapp.mission_contacts import wiring as mission_contacts
from webapp.mission_costs import wiring as mission_costs
from webapp.mission_documents import sweep as mission_documents_sweep
from webapp.mission_documents import wiring as mission_documents
from webapp.mission_reports import wiring as mission_reports
from webapp.my_data import sweep as my_data_sweep
from webapp.my_data import wiring as my_data
from webapp.organisations import wiring as organisations
from webapp.platform_settings import wiring as platform_settings
from webapp.roster import sweep as roster_sweep
from webapp.roster import wiring as roster
from webapp.roster_imports import sweep as roster_imports_sweep
from webapp.roster_imports import wiring as roster_imports
from webapp.themes import wiring as themes
from webapp.upkeep import sweep as upkeep_sweep
from webapp.upkeep import wiring as upkeep


class Platform(Flask):
    """A Flask application in which every request is one transaction.

    Whom its pages show is noted, and recorded before they leave.
    """

    jinja_environment = disclosure.NotingEnvironment

    def dispatch_request(self) -> Response:
        """Answer by the view, then commit or roll back what it did."""
        return transactions.finish(self.make_response(super().dispatch_request()))

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what makes addresses, for the page that refuses what is no host at all, too."""
        try:
            return super().create_url_adapter(request)
        except HTTPException:
            return self.url_map.bind("localhost")  # Such a host is refused before any view.

    def process_response(self, response: FlaskResponse) -> FlaskResponse:
        """Record whom the answer shows, then give it its headers."""
        return super().process_response(transactions.leave(response))


# What the job worker does every minute. It says first that it runs, and sends last what the others
# have written. Administrators read of each how it went.
EVERY_MINUTE: dict[Work, Message] = {
    pulse.beat: _("Say that the job worker runs"),
    kept_texts_sweep.delete_due: _("Delete texts that were kept when a session had ended"),
    empty_log_of_writes: _("Write over what was deleted"),
    accounts_sweep.delete_due: _("Delete sessions that are over, and counts of tries"),
    messages_sweep.delete_due: _("Delete old notices and mails"),
    membership_sweep.delete_due: _("Delete requests for an account that nobody decides on"),
    messages_sweep.note_people: _("Note whom notices name"),
    curricula_sweep.delete_due: _("Delete drafts of curricula that were left lying"),
    roster_imports_sweep.delete_due: _("Delete tables of imports that nobody confirms"),
    roster_imports_sweep.forget_file_names_due: _(
        "Forget what files of imports were called when somebody was erased"
    ),
    roster_imports_sweep.run_due: _("Check and store imports of the roster"),
    mission_documents_sweep.delete_due: _("Delete old documents of missions"),
    mission_documents_sweep.run_due: _("Make documents of missions"),
    publishing.publish_due: _("Publish the head of the audit log"),
    experts_sweep.note_acts: _("Note for which side people have acted on profiles"),
    expertise_requests_sweep.note_acts: _("Note for which side people have acted on requests"),
    matches_sweep.let_reserves_go: _("Let experts in reserve go when the mission has begun"),
    matches_sweep.ask_anew: _("Ask authorities anew whose release is for other days"),
    mission_contacts_sweep.erase_due: _("Erase emergency contacts of missions that are over"),
    matches_sweep.forget_who_left: _("Take who has left the roster out of the saved index"),
    upkeep_sweep.run_due: _("Ask experts whether their profiles are true, and let them rest"),
    my_data_sweep.run_due: _("Erase what has been kept long enough"),
    roster_sweep.seek_due: _("Seek profiles that may be of one person"),
    reminders.send_due: _("Write reminders"),
    matches_sweep.tell_of_beyond_office: _("Tell administrators of what no coordinator may do"),
    digest.send_due: _("Write the daily mails"),
    membership_sweep.send_links_due: _("Send links to new passwords"),
    delivery.deliver_due: _("Send mails"),
}

# What it does also as soon as something was written, for which somebody may wait.
AT_ONCE = (
    membership_sweep.send_links_due,
    delivery.deliver_due,
    roster_imports_sweep.run_due,
    mission_documents_sweep.run_due,
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Build the application from the environment; `overrides` replace single settings."""
    app = Platform(__name__)
    # An address with a doubled slash is no address; merging it would repeat a forged host.
    app.url_map.merge_slashes = False
    app.config.from_mapping(settings(os.environ))
    app.config.from_mapping(overrides or {})
    url_converters.init_app(app)
    db.init_app(app)
    # First: they count and number what the others do.
    request_log.init_app(app)
    metrics.init_app(app)
    room.init_app(app)
    sessions.init_app(app)
    invariants.init_app(app)
    in_hands.init_app(app)
    in_reach.init_app(app)
    personal_data.init_app(app)
    workflow_registry.init_app(app)
    older_pages.init_app(app)
    localization.init_app(app)
    origins.init_app(app)
    limits.init_app(app)
    throttling.init_app(app)
    known_browsers.init_app(app)
    pulse.init_app(app)  # Before the request's own transaction: it may have to write.
    transactions.init_app(app)
    localization.follow_choices(app)
    sessions.tell_of_ends(app)
    Bootstrap5(app)
    static_files.init_app(app)
    compression.init_app(app)
    messages.init_app(app)
    sign_in.init_app(app)
    security_headers.init_app(app)
    kept_texts.init_app(app)
    access.init_app(app)
    error_pages.init_app(app)
    template_filters.init_app(app)
    disclosure.init_app(app)
    refusals.init_app(app)
    for blueprint in (home, accounts):
        app.register_blueprint(blueprint)
    for package in (
        platform_settings,
        organisations,
        audit_log,
        themes,
        experts,
        curricula,
        expertise_requests,
        amendments,
        matches,
        deployments,
        mission_checklists,
        mission_contacts,
        mission_costs,
        mission_reports,
        mission_documents,
        membership,
        my_data,
        authorities,
        roster_imports,
        upkeep,
        roster,
        insights,
    ):
        package.init_app(app)
    app.register_blueprint(kept_texts.bp)
    jobs.init_app(app, AT_ONCE, EVERY_MINUTE)
    backups.init_app(app)
    cli.init_app(app)
    access.refuse_unstated(app)
    return app


def start() -> Flask:
    """Build the application for a process of its own, or end the process with a sentence."""
    # Databases, mails, keys and locks are nobody else's, whatever the account's own setting is.
    os.umask(0o077)
    try:
        app = create_app()
    except ConfigurationError as error:
        raise SystemExit(f"The platform cannot start: {error}.") from None
    if app.config["LOG_FORMAT"] == "json":
        request_log.write_json()
    return app
