"""The form of a change of the terms of reference: the text, as far as it may still change."""

from collections.abc import Collection, Iterable
from typing import Any

from webapp.amendments.rules import EVERYTHING
from webapp.core.forms.fields import text
from webapp.core.record.reasons import Grounds, ReasonKind
from webapp.core.words.translation import _
from webapp.expertise_requests.content import PARTS, RANKED, names_in
from webapp.expertise_requests.forms import RequestForm


class AmendmentForm(RequestForm):
    """What the request is to say in the fields that may change, and why.

    Its `version` is that of the terms of reference which the page has shown.
    """

    why = text(
        _("Why it should change"),
        2000,
        required=True,
        hint=_("The other side reads this above the changes."),
    )

    def __init__(self, changeable: Collection[str], **options: Any) -> None:
        super().__init__(**options)
        kept = {*changeable, *(RANKED if "themes" in changeable else ())}
        for part in PARTS:
            for name in names_in(part):
                if name not in kept:
                    del self[name]

    def names_in(self, part: str) -> list[str]:
        """Return the names of the fields of a part that may change, in their order."""
        return self._here(names_in(part))

    @property
    def grounds(self) -> Grounds:
        """Return why it should change; ask a form that is valid."""
        return Grounds(ReasonKind.COMMENT, self.why.data or "")


def sent_in(names: Iterable[str]) -> frozenset[str]:
    """Return which fields of terms of reference a form has sent, by the names that it sent."""
    # A row of a list is sent as `languages-0-level`, and of the themes each by itself.
    fields = {"themes" if name in RANKED else name.partition("-")[0] for name in names}
    return EVERYTHING & fields
