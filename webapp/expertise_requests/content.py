"""What a requester writes. Each text says here, once, how it is asked for and who reads it.

The form, the pages that show a request, the story's names of fields and what the ranking compares
all follow from the declarations below; a new text is one line here, one column of the model and
its migration.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from webapp.core.words.translation import Message, _
from webapp.core.words.vocabularies import CefrLevel, HelpKind, LanguageNeed
from webapp.expertise_requests.models import (
    ExcludedJurisdiction,
    ExpertiseRequest,
    Payer,
    RequesterKind,
    RequestTheme,
    RequiredLanguage,
    Urgency,
)


@dataclass(frozen=True)
class Text:
    """How one text of a request is asked for, shown and used.

    `group` is the part of the form that it stands in. Invited experts read it if `for_invited`,
    and the ranking compares it with profiles if `ranked`. `rows` is its height; 1 is a single line.
    The title has neither mark: it heads the request for everybody who sees it, invited experts too,
    and the ranking compares it as the title that it is (matches/ranking/matcher_records.py).
    """

    name: str
    label: Message
    hint: Message
    group: str
    rows: int
    limit: int
    for_invited: bool
    ranked: bool


def _text(label: Message, hint: Message, group: str, *, rows: int = 3, limit: int = 5000,
          for_invited: bool = False, ranked: bool = False) -> Any:  # fmt: skip
    about = {
        "label": label, "hint": hint, "group": group, "rows": rows, "limit": limit,
        "for_invited": for_invited, "ranked": ranked,
    }  # fmt: skip
    return field(default="", metadata=about)


def _line(label: Message, hint: Message, group: str, *, for_invited: bool = False,
          ranked: bool = False) -> Any:  # fmt: skip
    return _text(label, hint, group, rows=1, limit=200, for_invited=for_invited, ranked=ranked)


@dataclass(frozen=True)
class Content:
    """All that a requester writes; `languages` holds (language, level, how much it is needed)."""

    title: str = _line(
        _("Title"), _("Such as: Training of investigators in firearms tracing."), "title"
    )
    objectives: str = _text(
        _("Objectives"), _("What will be different afterwards, in a few sentences."),
        "help", rows=4, for_invited=True, ranked=True,
    )  # fmt: skip
    tasks: str = _text(
        _("Tasks"), _("What the expert will do, day by day if you know it."),
        "help", rows=5, for_invited=True, ranked=True,
    )  # fmt: skip
    outputs: str = _text(
        _("Outputs"), _("What remains: a report, a curriculum, a draft law."),
        "help", for_invited=True, ranked=True,
    )  # fmt: skip
    audience: str = _text(
        _("Audience"), _("Who takes part, from which institutions and of which ranks."),
        "audience", for_invited=True, ranked=True,
    )  # fmt: skip
    expert_background: str = _text(
        _("Background wanted"),
        _("Experience or institution that your colleagues will listen to."),
        "experts", ranked=True,
    )  # fmt: skip
    rank_wanted: str = _line(
        _("Rank or level wanted"), _("Such as: superintendent or above; head of a unit."),
        "experts", for_invited=True, ranked=True,
    )  # fmt: skip
    place: str = _line(_("Place"), _("A town, or “remote”."), "place", for_invited=True)
    flexibility: str = _line(
        _("How fixed the dates are"), _("Such as: fixed; or any week in May."), "dates",
        for_invited=True,
    )  # fmt: skip
    existing: str = _text(
        _("What exists locally"), _("Law, equipment, earlier missions, partners."), "existing"
    )
    costs: str = _text(
        _("More about costs"),
        _("Rates, shares, what is not paid. Experts who are invited read this."), "costs",
        for_invited=True,
    )  # fmt: skip
    security: str = _text(
        _("Security, for experts"),
        _("What an expert must know of the place before saying yes. Experts who are invited read"
          " this, and so do their authorities."),
        "security", for_invited=True,
    )  # fmt: skip
    security_office: str = _text(
        _("Security, for SEESAC alone"),
        _("What only SEESAC may know. No expert reads this, and no authority of theirs."),
        "security",
    )  # fmt: skip
    follow_up: str = _text(
        _("What happens afterwards"),
        _("Who carries the work on, and how you will know that it helped."),
        "follow_up", for_invited=True,
    )  # fmt: skip
    office: str = _line(
        _("UNDP office"), _("If you ask on behalf of an authority: which office it is."),
        "contact",
    )  # fmt: skip
    focal_point: str = _line(
        _("Focal point"), _("The colleague who answers questions about this."), "contact"
    )
    authorised_contact: str = _line(
        _("Authorised contact"),
        _("Who may agree the terms of reference for the authority: name, post, address."),
        "contact",
    )  # fmt: skip
    background: str = _text(
        _("Background"),
        _(
            "Whatever else helps to understand the request. SEESAC reads it; experts and their"
            " authorities do not, so please write above what they are to do."
        ),
        "help",
        rows=6,
        limit=10_000,
        ranked=True,
    )  # fmt: skip
    help_kind: HelpKind | None = None
    urgency: Urgency = Urgency.NORMAL
    jurisdiction: str | None = None
    start: date | None = None
    end: date | None = None
    days_needed: int | None = None
    names_by: date | None = None
    experts_needed: int = 1
    years_wanted: int | None = None
    audience_women: int | None = None
    audience_men: int | None = None
    interpretation: bool = False
    pays_travel: Payer | None = None
    pays_accommodation: Payer | None = None
    pays_allowance: Payer | None = None
    pays_insurance: Payer | None = None
    pays_interpretation: Payer | None = None
    pays_venue: Payer | None = None
    asked_by: RequesterKind = RequesterKind.GOVERNMENT
    themes: tuple[str, ...] = ()
    languages: tuple[tuple[str, CefrLevel, LanguageNeed], ...] = ()
    excluded: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the text in the form in which accepted terms of reference keep it."""
        kept = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in vars(self).items()
        }
        asked = ((code, level, _KEPT_NEEDS[need]) for code, level, need in self.languages)
        return kept | {"languages": tuple(asked)}


# Terms that were accepted before one of several languages could be enough say whether each is
# required. They stay as they are, and the version before reads those of now alike.
_KEPT_NEEDS: dict[LanguageNeed, bool | str] = {
    LanguageNeed.REQUIRED: True,
    LanguageNeed.USEFUL: False,
    LanguageNeed.ONE_OF: LanguageNeed.ONE_OF.value,
}
_NEEDS = {kept: need for need, kept in _KEPT_NEEDS.items()}


# How what terms of reference keep is read again; what is not named here stays as it is.
_READ: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("start", "end", "names_by"), date.fromisoformat),
    **dict.fromkeys((f.name for f in fields(Content) if f.name.startswith("pays_")), Payer),
    "help_kind": HelpKind,
    "urgency": Urgency,
    "asked_by": RequesterKind,
    "themes": tuple,
    "excluded": tuple,
    "languages": lambda rows: tuple(
        (language, CefrLevel(level), _NEEDS[need]) for language, level, need in rows
    ),
}


def read_json(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return, by field, what a text kept by `Content.as_json`, or a part of one, says.

    Fields that requests do not have any more are left out.
    """
    known = {name: value for name, value in kept.items() if name in vars(Content())}
    return {
        name: _READ[name](value) if name in _READ and value is not None else value
        for name, value in known.items()
    }


TEXTS = tuple(Text(name=f.name, **f.metadata) for f in fields(Content) if f.metadata)
LISTS = ("themes", "languages", "excluded")
PLAIN = tuple(name for name in vars(Content()) if name not in LISTS)
# What a mission costs, item by item: columns of the request, each holding who pays.
COSTS: dict[str, Message] = {
    "pays_travel": _("Travel"),
    "pays_accommodation": _("Accommodation"),
    "pays_allowance": _("Daily allowance"),
    "pays_insurance": _("Insurance"),
    "pays_interpretation": _("Costs of interpretation"),
    "pays_venue": _("Venue"),
}
# How the story names what was changed besides texts.
_NAMES: dict[str, Message] = {
    "help_kind": _("Kind of help"),
    "urgency": _("Urgency"),
    "jurisdiction": _("Jurisdiction"),
    "start": _("First day"),
    "end": _("Last day"),
    "days_needed": _("Days needed"),
    "names_by": _("Latest day for names"),
    "experts_needed": _("Number of experts"),
    "years_wanted": _("Years of experience"),
    "audience_women": _("Women taking part"),
    "audience_men": _("Men taking part"),
    "asked_by": _("Who asks"),
    "interpretation": _("Interpretation"),
    "themes": _("Themes"),
    "languages": _("Languages"),
    "excluded": _("Jurisdictions not acceptable"),
}
FIELD_NAMES: dict[str, Message] = {
    **{text.name: text.label for text in TEXTS}, **_NAMES, **COSTS
}  # fmt: skip

# What experts who are invited read of a request besides its title.
FOR_INVITED = frozenset({
    *(text.name for text in TEXTS if text.for_invited), *COSTS, "help_kind", "jurisdiction",
    "start", "end", "days_needed", "audience_women", "audience_men", "years_wanted",
    "interpretation", "themes", "languages",
})  # fmt: skip

# The fields of a form in which the ranked themes stand, the main one first.
RANKED = ("theme_1", "theme_2", "theme_3")
# The parts of the form, each a page of its own, as they are read: names of fields, and groups of
# texts in round brackets.
PARTS: dict[str, tuple[str, ...]] = {
    "what": ("(title)", "help_kind", *RANKED, "(help)"),
    "who": (
        "(audience)", "audience_women", "audience_men", "experts_needed", "(experts)",
        "years_wanted", "languages", "interpretation", "excluded",
    ),
    "when": (
        "jurisdiction", "(place)", "start", "end", "days_needed", "(dates)", "names_by", "urgency",
    ),
    "practical": ("(existing)", *COSTS, "(costs)", "(security)", "(follow_up)"),
    "contact": ("asked_by", "(contact)"),
}  # fmt: skip
PART_TITLES: dict[str, Message] = {
    "what": _("What help is needed"),
    "who": _("For whom, and who can help"),
    "when": _("When and where"),
    "practical": _("Practical matters and security"),
    "contact": _("Whom to ask"),
}


def texts_of(group: str) -> Iterator[Text]:
    """Yield the texts that stand in one part of the form, in their order."""
    return (text for text in TEXTS if text.group == group)


def names_in(part: str) -> list[str]:
    """Return the names of the fields in one part of the form, in their order."""
    found = []
    for name in PARTS[part]:
        is_group = name.startswith("(")
        found += [text.name for text in texts_of(name[1:-1])] if is_group else [name]
    return found


def part_of(name: str) -> str:
    """Return the part of the form that a field, or a list of the content, stands in."""
    field_name = RANKED[0] if name == "themes" else name
    return next(part for part in PARTS if field_name in names_in(part))


def in_order(*parts: str) -> Iterator[str]:
    """Yield the names of the fields of a text as the form has them, all or those of some parts."""
    for part in parts or PARTS:
        for name in names_in(part):
            if name not in RANKED:
                yield name
            elif name == RANKED[0]:
                yield "themes"


def get_content(request: ExpertiseRequest) -> Content:
    """Return what is written in the request now."""
    return Content(
        **{name: getattr(request, name) for name in PLAIN},
        themes=tuple(row.theme_code for row in request.themes),
        languages=tuple((row.language, row.level, row.need) for row in request.languages),
        excluded=tuple(row.code for row in request.excluded),
    )


def write(session: Session, request: ExpertiseRequest, content: Content) -> list[str]:
    """Put `content` into a stored request, flush, and return the names of what changed."""
    before = get_content(request)
    changed = [name for name in vars(content) if getattr(before, name) != getattr(content, name)]
    for name in changed:
        if name in PLAIN:
            setattr(request, name, getattr(content, name))
    lists = [name for name in changed if name in LISTS]
    if lists:
        # A change of a list alone must raise the version as well, or a stale edit goes unseen.
        flag_modified(request, "title")
        _replace(session, request, content, lists)
    session.flush()
    return changed


def _replace(
    session: Session, request: ExpertiseRequest, content: Content, lists: list[str]
) -> None:
    # The old rows go first: a code and a place in the order may each occur only once.
    for name in lists:
        setattr(request, name, [])
    session.flush()
    if "themes" in lists:
        request.themes = [
            RequestTheme(theme_code=code, position=n) for n, code in enumerate(content.themes, 1)
        ]
    if "languages" in lists:
        request.languages = [RequiredLanguage.asked(*asked) for asked in content.languages]
    if "excluded" in lists:
        request.excluded = [ExcludedJurisdiction(code=code) for code in content.excluded]
