"""Steps of a workflow as people meet them: a button, or a question that needs a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.core.fields import text
from webapp.core.forms import PageForm
from webapp.core.translation import _


@dataclass(frozen=True)
class Action:
    """A step on a page; `question` and `hint` are shown where the step needs a reason."""

    step: str
    label: str
    operation: Callable[..., None]
    done: str
    question: str = ""
    hint: str = ""


class ReasonForm(PageForm):
    """A reason in words; the page says to whom it will be told."""

    reason = text(_("Reason"), 2000, required=True)

    def __init__(self, label: str, hint: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.label.text, self.reason.description = label, hint
