"""Returning a request for correction, with comments at the fields that need work."""

from collections.abc import Mapping

from webapp.core.record.reasons import Grounds
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests import field_comments, operations
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.expertise_requests.operations import Seen
from webapp.expertise_requests.workflow import RequestStep


def give_back(
    work: UnitOfWork,
    request: ExpertiseRequest,
    why: Grounds,
    comments: Mapping[str, str],
    seen: Seen,
) -> None:
    """Return a request for what it says as a whole, and for what it says in single fields."""
    operations.take(work, request, RequestStep.RETURN, why, seen)
    field_comments.add(work, request, comments)
