"""What a step of a workflow asks on a page: nothing, or its reason in words."""

from dataclasses import dataclass
from typing import Any

from webapp.core.fields import text
from webapp.core.forms import PageForm
from webapp.core.translation import Message, _
from webapp.core.workflow import Step, StepName


@dataclass(frozen=True)
class Offer:
    """A step as a page offers it: at once, with its reason, or by way of a page that asks first."""

    name: StepName
    step: Step[Any]
    form: "ReasonForm | None"
    asks_first: bool


class ReasonForm(PageForm):
    """A reason in words; the page says to whom it will be told."""

    reason = text(_("Reason"), 2000, required=True)

    def __init__(self, question: Message, hint: Message, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.label.text, self.reason.description = question, hint

    @classmethod
    def of(cls, step: Step[Any], prefix: str) -> "ReasonForm":
        """Return the form that asks for the reason of a step."""
        return cls(step.question, step.hint, prefix=prefix)
