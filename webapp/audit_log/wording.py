"""How the audit log names what was done: the labels of actions and of workflows' steps."""

from typing import Any

from flask import Flask

from webapp.core.record.actions import Action
from webapp.core.record.audit import AuditEvent
from webapp.core.record.reasons import REFERENCE, ReasonKind
from webapp.core.roles import role_words
from webapp.core.words.translation import Message, _, ngettext
from webapp.core.workflows.registry import steps_by_action

# What is left out of a long list stands in the database, and in `flask who-saw`.
MOST_LISTED = 12


# The workflows by what the log calls their things.
GROUPS = {
    "request": _("Steps of requests"),
    "match": _("Steps of matches"),
    "deployment": _("Steps of deployments"),
    "expert": _("Steps of profiles"),
    "identity_change": _("Steps of profiles"),
}


def action_words(action: str) -> str | Message:
    """Return an action in words, or as it is written where nobody knows it any more."""
    steps = steps_by_action()
    if action in steps:
        return steps[action].label
    known = {member.value: member.label for member in Action}
    return known.get(action, action)


def list_kinds() -> list[tuple[str, str | Message, Message]]:
    """Return the actions with their words, in groups for a list of a form."""
    events = [(member.value, member.label, _("Events")) for member in Action]
    steps = [
        (action, step.label, GROUPS.get(action.partition(":")[0], _("Steps")))
        for action, step in sorted(steps_by_action().items())
    ]
    return [*events, *steps]


def detail_words(value: Any) -> str:
    """Return a detail of an event in one line; a list may hold everybody on the roster."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    if not isinstance(value, list):
        return str(value)
    listed = ", ".join(map(str, value[:MOST_LISTED]))
    more = len(value) - MOST_LISTED
    return (
        f"{listed} {ngettext('and %(num)s more', 'and %(num)s more', more)}" if more > 0 else listed
    )


def reason_words(event: AuditEvent) -> str | Message:
    """Return the kind of an event's reason, or the text that it held before there were kinds."""
    if REFERENCE in event.details:
        return ReasonKind(event.reason).label
    return event.reason


def init_app(app: Flask) -> None:
    """Give the templates of this package its words."""
    app.jinja_env.filters.update(
        action_words=action_words,
        detail_words=detail_words,
        reason_words=reason_words,
        role_words=role_words,
    )
