"""How the audit log names what was done: the labels of actions and of workflows' steps."""

from flask import Flask

from webapp.core.audit import Action
from webapp.core.roles import role_words
from webapp.core.translation import Message, _
from webapp.core.workflow_registry import steps_by_action


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
        (action, f"{step.label} ({action})", _("Steps"))
        for action, step in sorted(steps_by_action().items())
    ]
    return [*events, *steps]


def init_app(app: Flask) -> None:
    """Give the templates of this package its words."""
    app.jinja_env.filters.update(action_words=action_words, role_words=role_words)
