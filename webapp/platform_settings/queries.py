"""Named selects of settings."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.platform_settings.models import PlatformSettings


def get_settings(session: Session) -> PlatformSettings:
    """Return the settings of this installation."""
    return session.get_one(PlatformSettings, 1)


def get_contact_address(session: Session) -> str:
    """Return the address at which people reach SEESAC, or nothing where none is set."""
    return get_settings(session).contact_address


def is_demonstration(session: Session) -> bool:
    """Tell whether the people and things in this database are those of the demo."""
    return bool(session.scalar(sa.select(PlatformSettings.demonstration)))
