"""The workflows of the application, each named here at start-up by the package that owns it.

The story of a request and the audit log tell of steps of packages that they do not know.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app

from webapp.core.workflows.workflow import Step, Workflow


def init_app(app: Flask) -> None:
    """Begin with no workflow."""
    app.extensions["workflows"] = []


def keep(app: Flask, workflow: Workflow[Any, Any]) -> None:
    """Let the story and the audit log tell of the steps of `workflow`."""
    app.extensions["workflows"].append(workflow)


def known_workflows() -> list[Workflow[Any, Any]]:
    """Return all workflows of the application."""
    return list(current_app.extensions["workflows"])


def workflow_of(action: str) -> Workflow[Any, Any] | None:
    """Return the workflow of which the audit log tells by `action`, if it tells of a step."""
    return next((one for one in known_workflows() if action in one.actions()), None)


def steps_by_action() -> Mapping[str, Step[Any]]:
    """Return the steps of all workflows by what the audit log calls them."""
    return {
        action: step
        for workflow in known_workflows()
        for action, step in workflow.actions().items()
    }
