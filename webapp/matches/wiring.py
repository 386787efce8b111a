"""What the package adds to the application: its pages, the roster's index, story and invariants."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp.accounts.operations import all_sessions_ended
from webapp.amendments import signals as amendments
from webapp.core import clock, in_hands, in_reach, invariants
from webapp.core.access import actor
from webapp.core.actor import Actor
from webapp.core.db import db
from webapp.core.record import audit
from webapp.core.words.language import SOURCE_LANGUAGE
from webapp.core.workflows import registry as workflow_registry
from webapp.expertise_requests import coverage, signals, timeline
from webapp.expertise_requests import queries as requests
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.wording import WHO_IS_AWAITED
from webapp.experts import queries as experts
from webapp.experts import signals as expert_signals
from webapp.experts.views import availability, desks, parts, profile
from webapp.matches import (
    amended,
    candidates,
    endings,
    expert_wording,
    filling,
    invitation_links,
    profile_changes,
    queries,
    releases,
    reminders,
    summaries,
    wording,
)
from webapp.matches.invariants import (
    bookings_follow_states,
    every_open_request_waits_for_somebody,
    letters_are_of_who_was_asked,
    letters_are_what_was_sent,
    matches_end_with_requests,
    nobody_is_considered_by_themselves,
    nobody_sees_to_a_request_they_are_considered_for,
    only_active_experts_are_considered,
    selections_fit_requests,
)
from webapp.matches.ranking import considerations, looks, profile_reading, subjects
from webapp.matches.ranking import wording as ranking_wording
from webapp.matches.ranking.coverage import RosterCounts
from webapp.matches.ranking.kept_index import saved_indexes_hold_the_roster
from webapp.matches.ranking.members import ALL, NOT_RANKED
from webapp.matches.ranking.roster_index import RosterIndex
from webapp.matches.ranking.saved_roster import SavedRoster, folder_of
from webapp.matches.ranking.vocabulary import refuse_known_wording
from webapp.matches.reserves import Reserve, list_reserves
from webapp.matches.views import bp, looked
from webapp.matches.work_queue.whose_turn import who_is_awaited
from webapp.matches.workflow import WORKFLOW
from webapp.messages.reminders import keep as keep_reminders
from webapp.organisations import signals as organisations
from webapp.platform_settings.wording import WARNINGS
from webapp.themes import signals as themes


def reserves_of(request: ExpertiseRequest) -> list[Reserve]:
    """Return who is in reserve for a request, for the pages of it."""
    return list_reserves(db.session, actor(), request, clock.now())


# How whoever answers finds the match of an address; of all others coordinators decide.
_FOUND_BY = {
    "matches.answer_invitation": queries.get_invitation,
    "matches.choose": queries.get_disclosed,
}


def refuse_to_send(
    session: Session, reader: Actor, endpoint: str, about: Mapping[str, Any]
) -> None:
    """Refuse what would be sent about a match, or those considered for a request, of others."""
    if "match_id" in about:
        _FOUND_BY.get(endpoint, queries.get)(session, reader, about["match_id"])
    if "request_id" in about:
        requests.get_as_coordinator(session, reader, about["request_id"])


def init_app(app: Flask) -> None:
    """Add matches to `app`; those of a request end with it."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, refuse_to_send)
    wording.init_app(app)
    ranking_wording.init_app(app)
    looked.init_app(app)
    app.jinja_env.globals["reserves_of"] = reserves_of
    considerations.init_app(app)
    profile_reading.init_app(app)
    subjects.init_app(app)
    # Each application, and so each worker, follows the roster with indexes of its own.
    app.extensions["roster"] = RosterIndex(folder_of(app))
    app.extensions["roster.not_ranked"] = RosterIndex(
        folder_of(app, NOT_RANKED), members=NOT_RANKED
    )
    app.extensions[coverage.COUNTS] = RosterCounts(app.extensions["roster"])
    workflow_registry.keep(app, WORKFLOW)
    in_hands.keep(app, wording.in_hands)
    in_hands.keep(app, wording.releases_in_hands)
    in_hands.keep(app, wording.approvals_in_hands)
    app.extensions[WARNINGS]["four_eyes"] = wording.why_nobody_approves
    app.extensions[profile.WARNINGS] = expert_wording.clash_warnings
    app.extensions[availability.MISSIONS] = queries.list_missions_of
    app.extensions[parts.IS_IN_ENGLISH] = partial(summaries.is_in, language=SOURCE_LANGUAGE)
    app.extensions[desks.WHY_COLLEAGUES] = candidates.why_rival
    app.extensions[timeline.EXPERT_NAMES] = experts.get_names
    app.extensions[WHO_IS_AWAITED] = who_is_awaited
    invariants.keep(
        app,
        bookings_follow_states,
        every_open_request_waits_for_somebody,
        letters_are_of_who_was_asked,
        letters_are_what_was_sent,
        matches_end_with_requests,
        nobody_is_considered_by_themselves,
        nobody_sees_to_a_request_they_are_considered_for,
        only_active_experts_are_considered,
        selections_fit_requests,
    )
    invariants.see_to(app, saved_indexes_hold_the_roster)
    audit.recorded.connect(candidates.refuse_to_decide)
    keep_reminders(app, reminders.find_invitations)
    keep_reminders(app, reminders.find_releases)
    keep_reminders(app, reminders.find_proposals)
    expert_signals.unavailable_changed.connect(profile_changes.tell_of_clashes)
    organisations.asked_what_stays.connect(releases.say_what_waits)
    signals.deciding.connect(candidates.why_colleagues_decide)
    signals.taking.connect(filling.find_obstacle)
    signals.taking_over.connect(filling.why_not_taken_over)
    signals.confirmed.connect(filling.keep_in_reserve)
    signals.ended.connect(endings.cancel_all)
    signals.ended.connect(looks.forget)
    amendments.settling.connect(amended.refuse_other_days)
    amendments.changing.connect(filling.refuse_fewer_than_selected)
    amendments.agreed.connect(filling.confirm_if_enough)
    amendments.agreed.connect(amended.tell_experts)
    all_sessions_ended.connect(invitation_links.end_with_sessions)
    expert_signals.leaving.connect(endings.lock_requests_of)
    expert_signals.left.connect(endings.end_all_of)
    expert_signals.left.connect(_throw_away_saved)
    expert_signals.texts_changed.connect(profile_changes.forget_what_is_gone)
    themes.adding_wording.connect(refuse_known_wording)


def _throw_away_saved(_expert: Any, **_facts: Any) -> None:
    """Leave no text of who has left in the files, whether or not anybody ranks after it."""
    for members in ALL:
        SavedRoster(folder_of(current_app, members)).throw_away()
