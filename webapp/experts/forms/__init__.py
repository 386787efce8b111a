"""Forms of the profile, one for each section."""

from webapp.experts.forms.about import AboutForm, about_form
from webapp.experts.forms.entries import (
    AnswerForm,
    ConfirmationForm,
    EvidenceForm,
    TrainingForm,
    WindowForm,
)
from webapp.experts.forms.lists import (
    CalendarFileForm,
    JurisdictionForm,
    LanguagesForm,
    ThemesForm,
    UnavailableForm,
    languages_form,
    themes_form,
    unavailable_form,
)

__all__ = [
    "AboutForm",
    "AnswerForm",
    "CalendarFileForm",
    "ConfirmationForm",
    "EvidenceForm",
    "JurisdictionForm",
    "LanguagesForm",
    "ThemesForm",
    "TrainingForm",
    "UnavailableForm",
    "WindowForm",
    "about_form",
    "languages_form",
    "themes_form",
    "unavailable_form",
]
