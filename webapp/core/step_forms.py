"""Steps as pages offer them: a button, a reason to give, or a page that asks first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from webapp.core.fields import text
from webapp.core.forms import PageForm
from webapp.core.translation import Message, _
from webapp.core.workflow import Step, StepName, Workflow


class ReasonForm(PageForm):
    """A reason in words; the page says to whom it will be told."""

    reason = text(_("Reason"), 2000, required=True)

    def __init__(self, question: Message, hint: Message, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.label.text, self.reason.description = question, hint


@dataclass(frozen=True)
class Offer:
    """A step as a page offers it: at once, with its reason, or by way of a page that asks first."""

    name: StepName
    step: Step[Any]
    form: ReasonForm | None
    asks_first: bool


@dataclass(frozen=True)
class Refused:
    """A step that was sent and refused, with the form that holds its reason and messages."""

    name: StepName
    form: ReasonForm


def reason_form(
    workflow: Workflow[Any, Any], name: StepName, state: Any, prefix: str = ""
) -> ReasonForm | None:
    """Return the form that asks for the reason of a step, if it needs one from this state."""
    step = workflow[name]
    if state not in step.needs_reason:
        return None
    return ReasonForm(step.question, step.hint, prefix=prefix or name.slug)


def typed_reason(workflow: Workflow[Any, Any], name: StepName, prefix: str = "") -> str:
    """Return the reason that was sent, also where the step does not need it any more."""
    step = workflow[name]
    form = ReasonForm(step.question, step.hint, prefix=prefix or name.slug)
    return form.reason.data or ""


def make_offers(
    workflow: Workflow[Any, Any],
    names: Iterable[StepName],
    state: Any,
    *,
    refused: Refused | None = None,
    prefix: str = "",
) -> list[Offer]:
    """Return these steps as a page offers them; the one that was refused keeps what was typed.

    `prefix` tells the fields of several things on one page apart.
    """
    return [
        Offer(
            name,
            workflow[name],
            refused.form
            if refused and refused.name is name
            else reason_form(workflow, name, state, prefix),
            state in workflow[name].asks_first,
        )
        for name in names
    ]
