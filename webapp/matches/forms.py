"""Forms of matches: the filters of a ranking, and what is said of those proposed."""

from collections.abc import Sequence

from wtforms import HiddenField

from webapp.core.fields import CheckboxesField, choice, text
from webapp.core.forms import AddressForm, PageForm
from webapp.core.translation import _
from webapp.matches.considerations import LABELS, Consideration


class FilterForm(AddressForm):
    """What the ranking is narrowed to."""

    theme = choice(_("Theme claimed"), empty=_("Every theme"))
    jurisdiction = choice(_("Home jurisdiction"), empty=_("Every jurisdiction"))


class ProposalForm(PageForm):
    """What the requester reads of one expert beside the summary; a prefix tells experts apart."""

    note = text(
        _("Why you propose this expert"),
        1000,
        hint=_(
            "The requester reads it with the summary, and so can the expert. Please nothing of"
            " health or family, and no other request."
        ),
    )


class ConsiderationsForm(PageForm):
    """What counts for a request beside its subject; `seen` names what did not at its opening."""

    counts = CheckboxesField(_("What counts for this request"), choices=list(LABELS.items()))
    seen = HiddenField()

    def see(self, considerations: Sequence[Consideration]) -> None:
        """Let what is sent next be decided in view of these."""
        self.seen.data = ",".join(one.name for one in considerations if not one.counts)

    @property
    def ignored(self) -> frozenset[str]:
        """Return the names of what is not to count."""
        return frozenset(LABELS) - frozenset(self.counts.data)

    @property
    def seen_ignored(self) -> frozenset[str]:
        """Return the names of what was shown as not counting."""
        return frozenset(filter(None, (self.seen.data or "").split(",")))


def considerations_form(considerations: Sequence[Consideration]) -> ConsiderationsForm:
    """Return the form that shows which of these count, in their order."""
    form = ConsiderationsForm(formdata=None)
    form.counts.data = [one.name for one in considerations if one.counts]
    form.see(considerations)
    return form
