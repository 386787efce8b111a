"""Named selects of themes."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.themes.models import Theme


def in_order(session: Session) -> Sequence[Theme]:
    """Return all themes in the order in which lists show them."""
    return session.scalars(sa.select(Theme).order_by(Theme.position)).all()


def choices(session: Session) -> list[tuple[str, str, str]]:
    """Return codes with labels and areas for a list of a form."""
    return [(theme.code, theme.label, theme.area) for theme in in_order(session)]
