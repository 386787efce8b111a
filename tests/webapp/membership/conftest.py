"""Who stands in the tests of accounts and of the ways in."""

import pytest
from flask import Flask

from tests import factories
from tests.databases import writing
from webapp.accounts.models import Account
from webapp.core.roles import Role


@pytest.fixture
def coordinator(app: Flask) -> Account:
    """Return a coordinator who is not of the demo and has agreed to the notice."""
    with writing(app) as session:
        made = factories.account(session, Role.COORDINATOR, email="vesna@example.org", demo=False)
        factories.consent(session, made)
        return made
