"""Forms of requests: the text, and what is asked beside it."""

from webapp.expertise_requests.forms.steps import (
    HandlingForm,
    MessageForm,
    PastDatesForm,
    RequestFileForm,
    ReturnForm,
    SearchForm,
    TakeOverForm,
    WordsForm,
)
from webapp.expertise_requests.forms.text import RequestForm, data_of, new_token

__all__ = [
    "HandlingForm",
    "MessageForm",
    "PastDatesForm",
    "RequestFileForm",
    "RequestForm",
    "ReturnForm",
    "SearchForm",
    "TakeOverForm",
    "WordsForm",
    "data_of",
    "new_token",
]
