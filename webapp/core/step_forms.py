"""Steps as pages offer them: a button, a reason to give, or a page that asks first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash

from webapp.core.errors import ConflictError
from webapp.core.fields import text
from webapp.core.forms import PageForm
from webapp.core.transactions import roll_back
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
    """A step that was sent and refused: what the page shows again.

    `form` holds the reason and its messages if those were refused. Otherwise `problem` says what
    stands against the step itself, and `typed` is the reason that had been written for it.
    """

    name: StepName | None = None
    form: ReasonForm | None = None
    problem: str = ""
    typed: str = ""


NOTHING_REFUSED = Refused()


def reason_form(
    workflow: Workflow[Any, Any], name: StepName, state: Any, prefix: str = ""
) -> ReasonForm | None:
    """Return the form that asks for the reason of a step, if it needs one from this state."""
    step = workflow[name]
    if state not in step.needs_reason:
        return None
    return ReasonForm(step.question, step.hint, prefix=prefix or name.slug)


def take_sent(
    workflow: Workflow[Any, Any],
    name: StepName,
    state: Any,
    take: Callable[[str], None],
    *,
    said: Mapping[str, str],
    prefix: str = "",
) -> Refused | None:
    """Give the reason that was sent to `take`; return what was refused, or None if it was done.

    What the step says after it is flashed, with the facts of `said`. A step that needs no reason
    gets none, whatever was sent with it. A refusal forgets all that had begun, so that the page
    that is drawn next shows what is stored.
    """
    form = reason_form(workflow, name, state, prefix)
    if form and not form.validate_on_submit():
        return Refused(name, form)
    try:
        take((form.reason.data or "") if form else "")
    except ConflictError as error:
        roll_back()
        return Refused(name, problem=str(error), typed=_typed(workflow, name, prefix))
    if done := workflow[name].done:
        flash(str(done % said))
    return None


def _typed(workflow: Workflow[Any, Any], name: StepName, prefix: str) -> str:
    """Return the reason that was sent, also where the step does not need it any more."""
    step = workflow[name]
    form = ReasonForm(step.question, step.hint, prefix=prefix or name.slug)
    return form.reason.data or ""


def make_offers(
    workflow: Workflow[Any, Any],
    names: Iterable[StepName],
    state: Any,
    *,
    refused: Refused = NOTHING_REFUSED,
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
            if refused.form and refused.name is name
            else reason_form(workflow, name, state, prefix),
            state in workflow[name].asks_first,
        )
        for name in names
    ]
