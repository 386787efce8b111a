"""What must be true of terms of reference and their changes in every sound database."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from webapp.amendments import rules
from webapp.amendments.models import Amendment
from webapp.amendments.workflow import OPEN
from webapp.expertise_requests import rules as requests
from webapp.expertise_requests.content import get_content
from webapp.expertise_requests.models import ExpertiseRequest, TermsOfReference

# Requests have all their texts and lists: a hundred thousand together would take gigabytes.
AT_ONCE = 500


def requests_say_what_was_agreed(session: Session) -> Iterator[str]:
    """A request whose terms of reference were accepted says what the last version of them says."""
    rows = session.execute(
        sa.select(ExpertiseRequest, TermsOfReference)
        .join(
            TermsOfReference,
            (TermsOfReference.request_id == ExpertiseRequest.id)
            & (TermsOfReference.version == ExpertiseRequest.tor_version),
        )
        .where(ExpertiseRequest.state.in_(requests.AGREED))
        .options(
            selectinload(ExpertiseRequest.themes),
            selectinload(ExpertiseRequest.languages),
            selectinload(ExpertiseRequest.excluded),
        )
        .order_by(ExpertiseRequest.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for request, terms in rows:
        said = json.loads(json.dumps(get_content(request).as_json()))
        # Earlier versions do not have the fields that requests were given later.
        for name in sorted(name for name in terms.content if said.get(name) != terms.content[name]):
            yield f"request {request.id} says in {name} what version {terms.version} does not say"


def changes_wait_for_somebody(session: Session) -> Iterator[str]:
    """A change that waits for an answer is one of a request whose terms may still change, and of
    their last version."""
    waiting = session.scalars(
        sa.select(Amendment)
        .where(Amendment.state.in_(OPEN))
        .options(selectinload(Amendment.request))
        .order_by(Amendment.id)
    )
    for amendment in waiting:
        request = amendment.request
        if request.state not in rules.CHANGEABLE:
            yield f"change {amendment.id} waits, and its request is “{request.state}”"
        if amendment.from_version != request.tor_version:
            yield f"change {amendment.id} waits, and is of version {amendment.from_version}"
