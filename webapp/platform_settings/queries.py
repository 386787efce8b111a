"""Named selects of settings."""

from sqlalchemy.orm import Session

from webapp.platform_settings.models import PlatformSettings


def get_settings(session: Session) -> PlatformSettings:
    """Return the settings of this installation."""
    return session.get_one(PlatformSettings, 1)
