"""The form of the text of a request."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, Field, HiddenField, ValidationError

from webapp.core.forms.fields import (
    MISSIONS,
    CheckboxesField,
    Choices,
    choice,
    day,
    line,
    named,
    number,
    rows,
    text,
)
from webapp.core.forms.page_forms import EditForm, RowForm
from webapp.core.words.translation import Message, _, _n
from webapp.core.words.vocabularies import (
    PARTICIPATING,
    CefrLevel,
    HelpKind,
    LanguageNeed,
    jurisdiction_choices,
    jurisdiction_name,
    language_choices,
)
from webapp.expertise_requests import rules
from webapp.expertise_requests.content import (
    COSTS,
    FIELD_NAMES,
    PARTS,
    RANKED,
    TEXTS,
    Content,
    names_in,
    part_of,
    texts_of,
)
from webapp.expertise_requests.field_comments import PLACES
from webapp.expertise_requests.models import (
    FieldComment,
    Payer,
    RequesterKind,
    Urgency,
)
from webapp.expertise_requests.wording import ASKERS, HELP, PAYERS, URGENCIES

# A draft can do without these, a coordinator cannot.
NEEDED = tuple(rules.missing_for_submission(Content()))
ROWS, MOST_ROWS = 4, 8
MOST_PEOPLE = 10_000
_TOKEN = re.compile("[A-Za-z0-9_-]{16,64}")


class LanguageRow(RowForm):
    """One language with the least level asked for, and how much it is needed."""

    language = choice(_("Language"), language_choices, empty=_("No language"))
    level = choice(_("Level"), [(level, level) for level in CefrLevel], empty=_("Level"))
    need = choice(_("Needed how much"), named(LanguageNeed), empty=_("Not chosen"))

    def validate(self, *arguments: Any, **options: Any) -> bool:
        """Refuse half a row as well as what each field refuses."""
        if not super().validate(*arguments, **options):
            return False
        if self.level.data and not self.language.data:
            self.language.errors = [_("Please choose the language, or take the level away.")]
            return False
        return not self.language.data or self._says_how_much()

    def _says_how_much(self) -> bool:
        if not self.level.data:
            self.level.errors = [_("Please choose the least level that is enough.")]
        # A required language rules experts out, so it is never required by silence.
        if not self.need.data:
            self.need.errors = [_("Please say how much it is needed.")]
        return bool(self.level.data and self.need.data)


class RequestForm(EditForm):
    """The text of a request; its texts are those that `content.py` declares, added below."""

    form_token = HiddenField()

    help_kind = choice(FIELD_NAMES["help_kind"], HELP.items(), empty=_("Not decided yet"))

    theme_1 = choice(_("Main theme"), empty=_("No theme"))
    theme_2 = choice(_("Second theme"), empty=_("No theme"))
    theme_3 = choice(_("Third theme"), empty=_("No theme"))
    audience_women = number(
        FIELD_NAMES["audience_women"], 0, MOST_PEOPLE, hint=_("If you know how many.")
    )
    audience_men = number(
        FIELD_NAMES["audience_men"], 0, MOST_PEOPLE, hint=_("If you know how many.")
    )
    experts_needed = number(FIELD_NAMES["experts_needed"], 1, 20, required=True)
    years_wanted = number(
        FIELD_NAMES["years_wanted"], 1, 40, hint=_("The least that your colleagues will listen to.")
    )
    languages = rows(_("Languages"), LanguageRow, MOST_ROWS)
    interpretation = BooleanField(_("We provide interpretation"))

    jurisdiction = choice(FIELD_NAMES["jurisdiction"], jurisdiction_choices)
    start = day(_("First day"), *MISSIONS, hint=_("An approximate day is enough for now."))
    end = day(_("Last day"), *MISSIONS, hint=_("The same as the first for a single day."))
    days_needed = number(
        FIELD_NAMES["days_needed"], 1, rules.LONGEST,
        hint=_(
            "If an expert is needed on some of these days only: on how many. Until the days are"
            " fixed, all of them are kept free."
        ),
    )  # fmt: skip

    names_by = day(
        FIELD_NAMES["names_by"], *MISSIONS,
        hint=_("Until when you need to know who comes, for visas and letters."),
    )  # fmt: skip

    asked_by = choice(FIELD_NAMES["asked_by"], ASKERS.items(), empty=_("An authority by itself"))
    excluded = CheckboxesField(
        FIELD_NAMES["excluded"],
        description=_("Tick those whose experts you cannot receive. It is not shown to experts."),
    )
    urgency = choice(FIELD_NAMES["urgency"], URGENCIES.items(), empty=_("Normal"))

    def __init__(self, *arguments: Any, part: str | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.part = part
        # Messages at the top of the page stand in the order in which the form is read.
        order = [name for part_name in PARTS for name in names_in(part_name)]
        fields = vars(self)["_fields"]
        self._fields = {name: fields[name] for name in (*order, *fields)}
        for name in order if part else ():
            if part_of(name) != part:
                del self[name]

    def texts(self, group: str) -> Iterator[tuple[Field, int]]:
        """Yield the text fields of one part of the form with their heights in lines."""
        return ((self[text.name], text.rows) for text in texts_of(group))

    def _here(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name in self]

    def prepare(self, themes: Choices, stored: Content) -> None:
        """Offer the themes there are, jurisdictions to rule out, and empty language rows.

        Those are the participating ones, and what is stored already.
        """
        offered = list(themes)
        for name in self._here(RANKED):
            self[name].offer(offered)
        for name in self._here(NEEDED):
            self[name].flags.needed = True
        if "languages" not in self:
            return
        codes = dict.fromkeys((*PARTICIPATING, *stored.excluded))
        self.excluded.choices = sorted(
            ((code, jurisdiction_name(code)) for code in codes), key=lambda pair: pair[1]
        )
        if self.excluded.data is None:
            self.excluded.data = []
        while len(self.languages) < ROWS:
            self.languages.append_entry()

    def validate_theme_2(self, field: Any) -> None:
        """Refuse a theme that stands above already."""
        if field.data and field.data == self.theme_1.data:
            raise ValidationError(_("This is the main theme already."))

    def validate_theme_3(self, field: Any) -> None:
        """Refuse a theme that stands above already."""
        if field.data and field.data in {self.theme_1.data, self.theme_2.data}:
            raise ValidationError(_("This theme stands above already."))

    def validate_languages(self, field: Any) -> None:
        """Refuse a language that is asked for twice, and a single one of which one is enough."""
        seen = set()
        asked = [row.form for row in field if row.form.language.data]
        one_of = [one for one in asked if one.need.data == LanguageNeed.ONE_OF.value]
        if len(one_of) == 1:
            one_of[0].need.errors = [_("Please mark another language as well, or require this.")]
            raise ValidationError(_("“One of several” is a choice between two languages at least."))
        for row in field:
            code = row.form.language.data
            if code and code in seen:
                row.form.language.errors = [_("This language stands above already.")]
                raise ValidationError(_("Each language can be asked for once."))
            seen.add(code)

    def validate_end(self, field: Any) -> None:
        """Refuse a period that ends before it begins, or that is no assignment but an office."""
        if self.start.errors or not (field.data and self.start.data):
            return
        if field.data < self.start.data:
            raise ValidationError(_("The last day lies before the first."))
        if (field.data - self.start.data).days >= rules.LONGEST:
            raise ValidationError(
                _n(
                    "An assignment can last at most %(num)s day.",
                    "An assignment can last at most %(num)s days.",
                    rules.LONGEST,
                )
            )

    def validate_days_needed(self, field: Any) -> None:
        """Refuse more days than there are from the first to the last."""
        refused = self.start.errors or self.end.errors
        if refused or not (field.data and self.start.data and self.end.data):
            return
        there = (self.end.data - self.start.data).days + 1
        if field.data > there:
            raise ValidationError(
                _n(
                    "There is only %(num)s day from the first to the last.",
                    "There are only %(num)s days from the first to the last.",
                    there,
                )
            )

    def validate_names_by(self, field: Any) -> None:
        """Refuse to wait for names until the assignment has begun; a form of what can still change
        may ask for no days."""
        if self.start is None or self.start.errors or not (field.data and self.start.data):
            return
        if field.data > self.start.data:
            raise ValidationError(_("Names are needed before the first day."))

    def token(self) -> str | None:
        """Return the token of this showing of the form, unless somebody tampered with it."""
        sent = self.form_token.data or ""
        return sent if _TOKEN.fullmatch(sent) else None

    def content(self, stored: Content | None = None) -> Content:
        """Return what was written, over what is `stored` of the parts that are not on this page."""
        return replace(stored or Content(), **self._written())

    def _written(self) -> dict[str, Any]:
        """Return what stands in the fields of this page, by the names that `Content` has."""
        found = {name: self[name].data for name in self._here(_AS_THEY_ARE)}
        found |= {text.name: self[text.name].data or "" for text in TEXTS if text.name in self}
        for name in self._here(_WORDS):
            found[name] = _WORDS[name](self[name].data) if self[name].data else _UNSAID.get(name)
        if self._here(RANKED):
            found["themes"] = tuple(self[name].data for name in RANKED if self[name].data)
        if "languages" in self:
            found["languages"] = tuple(
                (row.language.data, CefrLevel(row.level.data), LanguageNeed(row.need.data))
                for row in (entry.form for entry in self.languages)
                if row.language.data
            )
            found["excluded"] = tuple(sorted(set(self.excluded.data)))
        return found

    def show_what_is_missing(self) -> None:
        """Put a message at each field that is empty and needed, beside those that were refused."""
        # Other fields may hold what was refused, and no content is made of that.
        looked_at = self._here((*(text.name for text in TEXTS), *NEEDED))
        here = {name: self[name].data or getattr(Content, name) for name in looked_at}
        lacks = rules.missing_for_submission(Content(**here))
        self.show_messages(
            {name: lacks[name] for name in self._here(lacks) if not self[name].errors}
        )

    def show_comments(self, comments: Iterable[FieldComment]) -> None:
        """Put what SEESAC wrote at fields where these are asked for."""
        for comment in comments:
            name = PLACES.get(comment.field, comment.field)
            if name in self:
                self[name].comment = comment.text

    def show_messages(self, messages: Mapping[str, Message]) -> None:
        """Put messages that came from elsewhere at their fields."""
        for name, message in messages.items():
            self[name].errors = [*self[name].errors, message]


for _name, _label in COSTS.items():
    setattr(RequestForm, _name, choice(_label, PAYERS.items(), empty=_("Not said")))
for _text in TEXTS:
    _field = line(_text.label, _text.limit, hint=_text.hint) if _text.rows == 1 else text(
        _text.label, _text.limit, hint=_text.hint
    )  # fmt: skip
    setattr(RequestForm, _text.name, _field)


# How what a list sends becomes what is stored; and what it is where nothing was chosen.
_WORDS: dict[str, Callable[[str], Any]] = {
    "help_kind": HelpKind,
    "urgency": Urgency,
    "asked_by": RequesterKind,
    **dict.fromkeys(COSTS, Payer),
}
_UNSAID = {"urgency": Urgency.NORMAL, "asked_by": RequesterKind.GOVERNMENT}
_AS_THEY_ARE = (
    "jurisdiction", "start", "end", "days_needed", "names_by", "experts_needed", "years_wanted",
    "audience_women", "audience_men", "interpretation",
)  # fmt: skip


def data_of(content: Content) -> dict[str, Any]:
    """Return a stored text as the form shows it."""
    return {
        **vars(content),
        **dict(zip(RANKED, content.themes, strict=False)),
        "languages": [
            {"language": code, "level": level, "need": need.value}
            for code, level, need in content.languages
        ],
        "excluded": list(content.excluded),
        "urgency": content.urgency if content.urgency in URGENCIES else None,
        "asked_by": None
        if content.asked_by is RequesterKind.GOVERNMENT
        else content.asked_by.value,
    }


def new_token() -> str:
    """Return a name for one showing of the form of a new request."""
    return secrets.token_urlsafe(16)
