"""What is asked beside the text of a request: for steps, messages, files and lists."""

import re
from typing import Any

from wtforms import BooleanField, Field, HiddenField

from webapp.core.forms.fields import choice, line, text
from webapp.core.forms.file_fields import file_field
from webapp.core.forms.page_forms import AddressForm, EditForm, PageForm
from webapp.core.forms.step_forms import CommentForm, ReasonForm
from webapp.core.words.translation import _
from webapp.expertise_requests.content import FIELD_NAMES, in_order
from webapp.expertise_requests.models import RequestState
from webapp.expertise_requests.workflow import TAKE_OVER_REASONS, WORKFLOW, RequestStep


class SearchForm(AddressForm):
    """What the list of all requests is narrowed to."""

    search = line(_("Words or reference"), hint=_("In the title, place, requester or institution."))
    state = choice(
        _("State"),
        [(state, state.label) for state in RequestState if state is not RequestState.DRAFT],
        empty=_("Every state"),
    )


class WordsForm(AddressForm):
    """What the lists of colleagues' requests, and of those without an owner, are narrowed to."""

    search = line(_("Words or reference"), hint=_("In the title, place, requester or institution."))


class ReturnForm(CommentForm, EditForm):
    """What has to be corrected: in the request as a whole, and at single fields."""

    def __init__(self, **kwargs: Any) -> None:
        step = WORKFLOW[RequestStep.RETURN]
        super().__init__(step.question, step.hint, **kwargs)

    @property
    def comments(self) -> dict[str, str]:
        """Return what was written at fields, by their names."""
        return {name: self.at(name).data or "" for name in in_order()}

    def at(self, name: str) -> Field:
        """Return the field for a comment at a field of the request."""
        return self[f"comment_{name}"]


for _name in in_order():
    setattr(
        ReturnForm,
        f"comment_{_name}",
        text(_("Comment on: %(field)s", field=FIELD_NAMES[_name]), 1000),
    )


class MessageForm(PageForm):
    """A message about a request to the other side."""

    text = text(_("Your message"), 3000, required=True)


class RequestFileForm(PageForm):
    """A file for a request, and who reads it."""

    file = file_field(_("The file"), required=True)
    for_invited = BooleanField(
        _("Experts who are invited read it, too"),
        description=_("Otherwise it is read by those who ask and by SEESAC."),
    )


class HandlingForm(PageForm):
    """Which coordinator is to see to a request; `seen` is who did when the page was opened."""

    person = choice(_("Who sees to it"), required=True)
    seen = HiddenField()

    @property
    def seen_id(self) -> int | None:
        """Return whose number the page had shown, if it showed one."""
        sent = self.seen.data or ""
        return int(sent) if re.fullmatch("[0-9]{1,9}", sent) else None


class TakeOverForm(ReasonForm, EditForm):
    """Why a colleague's request is taken over."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            _("Why you take it over"),
            _("The former owner and SEESAC read this; it is kept in the record."),
            TAKE_OVER_REASONS,
            **kwargs,
        )


class PastDatesForm(PageForm):
    """What is asked back before a request whose days are past goes on."""

    past_is_meant = BooleanField(_("The days are right, although they are past"))
