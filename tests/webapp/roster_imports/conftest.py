"""Who imports tables, and an authority whose officials they can tell of."""

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from tests.pages import Pages
from tests.webapp.roster_imports.sending import Importer


@pytest.fixture
def importer(app: Flask, pages: Pages) -> Importer:
    """Return a coordinator who imports tables."""
    return Importer(app, pages)


@pytest.fixture
def house(app: Flask) -> int:
    """Return the number of an authority."""
    with writing(app) as session:
        number: int = factories.organisation(session, name="Fictional Border Police").id
    return number
