"""Forms of matches: filters of a ranking, what counts in it, and what is said of the proposed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from wtforms import HiddenField, SelectChoice, ValidationError

from webapp.core.disclosure import people_to_choose
from webapp.core.fields import CheckboxesField, choice, named, text
from webapp.core.forms import AddressForm, PageForm
from webapp.core.language import SOURCE_LANGUAGE, languages
from webapp.core.step_forms import ReasonForm
from webapp.core.translation import Deferred, _
from webapp.core.vocabularies import CefrLevel, language_choices, language_name
from webapp.experts import queries as experts
from webapp.matches import answers, facets
from webapp.matches.considerations import LABELS, Consideration
from webapp.matches.kinds import Load, Proof, Wanted
from webapp.matches.models import Match
from webapp.matches.operations import Said
from webapp.themes import queries as themes

FACETS = (
    "subject", "theme", "language", "level", "jurisdiction", "institution", "load", "evidence",
)  # fmt: skip


class FilterForm(AddressForm):
    """What the ranking is narrowed to, read from the address so that it can be passed on."""

    subject = choice(_("Shown by the profile"), empty=_("Every subject asked for, or none"))
    theme = choice(_("Theme claimed"), empty=_("Every theme"))
    language = choice(_("Language"), empty=_("Every language"))
    level = choice(
        _("Level at least"),
        [(level.value, level.value) for level in CefrLevel],
        empty=_("Every level"),
    )
    jurisdiction = choice(_("Home jurisdiction"), empty=_("Every jurisdiction"))
    institution = choice(_("Institution"), empty=_("Every institution"))
    load = choice(
        _("Days on missions in the year of the request"), named(Load), empty=_("Any number")
    )
    evidence = choice(_("Evidence"), named(Proof), empty=_("Confirmed or not"))

    @property
    def wanted(self) -> Wanted:
        """Return what the ranking is narrowed to; what was refused narrows nothing."""
        given = self.in_address
        return Wanted(
            subject=given.get("subject"),
            theme=given.get("theme"),
            language=given.get("language"),
            level=CefrLevel(given["level"]) if "level" in given else None,
            jurisdiction=given.get("jurisdiction"),
            institution=given.get("institution"),
            load=Load(given["load"]) if "load" in given else None,
            evidence=Proof(given["evidence"]) if "evidence" in given else None,
        )


def filter_form(session: Session, arguments: Any, subjects: Mapping[str, str]) -> FilterForm:
    """Return the form as an address has filled it; the matcher names `subjects` in English."""
    form = FilterForm(arguments)
    form.subject.offer(SelectChoice(key, label, {"lang": "en"}) for key, label in subjects.items())
    form.theme.offer(themes.list_all_choices(session))
    spoken = facets.list_languages(session)
    form.language.offer((code, name) for code, name in language_choices() if code in spoken)
    form.jurisdiction.offer(experts.list_jurisdiction_choices(session))
    # Every institution may be asked for: profiles name theirs freely.
    names = {*facets.list_institutions(session), form.institution.data or ""} - {""}
    form.institution.offer((name, name) for name in sorted(names, key=str.casefold))
    form.validate()
    return form


class ProposalForm(PageForm):
    """What the requester reads of one expert beside the summary; a prefix tells experts apart.

    Its `language` is the one in which the page has asked for a summary.
    """

    language = HiddenField()

    note = text(
        _("Why you propose this expert"),
        1000,
        hint=_(
            "The requester reads it with the summary, and so can the expert. Please nothing of"
            " health or family, and no other request."
        ),
    )
    summary = text(
        _("Summary"),
        1500,
        hint=_("The requester reads it instead of the summary in English."),
    )

    @property
    def said(self) -> Said:
        """Return what was written; a summary is in the language in which it was asked for."""
        summary = self.summary.data or "" if "summary" in self else ""
        return Said(self.note.data or "", summary, self.language.data)

    def ask_in(self, present: str, *, has_english: bool) -> None:
        """Ask for a summary in the requester's language; in English only where there is none.

        A page that is sent back goes on in the language in which it has asked.
        """
        if self.language.data not in languages():
            self.language.data = present
        language = self.language.data
        # What was written before the profile got one is not thrown away.
        if language == SOURCE_LANGUAGE and has_english and not self.summary.raw_data:
            del self.summary
        else:
            if language == SOURCE_LANGUAGE:
                self.summary.description = _(
                    "The profile has none in English: without one the requester reads none."
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


class CompareForm(AddressForm):
    """Which experts of a list are compared; each of them is ticked beside their name."""

    # The cards of the experts have identifiers of their own, which begin with the field's name.
    expert = CheckboxesField(_("Compare"), id="tick")


def ticks(expert_ids: Sequence[int]) -> dict[int, Any]:
    """Return, by expert, what is drawn to tick them."""
    form = CompareForm(formdata=None)
    form.expert.choices = [(str(number), _("Compare")) for number in expert_ids]
    return dict(zip(expert_ids, form.expert, strict=True))


def out_of_turn_form() -> ReasonForm:
    """Return the form that asks why somebody is put on the shortlist before others."""
    return ReasonForm(
        _("Why this expert, before others who fit better"),
        _("Kept in the story of the request, and counted in the statistics."),
        answers.OUT_OF_TURN,
    )
