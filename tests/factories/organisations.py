"""Organisations for tests."""

from sqlalchemy.orm import Session

from tests.factories.people import next_number, work
from webapp.organisations import operations
from webapp.organisations.models import Organisation, OrganisationKind


def organisation(session: Session, name: str = "", jurisdiction: str = "KGZ") -> Organisation:
    """Make a ministry without members."""
    about = operations.About(
        name or f"Fictional Ministry {next_number()}", OrganisationKind.MINISTRY, jurisdiction
    )
    return operations.create(work(session), about)
