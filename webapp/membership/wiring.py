"""What the package adds to the application: pages, first steps, and mails about accounts."""

from typing import Any

from flask import Flask
from flask_security import wan_registered

from webapp.accounts import throttling
from webapp.accounts.operations import all_sessions_ended, way_in_changed
from webapp.accounts.queries import find_by_uniquifier
from webapp.accounts.rules import domain_of_computers
from webapp.core import in_reach, invariants
from webapp.core.access import stranger_s_work
from webapp.core.transactions import roll_back, transaction
from webapp.experts.views import desks
from webapp.matches.work_queue import lines as queue_lines
from webapp.membership import first_steps, operations, recovery
from webapp.membership.invariants import (
    administrators_stand_alone,
    disabled_ones_have_no_session,
    open_ones_of_profiles_have_a_role,
)
from webapp.membership.queries import standing_of
from webapp.membership.tasks import list_lines
from webapp.membership.views import bp
from webapp.membership.views.joining import roles_on_request
from webapp.membership.views.second_factors import show_codes_with_passkey
from webapp.membership.wording import browser_name


def _tell_of_lock(_app: Flask, *, email: str, **_: Any) -> None:
    # The sign-in that was refused changes nothing, so this has a transaction of its own.
    roll_back()
    with transaction():
        operations.tell_of_lock(stranger_s_work(), email)


def _tell_of_guesses(_app: Flask, *, whose: str, **_: Any) -> None:
    roll_back()
    with transaction() as writing:
        account = find_by_uniquifier(writing, whose)
        if account:
            operations.tell_of_guesses(stranger_s_work(), account)


def _accounts_on_request() -> bool:
    return bool(roles_on_request())


def init_app(app: Flask) -> None:
    """Add what concerns accounts to `app`."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, desks.refuse_to_send)
    # Such as the name of a passkey.
    in_reach.keep_of_nobody(app, app.blueprints["security"])
    first_steps.init_app(app)
    queue_lines.keep(app, list_lines)
    invariants.keep(
        app,
        administrators_stand_alone,
        disabled_ones_have_no_session,
        open_ones_of_profiles_have_a_role,
    )
    throttling.locked.connect(_tell_of_lock, app)
    throttling.guessed.connect(_tell_of_guesses, app)
    wan_registered.connect(show_codes_with_passkey, app)
    way_in_changed.connect(operations.tell_of_way_in)
    all_sessions_ended.connect(operations.end_links)
    all_sessions_ended.connect(recovery.drop_asked)
    app.jinja_env.filters.update(
        standing=standing_of, browser_name=browser_name, domain_of_computers=domain_of_computers
    )
    app.jinja_env.globals["accounts_on_request"] = _accounts_on_request
