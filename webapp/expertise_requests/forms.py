"""The forms of requests for expertise: the text itself, and the search of the list of all."""

import re
import secrets
from typing import Any

from wtforms import BooleanField, HiddenField, ValidationError

from webapp.core.forms import (
    AddressForm,
    CheckboxesField,
    Choices,
    EditForm,
    RowForm,
    choice,
    day,
    line,
    number,
    rows,
    text,
)
from webapp.core.vocabularies import (
    PARTICIPATING,
    CefrLevel,
    jurisdiction_choices,
    jurisdiction_name,
)
from webapp.core.vocabularies import languages as all_languages
from webapp.expertise_requests import rules
from webapp.expertise_requests.content import Content
from webapp.expertise_requests.models import HelpKind, RequestState, Urgency

RANKED = ("theme_1", "theme_2", "theme_3")
# A draft can do without these, a coordinator cannot (rules.missing_for_submission).
NEEDED = ("title", "objectives", "start", "end", "jurisdiction")
ROWS, MOST_ROWS = 4, 8
_TOKEN = re.compile("[A-Za-z0-9_-]{16,64}")
NEEDS = (("required", "Required"), ("useful", "Useful"))
HELP = {
    HelpKind.TRAINER: "Trainer: teaches a course",
    HelpKind.ADVISER: "Adviser: works with you on a plan, a law or a procedure",
    HelpKind.ASSESSOR: "Assessor: looks at how things stand and reports",
    HelpKind.SPEAKER: "Speaker: at a conference or a seminar",
    HelpKind.MENTOR: "Mentor: accompanies colleagues over time",
    HelpKind.REMOTE: "Remote support: from home, by call and in writing",
    HelpKind.STUDY_VISIT: "Host of a study visit: you come and see",
}
URGENCIES = {
    Urgency.SOON: "Soon: an answer within a month",
    Urgency.URGENT: "Urgent: an answer within days",
}


class LanguageRow(RowForm):
    """One language with the least level asked for."""

    language = choice("Language", all_languages().items(), empty="No language")
    level = choice("Level", [(level, level) for level in CefrLevel], empty="Level")
    need = choice("Needed how much", NEEDS, empty="Required or useful")

    def validate(self, *arguments: Any, **options: Any) -> bool:
        """Refuse half a row as well as what each field refuses."""
        sound = super().validate(*arguments, **options)
        if sound and self.language.data and not self.level.data:
            self.level.errors = ["Please choose the least level that is enough."]
            return False
        if sound and self.level.data and not self.language.data:
            self.language.errors = ["Please choose the language, or take the level away."]
            return False
        return bool(sound)


class RequestForm(EditForm):
    """The text of a request, in the order in which a focal point thinks of it."""

    form_token = HiddenField()

    title = line("Title", hint="Such as: Training of investigators in firearms tracing.")
    objectives = text("Objectives", hint="What will be different afterwards, in a few sentences.")
    tasks = text("Tasks", hint="What the expert will do, day by day if you know it.")
    outputs = text("Outputs", hint="What remains: a report, a curriculum, a draft law.")
    audience = text("Audience", hint="Who takes part, how many, from which institutions and ranks.")
    help_kind = choice("Kind of help", HELP.items(), empty="Not decided yet")

    theme_1 = choice("Main theme", empty="No theme")
    theme_2 = choice("Second theme", empty="No theme")
    theme_3 = choice("Third theme", empty="No theme")
    experts_needed = number("Number of experts", 1, 20, required=True)
    expert_background = text(
        "Background wanted",
        hint="Experience, rank or institution that your colleagues will listen to.",
    )
    languages = rows("Languages", LanguageRow, MOST_ROWS)
    interpretation = BooleanField("We provide interpretation")

    jurisdiction = choice("Jurisdiction", jurisdiction_choices())
    place = line("Place", hint="A town, or “remote”.")
    start = day("First day", hint="An approximate day is enough for now.")
    end = day("Last day", hint="The same as the first for a single day.")
    flexibility = line("How fixed the dates are", hint="Such as: fixed; or any week in May.")

    existing = text("What exists locally", hint="Law, equipment, earlier missions, partners.")
    costs = text("Who pays what", hint="Travel, lodging, daily allowance, insurance.")
    security = text("Security", hint="What an expert must know of the place before saying yes.")
    excluded = CheckboxesField(
        "Jurisdictions not acceptable",
        description="Tick those whose experts you cannot receive. It is not shown to experts.",
    )
    urgency = choice("Urgency", URGENCIES.items(), empty="Normal")
    focal_point = line("Focal point", hint="The colleague who answers questions about this.")
    background = text("Background", 10_000, hint="Whatever else helps to understand the request.")

    def prepare(self, themes: Choices, stored: Content) -> None:
        """Offer the themes there are, the jurisdictions on the roster, and empty language rows."""
        for name in RANKED:
            self[name].offer(themes)
        for name in NEEDED:
            self[name].flags.needed = True
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
            raise ValidationError("This is the main theme already.")

    def validate_theme_3(self, field: Any) -> None:
        """Refuse a theme that stands above already."""
        if field.data and field.data in {self.theme_1.data, self.theme_2.data}:
            raise ValidationError("This theme stands above already.")

    def validate_languages(self, field: Any) -> None:
        """Refuse a language that is asked for twice."""
        seen = set()
        for row in field:
            code = row.form.language.data
            if code and code in seen:
                row.form.language.errors = ["This language stands above already."]
                raise ValidationError("Each language can be asked for once.")
            seen.add(code)

    def validate_end(self, field: Any) -> None:
        """Refuse a period that ends before it begins, or that is no assignment but an office."""
        if self.start.errors or not (field.data and self.start.data):
            return
        if field.data < self.start.data:
            raise ValidationError("The last day lies before the first.")
        if (field.data - self.start.data).days >= rules.LONGEST:
            raise ValidationError(f"An assignment can last at most {rules.LONGEST} days.")

    def token(self) -> str | None:
        """Return the token of this showing of the form, unless somebody tampered with it."""
        sent = self.form_token.data or ""
        return sent if _TOKEN.fullmatch(sent) else None

    def content(self) -> Content:
        """Return what was written, as the operations take it."""
        plain = {name: self[name].data or "" for name in TEXTS}
        return Content(
            **plain,
            help_kind=HelpKind(self.help_kind.data) if self.help_kind.data else None,
            urgency=Urgency(self.urgency.data) if self.urgency.data else Urgency.NORMAL,
            jurisdiction=self.jurisdiction.data,
            start=self.start.data,
            end=self.end.data,
            experts_needed=self.experts_needed.data,
            interpretation=self.interpretation.data,
            themes=tuple(self[name].data for name in RANKED if self[name].data),
            languages=tuple(
                (row.language.data, CefrLevel(row.level.data), row.need.data != "useful")
                for row in (entry.form for entry in self.languages)
                if row.language.data
            ),
            excluded=tuple(sorted(set(self.excluded.data))),
        )

    def show_what_is_missing(self) -> None:
        """Put a message at each field that is empty and needed, beside those that were refused."""
        given = Content(
            title=self.title.data or "",
            objectives=self.objectives.data or "",
            tasks=self.tasks.data or "",
            background=self.background.data or "",
            jurisdiction=self.jurisdiction.data,
            start=self.start.data,
            end=self.end.data,
        )
        lacks = rules.missing_for_submission(given)
        self.show_messages({name: lacks[name] for name in lacks if not self[name].errors})

    def show_messages(self, messages: dict[str, str]) -> None:
        """Put messages that came from elsewhere at their fields."""
        for name, message in messages.items():
            self[name].errors = [*self[name].errors, message]


TEXTS = (
    "title", "objectives", "tasks", "outputs", "audience", "expert_background", "place",
    "flexibility", "existing", "costs", "security", "focal_point", "background",
)  # fmt: skip


def data_of(content: Content) -> dict[str, Any]:
    """Return a stored text as the form shows it."""
    return {
        **vars(content),
        **dict(zip(RANKED, content.themes, strict=False)),
        "languages": [
            {"language": code, "level": level, "need": "required" if required else "useful"}
            for code, level, required in content.languages
        ],
        "excluded": list(content.excluded),
        "urgency": content.urgency if content.urgency in URGENCIES else None,
    }


def new_token() -> str:
    """Return a name for one showing of the form of a new request."""
    return secrets.token_urlsafe(16)


class SearchForm(AddressForm):
    """What the list of all requests is narrowed to."""

    search = line("Words or reference", hint="In the title, place, requester or institution.")
    state = choice(
        "State",
        [(state, state.capitalize()) for state in RequestState if state is not RequestState.DRAFT],
        empty="Every state",
    )
