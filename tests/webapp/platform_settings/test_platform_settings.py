"""The settings of the platform."""

import sqlalchemy as sa
from flask import Flask

from tests.databases import reading, writing
from webapp.core import invariants
from webapp.platform_settings.models import PlatformSettings
from webapp.platform_settings.queries import get_settings


def test_a_new_installation_has_the_usual_settings(app: Flask) -> None:
    with reading(app) as session:
        settings = get_settings(session)
        assert not settings.four_eyes
        assert not settings.accounts_on_request
        assert settings.reply_by_days == 7


def test_settings_that_are_missing_are_told(app: Flask) -> None:
    with writing(app) as session:
        session.execute(sa.delete(PlatformSettings))
    with reading(app) as session:
        assert invariants.run(session) == ["the settings of the platform are missing"]
