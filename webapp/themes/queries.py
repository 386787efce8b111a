"""Named selects of themes."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.core.translation import translated
from webapp.themes.models import Theme


def list_themes(session: Session) -> Sequence[Theme]:
    """Return all themes in the order in which lists show them."""
    return session.scalars(sa.select(Theme).order_by(Theme.position)).all()


def list_choices(session: Session) -> list[tuple[str, str, str]]:
    """Return codes with labels and areas, in the current language, for a list of a form."""
    return [
        (theme.code, translated(theme.label), translated(theme.area))
        for theme in list_themes(session)
    ]
