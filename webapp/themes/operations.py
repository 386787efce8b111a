"""What administrators do with themes, and loading the shipped ones from their file."""

import csv
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.errors import ConflictError, DomainError
from webapp.core.record import audit
from webapp.core.record.actions import Action
from webapp.core.unit_of_work import UnitOfWork
from webapp.core.words.search import folded
from webapp.core.words.text_rules import first_capital
from webapp.core.words.translation import _
from webapp.themes import queries, signals
from webapp.themes.models import Theme, ThemesRevision, ThemeSynonym

# The first part of a code names its area; the areas in the order in which lists show them.
AREAS = {
    "SALW": _("Small arms and light weapons control"),
    "AMMO": _("Small arms and light weapons control"),
    "GEN": _("Gender equality in the security sector"),
    "POL": _("Policing and borders"),
    "BRD": _("Policing and borders"),
    "TRN": _("Training and peace operations"),
}
OTHER_AREA = _("Security sector governance")
AREA_NAMES = tuple(dict.fromkeys(area.source for area in (*AREAS.values(), OTHER_AREA)))
# How codes begin of themes that administrators have made.
OWN = "OWN-"


class TakenError(DomainError):
    """A label or a wording stands for something else already."""


def load(session: Session, path: Path) -> int:
    """Add the themes of the file at `path` that are missing and return how many it holds.

    What an administrator has changed stays: the order, what is retired, and each label that is not
    what the file said before. A label that nobody has touched follows the file.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    rows.sort(key=lambda row: AREA_NAMES.index(area_of(row["code"])))
    known = {theme.code: theme for theme in session.query(Theme).order_by(Theme.position)}
    followed = {}
    for row in rows:
        label = first_capital(row["label_en"])
        theme = known.get(row["code"])
        if theme is None:
            theme = Theme(code=row["code"], area=area_of(row["code"]), label=label)
            known[theme.code] = theme
            followed[theme] = label
        elif theme.label == theme.shipped_label != label:
            followed[theme] = label
        theme.shipped_label = label
    if followed:
        _relabel(session, known.values(), followed)
    return len(rows)


def _relabel(session: Session, themes: Iterable[Theme], followed: dict[Theme, str]) -> None:
    """Give themes the labels of the file, and new ones a place at the end of their area."""
    themes = list(themes)
    taken = {theme.label for theme in themes if theme not in followed}
    # Labels are unique: they are moved out of the way before they are set anew.
    for theme in followed:
        theme.label = f"~{theme.code}"
    _put_in_order(session, themes)
    for theme, label in followed.items():
        theme.label = label if label not in taken else f"{label} ({theme.code})"
    session.flush()
    _raise_revision(session)


def _put_in_order(session: Session, themes: Iterable[Theme]) -> None:
    """Number themes in this order, area after area; positions are unique at every moment."""
    ordered = sorted(themes, key=lambda theme: AREA_NAMES.index(theme.area))
    for number, theme in enumerate(ordered):
        theme.position = -1 - number
        session.add(theme)
    session.flush()
    for number, theme in enumerate(ordered):
        theme.position = number
    session.flush()


def area_of(code: str) -> str:
    """Return the area under which a theme of the file is listed."""
    return AREAS.get(code.split("-", 1)[0], OTHER_AREA).source


def add(work: UnitOfWork, label: str, area: str) -> Theme:
    """Make a theme at the end of its area."""
    session = work.session
    _lock(session)
    _refuse_taken_label(session, label)
    themes = list(queries.list_with_synonyms(session))
    numbers = [int(theme.code.removeprefix(OWN)) for theme in themes if theme.code.startswith(OWN)]
    theme = Theme(code=f"{OWN}{max(numbers, default=0) + 1}", label=label, area=area)
    _put_in_order(session, [*themes, theme])
    _raise_revision(session)
    audit.record(work, Action.THEME_CREATED, theme, code=theme.code, label=label, area=area)
    return theme


def rename(work: UnitOfWork, theme: Theme, label: str, *, seen: str) -> None:
    """Give a theme another label; `seen` is the one that was there when the page was loaded."""
    _lock(work.session)
    work.session.refresh(theme)
    if label == theme.label:
        return
    if seen != theme.label:
        raise ConflictError(
            _("Somebody else has named this theme “%(label)s” meanwhile.", label=theme.label)
        )
    _refuse_taken_label(work.session, label)
    before, theme.label = theme.label, label
    work.session.flush()
    _raise_revision(work.session)
    audit.record(work, Action.THEME_CHANGED, theme, code=theme.code, before=before, after=label)


def move(work: UnitOfWork, theme: Theme, *, up: bool, seen: int | None = None) -> None:
    """Change places with the theme before or after it in its area, if there is one.

    `seen` is its place when the button was drawn: pressed twice, it moves the theme once.
    """
    _lock(work.session)
    work.session.refresh(theme)
    if seen not in {None, theme.position}:
        return
    themes = list(queries.list_with_synonyms(work.session))
    neighbours = [other for other in themes if other.area == theme.area]
    place = neighbours.index(theme)
    target = place - 1 if up else place + 1
    if not 0 <= target < len(neighbours):
        return
    one, other = themes.index(theme), themes.index(neighbours[target])
    themes[one], themes[other] = themes[other], themes[one]
    _put_in_order(work.session, themes)
    audit.record(work, Action.THEME_CHANGED, theme, code=theme.code, moved="up" if up else "down")


def retire(work: UnitOfWork, theme: Theme, *, retired: bool) -> None:
    """Offer a theme no more, or again; whoever has it keeps it."""
    _lock(work.session)
    work.session.refresh(theme)
    if theme.retired == retired:
        return
    theme.retired = retired
    work.session.flush()
    action = Action.THEME_RETIRED if retired else Action.THEME_OFFERED
    audit.record(work, action, theme, code=theme.code)


def add_synonym(work: UnitOfWork, theme: Theme, language: str, wording: str) -> ThemeSynonym:
    """Let the ranking read a wording as a theme, from the next ranking on.

    Refused in words where it stands for something already (`signals.adding_wording`).
    """
    _lock(work.session)
    alike = queries.find_synonym(work.session, language, folded(wording))
    if alike:
        raise TakenError(_("This wording stands for “%(theme)s” already.", theme=alike.theme.label))
    signals.adding_wording.send(language, wording=wording)
    synonym = ThemeSynonym(
        theme=theme, language=language, wording=wording, folded=folded(wording),
        created_at=work.now,
    )  # fmt: skip
    work.session.add(synonym)
    work.session.flush()
    _raise_revision(work.session)
    audit.record(
        work, Action.SYNONYM_ADDED, theme, code=theme.code, language=language, wording=wording
    )
    return synonym


def remove_synonym(work: UnitOfWork, synonym: ThemeSynonym) -> None:
    """Let the ranking read a wording as nothing but its words again.

    Of several who remove it at one moment the first does, and the others find it done.
    """
    _lock(work.session)
    theme, language, wording = synonym.theme, synonym.language, synonym.wording
    removed = sa.delete(ThemeSynonym).where(ThemeSynonym.id == synonym.id)
    if work.session.scalars(removed.returning(ThemeSynonym.id)).first() is None:
        return
    _raise_revision(work.session)
    audit.record(
        work, Action.SYNONYM_REMOVED, theme, code=theme.code, language=language, wording=wording
    )


def _refuse_taken_label(session: Session, label: str) -> None:
    taken = {folded(theme.label) for theme in queries.list_with_synonyms(session)}
    if folded(label) in taken:
        raise TakenError(_("There is a theme of this name already."))


def _lock(session: Session) -> None:
    """Let one change of themes come after the other: places and names are unique among all."""
    session.execute(sa.select(ThemesRevision).with_for_update())


def _raise_revision(session: Session) -> None:
    session.execute(sa.update(ThemesRevision).values(value=ThemesRevision.value + 1))
