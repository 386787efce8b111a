"""The page of many entries at once, and the one that takes a file."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from webapp.core import clock
from webapp.core.forms.fields import (
    RowsField,
    by_name,
    choice,
    day,
    jurisdiction_by_name,
    language_by_name,
    level_by_name,
    line,
    named,
    rows,
    text,
)
from webapp.core.forms.page_forms import EditForm, PageForm, RowForm
from webapp.core.words.translation import _
from webapp.curricula.operations import SECTIONS, Pieces
from webapp.curricula.reading import UnreadableError, read_text
from webapp.experts.contents import EvidenceContent, TrainingContent
from webapp.experts.forms.entries import month
from webapp.experts.forms.lists import (
    LanguageRow,
    ThemeRow,
    check_skills,
    claim_of,
    gather,
    needs,
    once,
    skill_of,
)
from webapp.experts.models import EvidenceKind, Expert, TrainingKind

# Empty rows of each section; saving brings new ones.
SPARE = {"evidence": 5, "trainings": 3, "languages": 3}
SPARE_IN_DRAFT = {"evidence": 1, "trainings": 0, "languages": 0}
# More pieces of a draft are shown when these are taken or dropped.
SHOWN = 5
THEMES = 3
LATER, DROP = "later", "drop"


class DraftRow(RowForm):
    """A piece of a draft: unless it is left for later or dropped, it is taken."""

    decision = choice(
        _("This piece"),
        [(LATER, _("leave it for later")), (DROP, _("drop it"))],
        empty=_("take it into the profile"),
    )


class EvidenceRow(DraftRow):
    """A piece of evidence."""

    kind = choice(_("Kind of work"), named(EvidenceKind))
    title = line(_("Title"))
    role = line(_("Your role"))
    description = text(_("Description"), 2000)
    jurisdiction = jurisdiction_by_name(_("Jurisdiction"))
    place = line(_("Place"))
    started = month(_("First month"))
    ended = month(_("Last month"))


class TrainingRow(DraftRow):
    """A training or certificate."""

    title = line(_("Title"))
    kind = choice(_("Kind of training"), named(TrainingKind), empty=_("Course attended"))
    expires = day(_("Valid until"), 1950, 50)


class SpokenRow(LanguageRow, DraftRow):
    """A language with its levels."""

    language = language_by_name(_("Language"))
    listening = level_by_name(_("Listening"))
    speaking = level_by_name(_("Speaking"))
    reading = level_by_name(_("Reading"))
    writing = level_by_name(_("Writing"))


class NamedThemeRow(ThemeRow):
    """A theme that is chosen by its name."""

    theme = by_name(
        _("Theme"), "all-themes", hint=_("Write a word of it, and choose from the list.")
    )


class EntriesForm(EditForm):
    """Entries of all sections at once; a row without a title, theme or language counts nothing.

    `draft` is the version of the draft that the page was opened with, if there was one.
    """

    draft = HiddenField()
    telephone = line(_("Telephone"), 40)
    summary = text(_("Summary"), 3000)
    evidence = rows(_("Evidence of past work"), EvidenceRow, SHOWN + SPARE["evidence"])
    trainings = rows(_("Training and certificates"), TrainingRow, SHOWN + SPARE["trainings"])
    languages = rows(_("Languages"), SpokenRow, SHOWN + SPARE["languages"])
    themes = rows(_("Themes"), NamedThemeRow, THEMES)

    offered_themes: Mapping[str, str] = {}

    def offer(self, themes: Mapping[str, str]) -> None:
        """Offer these themes, by their codes; the page lists them even where no row was sent."""
        self.offered_themes = themes
        for row in self.themes:
            row.theme.known = lambda: themes

    def validate_evidence(self, field: RowsField) -> None:
        """Refuse work without a title or a kind, and an end before the beginning."""
        for row in _taken(field):
            for name in ("description", "role", "place", "started", "ended"):
                if row[name].data and not row.title.data:
                    row.title.errors = [_("Please give it a title.")]
            if row.title.data and not row.kind.data and not row.kind.errors:
                row.kind.errors = [_("Please choose one.")]
            _check_months(row)
        gather(field)

    def validate_trainings(self, field: RowsField) -> None:
        """Refuse a day until which nothing is valid."""
        for row in _taken(field):
            if row.expires.data and not row.title.data:
                row.title.errors = [_("Please give it a title.")]
        gather(field)

    def validate_languages(self, field: RowsField) -> None:
        """Refuse a language without a level, and one that stands twice."""
        known: set[str] = set()
        for row in _taken(field):
            needs(row.language, row.level, _("Please choose the level."))
            needs(row.level, row.language, _("Please choose the language."))
            check_skills(row)
            once(
                known, row.language, _("This language stands here twice. Please keep one of them.")
            )
        gather(field)

    def validate_themes(self, field: RowsField) -> None:
        """Refuse a theme that stands twice, and years of no theme."""
        known: set[str] = set()
        for row in field:
            needs(row.years, row.theme, _("Please choose the theme that these years belong to."))
            needs(row.level, row.theme, _("Please choose the theme that this level belongs to."))
            once(known, row.theme, _("This theme stands here twice. Please keep one of them."))
        gather(field)

    def content(self) -> Pieces:
        """Return what is to be taken, as the operation takes it."""
        return Pieces(
            [_evidence_of(row) for row in _taken(self.evidence) if row.title.data],
            [
                TrainingContent(
                    row.title.data,
                    row.expires.data,
                    TrainingKind(row.kind.data or TrainingKind.COURSE),
                )
                for row in _taken(self.trainings)
                if row.title.data
            ],
            [skill_of(row) for row in _taken(self.languages) if row.language.data],
            [claim_of(row) for row in self.themes if row.theme.data],
            {"telephone": self.telephone.data or "", "summary": self.summary.data or ""},
        )

    def leave_nothing(self) -> None:
        """Take what was to be left for later: there is no draft any more in which it could stay."""
        for name in SECTIONS:
            for row in self[name].entries:
                if row.decision.data == LATER:
                    row.decision.data = ""

    def done(self) -> dict[str, list[int]]:
        """Return which pieces of the draft were shown and are not left for later."""
        return {
            name: [
                number
                for number, row in enumerate(self[name].entries[:SHOWN])
                if row.decision.data != LATER
            ]
            for name in SECTIONS
        }


def _taken(field: RowsField) -> list[Any]:
    return [row for row in field if not row.decision.data]


def _check_months(row: Any) -> None:
    started, ended = row.started.data, row.ended.data
    if started and started > clock.latest_today() and not row.started.errors:
        row.started.errors = [_("This month is still to come. Evidence is work that has begun.")]
    if started and ended and ended < started and not row.ended.errors:
        row.ended.errors = [_("The last month lies before the first one.")]


def _evidence_of(row: Any) -> EvidenceContent:
    return EvidenceContent(
        EvidenceKind(row.kind.data),
        row.title.data,
        row["description"].data or "",
        row.jurisdiction.data,
        row.started.data,
        row.ended.data,
        row.place.data or "",
        row.role.data or "",
    )


def entries_form(
    expert: Expert, pieces: Mapping[str, Any] | None, draft_version: int | None
) -> EntriesForm:
    """Return the form with the first pieces of a draft, or with empty rows alone."""
    told = pieces or {}
    data: dict[str, Any] = {
        "version": expert.version,
        "draft": "" if draft_version is None else str(draft_version),
        "telephone": expert.telephone or told.get("telephone", ""),
        "summary": expert.summary or told.get("summary", ""),
        "themes": [{}] * THEMES,
    }
    for section in SECTIONS:
        found: Sequence[Mapping[str, Any]] = told.get(section, ())[:SHOWN]
        spare = SPARE_IN_DRAFT[section] if found else SPARE[section]
        data[section] = [*map(_row, found), *({} for _number in range(spare))]
    return EntriesForm(data=data)


def _row(piece: Mapping[str, Any]) -> dict[str, Any]:
    """Return a piece as the fields of its row have it; a language of unknown level waits."""
    row: dict[str, Any] = {name: value or None for name, value in piece.items() if name != "lines"}
    for name in ("started", "ended", "expires"):
        if written := piece.get(name):
            row[name] = _day(written)
    if "language" in row and not row.get("level"):
        row["decision"] = LATER
    return row


def _day(written: str) -> date:
    return date.fromisoformat(f"{written}-01" if len(written) == len("2018-11") else written)


class FileForm(PageForm):
    """A file with somebody's curriculum."""

    file = FileField(
        _("Your curriculum vitae"),
        description=_("PDF, DOCX, ODT or TXT, at most 5 MB and 60 pages."),
        validators=[FileRequired(_("Please choose a file."))],
    )

    def read(self) -> str | None:
        """Return the text of the file; what is wrong with it is told at its field."""
        try:
            return read_text(self.file.data.read())
        except UnreadableError as error:
            self.file.errors = [error.message]
            return None
