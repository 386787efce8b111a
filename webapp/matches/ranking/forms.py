"""Forms of a ranking: what it is narrowed to, what counts in it, who is compared or preferred."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from wtforms import HiddenField

from webapp.core.forms.fields import CheckboxesField, choice, named
from webapp.core.forms.page_forms import AddressForm, PageForm
from webapp.core.forms.step_forms import ReasonForm
from webapp.core.words.translation import _
from webapp.core.words.vocabularies import CefrLevel, jurisdiction_choices, language_choices
from webapp.matches import answers
from webapp.matches.ranking.considerations import LABELS, Consideration
from webapp.matches.ranking.facets import Offered
from webapp.matches.ranking.narrowing import Load, Proof, Wanted
from webapp.matches.ranking.subjects import subject_name
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


def filter_form(
    session: Session, arguments: Any, subjects: Mapping[str, str], offered: Offered
) -> FilterForm:
    """Return the form as an address has filled it."""
    form = FilterForm(arguments)
    form.subject.offer((key, subject_name(name)) for key, name in subjects.items())
    form.theme.offer(themes.list_all_choices(session))
    spoken = ((code, name) for code, name in language_choices() if code in offered.languages)
    form.language.offer(spoken)
    form.jurisdiction.offer(jurisdiction_choices(offered.jurisdictions))
    # Every institution may be asked for: profiles name theirs freely.
    names = {*offered.institutions, form.institution.data or ""} - {""}
    form.institution.offer((name, name) for name in sorted(names, key=str.casefold))
    form.validate()
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
