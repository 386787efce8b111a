"""The form that narrows the roster, read from the address so that a choice can be passed on."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from wtforms import BooleanField, HiddenField

from webapp.core.forms.checks import Needed
from webapp.core.forms.fields import OneOfField, VersionField, choice, line, named, several, text
from webapp.core.forms.page_forms import AddressForm, EditForm, PageForm
from webapp.core.forms.step_forms import ReasonForm
from webapp.core.record.reasons import ReasonKind
from webapp.core.words import vocabularies
from webapp.core.words.translation import Message, _, _p
from webapp.core.words.vocabularies import CefrLevel, HelpKind
from webapp.experts.models import ExpertState
from webapp.matches.ranking.narrowing import Load
from webapp.roster.kinds import (
    USUAL_COLUMNS,
    Approved,
    Asked,
    Column,
    Confirmed,
    Sort,
)
from webapp.themes import queries as themes

# Facets that no count of a page stands beside: a level is counted with its language.
_UNCOUNTED = frozenset({"level"})
FACETS = (
    "theme", "jurisdiction", "institution", "language", "level", "way", "state", "confirmed",
    "approval", "load",
)  # fmt: skip

# What a file with people of the roster can be for.
PURPOSES = (
    ReasonKind.REPORT, ReasonKind.PREPARING, ReasonKind.LETTERS, ReasonKind.AUTHORITIES,
    ReasonKind.UPKEEP, ReasonKind.OTHER,
)  # fmt: skip


class PurposeForm(ReasonForm):
    """What a file with people of the roster is for."""

    def __init__(self) -> None:
        super().__init__(
            _("What is the file for?"),
            _("Each expert in the file reads it beside your name."),
            PURPOSES,
        )
        self.reason.description = _(
            "Needed for “another reason”. The experts in the file read it too, so please name"
            " nobody. It is removed when one of them is erased."
        )


class NoteForm(PageForm):
    """A note about an expert."""

    text = text(
        _("Note"),
        3000,
        required=True,
        hint=_("Coordinators read it. The expert is given it who asks for a copy of their data."),
    )


class ChangeNoteForm(EditForm):
    """A note that is there already."""

    text = text(_("Note"), 3000, required=True)
    throw_away = BooleanField(_("Throw this note away"))


class JoinForm(PageForm):
    """What is taken from the profile that ends, and that somebody has made sure."""

    kept_version = VersionField()
    gone_version = VersionField()
    # Whether the page has said that a colleague takes them for two people.
    told_apart = HiddenField()
    taken = several(
        _("Take over from the profile that ends"),
        (),
        hint=_("What you do not tick stays as it is in the profile that is kept."),
    )
    sure = BooleanField(
        _("I have made sure that both are the same person, and I know that this is not undone"),
        validators=[Needed(_("Please tick this if you want to go on."))],
    )


class RosterForm(AddressForm):
    """What the roster is narrowed to, sorted by and shown with."""

    q = line(_("Words of a profile, name or institution"), 300)
    theme = choice(_("Theme"), empty=_("Every theme"))
    jurisdiction = choice(_("Jurisdiction"), empty=_("Every jurisdiction"))
    institution = choice(_("Institution"), empty=_("Every institution"))
    language = choice(_("Language"), vocabularies.language_choices, empty=_("Every language"))
    level = choice(
        _("Level at least"),
        [(level.value, level.value) for level in CefrLevel],
        empty=_("Every level"),
    )
    way = choice(_("Way of help"), named(HelpKind), empty=_("Every way"))
    state = choice(_("State"), named(ExpertState), empty=_("Every state"))
    confirmed = choice(
        _("Last confirmed"), named(Confirmed), empty=_p("time of a confirmation", "At any time")
    )
    approval = choice(_("Approval of the authority"), named(Approved), empty=_("Any or none"))
    load = choice(_("Days on missions this year"), named(Load), empty=_("Any number"))
    sort = choice(_("Sorted by"), named(Sort), empty=_p("order of a list", "the usual order"))
    columns = several(_("Shown beside the name"), named(Column))

    @property
    def asked(self) -> Asked:
        """Return what the roster is narrowed to; ask a form that is valid."""
        data = self.data
        return Asked(
            words=data["q"] or "",
            theme=data["theme"],
            jurisdiction=data["jurisdiction"],
            institution=data["institution"],
            language=data["language"],
            level=_of(CefrLevel, data["level"]),
            way=_of(HelpKind, data["way"]),
            state=_of(ExpertState, data["state"]),
            confirmed=_of(Confirmed, data["confirmed"]),
            approval=_of(Approved, data["approval"]),
            load=_of(Load, data["load"]),
        )

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """Return what is shown beside the name."""
        return tuple(map(Column, self.columns.data)) or USUAL_COLUMNS

    @property
    def order(self) -> Sort:
        """Return by what the list is sorted."""
        if self.sort.data:
            return Sort(self.sort.data)
        return Sort.RELEVANCE if self.q.data else Sort.NAME

    def count(self, counted: Mapping[str, Mapping[str, int]]) -> None:
        """Offer at each facet only what somebody has, with how many do, and what was chosen."""
        for name in FACETS:
            if name not in _UNCOUNTED:
                _offer_counted(self[name], counted[name])


def roster_form(session: Session, arguments: Any) -> RosterForm:
    """Return the form as an address has filled it, with all that may be asked for."""
    form = RosterForm(arguments)
    form.theme.offer(themes.list_all_choices(session))
    form.jurisdiction.offer(vocabularies.jurisdiction_choices())
    # Every institution may be asked for: profiles name theirs freely.
    if form.institution.data:
        form.institution.offer([(form.institution.data, form.institution.data)])
    if not form.columns.raw_data:
        form.columns.data = [column.value for column in USUAL_COLUMNS]
    return form


def _of(kind: type[Any], value: str | None) -> Any:
    return kind(value) if value else None


def _offer_counted(field: OneOfField, counted: Mapping[str, int]) -> None:
    known = {option.value: option for option in field.choices[1:]}
    if field.name == "institution":
        names = sorted(filter(None, {*counted, field.data}), key=lambda name: name.casefold())
        field.offer((name, _with_count(name, counted.get(name, 0))) for name in names)
        return
    field.offer(
        (value, _with_count(option.label, counted.get(value, 0)), option.optgroup)
        if option.optgroup
        else (value, _with_count(option.label, counted.get(value, 0)))
        for value, option in known.items()
        if counted.get(value) or value == field.data
    )


def _with_count(label: Any, number: int) -> Message:
    return _("%(what)s (%(count)s)", what=label, count=number)
