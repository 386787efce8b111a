"""Named selects of themes."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.core.errors import NotFoundError
from webapp.core.words.translation import _, translated
from webapp.themes.models import Theme, ThemesRevision, ThemeSynonym


def list_themes(session: Session) -> Sequence[Theme]:
    """Return all themes that are offered, in the order in which lists show them."""
    return session.scalars(sa.select(Theme).where(~Theme.retired).order_by(Theme.position)).all()


_CHOICES = sa.select(Theme.code, Theme.label, Theme.area, Theme.retired).order_by(Theme.position)


def list_choices(session: Session, used: Collection[str] = ()) -> list[tuple[str, str, str]]:
    """Return codes with labels and areas, in the current language, for a list of a form.

    A retired theme is offered only where it is `used` already.
    """
    rows = session.execute(_CHOICES)
    return [
        (code, translated(label), translated(area))
        for code, label, area, retired in rows
        if not retired or code in used
    ]


def list_all_choices(session: Session) -> list[tuple[str, str, str]]:
    """Return what filters offer: retired themes too, because people still have them."""
    rows = session.execute(_CHOICES)
    return [(code, translated(label), translated(area)) for code, label, area, _retired in rows]


def list_with_synonyms(session: Session) -> Sequence[Theme]:
    """Return all themes, retired ones too, with their synonyms."""
    return session.scalars(
        sa.select(Theme).options(selectinload(Theme.synonyms)).order_by(Theme.position)
    ).all()


def get(session: Session, code: str) -> Theme:
    """Return a theme for an administrator."""
    theme = session.get(Theme, code)
    if theme is None:
        raise NotFoundError(_("There is no such theme."))
    return theme


def get_synonym(session: Session, synonym_id: int) -> ThemeSynonym:
    """Return a synonym for an administrator."""
    synonym = session.get(ThemeSynonym, synonym_id)
    if synonym is None:
        raise NotFoundError(_("There is no such synonym."))
    return synonym


def find_synonym(session: Session, language: str, folded: str) -> ThemeSynonym | None:
    """Return the synonym that reads the same in this language, if there is one."""
    return session.scalars(
        sa.select(ThemeSynonym).where(
            ThemeSynonym.language == language, ThemeSynonym.folded == folded
        )
    ).one_or_none()


def get_revision(session: Session) -> int:
    """Return the number of the last change of labels or synonyms."""
    return session.scalars(sa.select(ThemesRevision.value)).one()
