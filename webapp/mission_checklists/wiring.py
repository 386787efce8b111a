"""What the package adds to the application: pages, tasks, reminders, and what missions wait for."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask

from webapp.accounts.models import Account
from webapp.core import clock, in_reach, invariants
from webapp.core.access import actor
from webapp.core.db import db
from webapp.deployments import signals, standing_queries
from webapp.deployments.models import Deployment, DeploymentState
from webapp.expertise_requests.waiting import Side
from webapp.matches.work_queue import lines as queue_lines
from webapp.messages import reminders
from webapp.mission_checklists import operations, queries, rules
from webapp.mission_checklists.invariants import (
    experts_sign_themselves,
    files_of_missions_are_whole,
)
from webapp.mission_checklists.reminders import find_open
from webapp.mission_checklists.rules import Entry
from webapp.mission_checklists.tasks import list_lines
from webapp.mission_checklists.views import bp


@dataclass(frozen=True)
class Line:
    """A thing that a mission needs, as the page of the mission shows it to this reader."""

    entry: Entry
    can_act: bool
    signs: bool
    shows_file: bool
    waits_for: Entry | None
    waited_for_by: Entry | None
    is_overdue: bool
    owner: Account | None
    holds_up: bool


def checklist_of(deployment: Deployment) -> Sequence[Line]:
    """Return what of a mission's checklist the reader of its page sees and can do."""
    reader = actor()
    side = rules.side_of(reader, deployment)
    if side is None:
        return []
    entries = queries.entries_of(db.session, deployment)
    shown = rules.list_shown(entries, side)
    owners = queries.list_owners(db.session, shown)
    holding_up = rules.list_holding_up(entries)
    return [
        Line(
            entry,
            rules.can_act(reader, entry) and entry.is_open,
            rules.signs(reader, entry),
            entry.shows_file(side),
            rules.waits_for(entry, entries),
            rules.waited_for_by(entry, entries),
            entry.is_overdue(clock.today()),
            owners.get(entry),
            entry in holding_up,
        )
        for entry in shown
    ]


def blockers_of(deployments: Sequence[Deployment]) -> dict[int, list[Entry]]:
    """Return what keeps planned missions from being cleared, by mission, as far as the reader of a
    list of them reads of it."""
    reader = actor()
    planned = [one for one in deployments if one.state is DeploymentState.PLANNED]
    found = queries.list_entries(db.session, planned)
    sides = {one.id: rules.side_of(reader, one) for one in planned}
    return {
        number: rules.list_shown(rules.list_holding_up(entries), side)
        for number, entries in found.items()
        if (side := sides[number])
    }


def counts_one_side(deployment: Deployment) -> bool:
    """Tell whether the reader of a mission is told what is open of their own side alone, and not,
    as SEESAC is, of all of them."""
    return rules.side_of(actor(), deployment) is not Side.OFFICE


def own_things() -> list[Entry]:
    """Return what the reader was asked to see to of missions."""
    return queries.list_owned_by(db.session, actor())


def init_app(app: Flask) -> None:
    """Add checklists to `app`; a mission is cleared when nothing compulsory is open."""
    app.register_blueprint(bp)
    in_reach.keep(app, bp, standing_queries.refuse_to_send)
    app.jinja_env.globals.update(
        checklist_of=checklist_of,
        blockers_of=blockers_of,
        counts_one_side=counts_one_side,
        own_things=own_things,
    )
    invariants.keep(app, experts_sign_themselves, files_of_missions_are_whole)
    queue_lines.keep(app, list_lines)
    reminders.keep(app, find_open)
    signals.preparing.connect(operations.list_missing)
    signals.days_changed.connect(operations.open_for_new_days)
    signals.terms_changed.connect(operations.open_for_new_terms)
