"""Forms of matches: who is invited together, and what is said of the proposed."""

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import HiddenField, ValidationError

from webapp.core.forms.fields import CheckboxesField, text
from webapp.core.forms.page_forms import PageForm
from webapp.core.record.disclosure import people_to_choose
from webapp.core.words.language import SOURCE_LANGUAGE, languages
from webapp.core.words.translation import Deferred, _
from webapp.core.words.vocabularies import language_name
from webapp.matches import summaries
from webapp.matches.models import Match
from webapp.matches.operations import Said
from webapp.matches.workflow import WORKFLOW, MatchStep


def seen_days(name: MatchStep) -> str | None:
    """Return for which days of the mission a page has asked, of a step that is one for those that
    were read; None if it does not say (`seen.written_days`)."""
    return request.form.get("days") if WORKFLOW[name].judges_text else None


class ProposalForm(PageForm):
    """What the requester reads of one expert beside the summary; a prefix tells experts apart.

    Its `language` is the one in which the page has asked for a summary.
    """

    language = HiddenField()

    note = text(
        _("Why you propose this expert"),
        1000,
        required=True,
        hint=_(
            "The requester reads it with the summary, and so can the expert. Please nothing of"
            " health or family, and no other request."
        ),
    )
    summary = text(
        _("Summary"),
        summaries.LONGEST,
        required=True,
        hint=_("The requester reads it instead of the summary in English."),
    )

    @property
    def said(self) -> Said:
        """Return what was written; a summary is in the language in which it was asked for."""
        summary = self.summary.data or "" if "summary" in self else ""
        return Said(self.note.data or "", summary, self.language.data)

    def ask_in(self, present: str, *, has_english: bool, of_profile: str) -> None:
        """Ask for a summary in the requester's language; in English only where there is none.

        A page that is sent back goes on in the language in which it has asked. The summary
        `of_profile` is what the field begins with where the profile has one in that language.
        """
        if self.language.data not in languages():
            self.language.data = present
        language = self.language.data
        # What was written before the profile got one is not thrown away.
        if language == SOURCE_LANGUAGE and has_english and not any(self.summary.raw_data or ()):
            del self.summary
        else:
            if language == present and of_profile:
                self.summary.description = _(
                    "It begins as the profile has it, and the requester reads what stands here."
                )
            elif language == SOURCE_LANGUAGE:
                self.summary.description = _(
                    "The profile has none in English, so the requester reads what you write here."
                )
            self.summary.label.text = _(
                "Summary in the requester's language: %(language)s",
                language=Deferred(language_name, language),
            )
            self.summary.render_kw = {**(self.summary.render_kw or {}), "lang": language}


class InvitationsForm(PageForm):
    """Which of those on a shortlist are invited together."""

    match = CheckboxesField(_("Whom to invite"), id="invite")

    def validate_match(self, field: Any) -> None:
        """Refuse to invite nobody."""
        if not field.data:
            raise ValidationError(_("Please tick at least one expert."))


def invitations_form(matches: Sequence[Match], ticked: Sequence[Match] = ()) -> InvitationsForm:
    """Return the form that offers these, with some of them ticked when it is opened."""
    form = InvitationsForm(data={"match": [str(match.id) for match in ticked]})
    form.match.choices = people_to_choose((match.id, match.expert) for match in matches)
    return form
