"""Forms of matches: the filters of a ranking."""

from collections.abc import Sequence

from webapp.core.fields import CheckboxesField, choice
from webapp.core.forms import AddressForm, PageForm
from webapp.core.translation import _
from webapp.matches.considerations import LABELS, Consideration


class FilterForm(AddressForm):
    """What the ranking is narrowed to."""

    theme = choice(_("Theme claimed"), empty=_("Every theme"))
    jurisdiction = choice(_("Home jurisdiction"), empty=_("Every jurisdiction"))


class ConsiderationsForm(PageForm):
    """What counts for a request beside its subject."""

    counts = CheckboxesField(_("What counts for this request"), choices=list(LABELS.items()))


def considerations_form(considerations: Sequence[Consideration]) -> ConsiderationsForm:
    """Return the form that shows which of these count, in their order."""
    form = ConsiderationsForm(formdata=None)
    form.counts.data = [one.name for one in considerations if one.counts]
    return form
