"""Rows for tests: plain functions that take a session and make valid things.

    with writing(app) as session:
        request = factories.request(session, RequestState.SUBMITTED)
        match = factories.match(session, MatchState.PROPOSED, request=request)

Each makes what it needs and was not given, calls the platform's own operations to reach a state
(so that audit events, booked days and deployments are there as in real use), and flushes. Nobody
and nothing in them exists: addresses end in example.org.
"""

from tests.factories.checklists import settle
from tests.factories.matching import PLACING, match
from tests.factories.missions import ANSWERS, report, returned_mission, returned_team
from tests.factories.organisations import organisation
from tests.factories.people import (
    PASSWORD,
    account,
    account_request,
    actor,
    consent,
    person_name,
    work,
)
from tests.factories.requests import content, grounds, request
from tests.factories.roster import FOR_YEARS, expert, make_official
from tests.factories.world import World, world

__all__ = [
    "ANSWERS",
    "FOR_YEARS",
    "PASSWORD",
    "PLACING",
    "World",
    "account",
    "account_request",
    "actor",
    "consent",
    "content",
    "expert",
    "grounds",
    "make_official",
    "match",
    "organisation",
    "person_name",
    "report",
    "request",
    "returned_mission",
    "returned_team",
    "settle",
    "work",
    "world",
]
