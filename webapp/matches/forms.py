"""Forms of matches: the filters of a ranking and the reasons that steps need."""

from typing import Any

from flask_wtf import FlaskForm

from webapp.core.forms import PageForm, choice, text


class FilterForm(FlaskForm):
    """What the ranking is narrowed to; it is read from the address and changes nothing."""

    class Meta(FlaskForm.Meta):
        """A form of a GET carries no token."""

        csrf = False

    theme = choice("Theme claimed", empty="Every theme")
    jurisdiction = choice("Home jurisdiction", empty="Every jurisdiction")


class ReasonForm(PageForm):
    """A reason in words; the page says to whom it will be told."""

    reason = text("Reason", 2000, required=True)

    def __init__(self, label: str, hint: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.label.text, self.reason.description = label, hint
