"""What must hold of the settings in a sound database."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from webapp.core.words.translation import gettext
from webapp.platform_settings.models import PlatformSettings


def settings_are_there(session: Session) -> Iterator[str]:
    """Find a database without its settings."""
    if session.get(PlatformSettings, 1) is None:
        yield gettext("the settings of the platform are missing")
