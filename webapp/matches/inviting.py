"""Several experts invited at once: each by itself invited, or refused in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.core.db import lock
from webapp.core.errors import ConflictError, DoneSinceError, ForbiddenError
from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.matches import candidates
from webapp.matches.models import Match
from webapp.matches.operations import take
from webapp.matches.workflow import MatchStep


@dataclass(frozen=True)
class Invited:
    """Who was invited, and why others were not."""

    matches: list[Match] = field(default_factory=list)
    refused: list[tuple[Match, str]] = field(default_factory=list)


def invite(work: UnitOfWork, request: ExpertiseRequest, matches: Sequence[Match]) -> Invited:
    """Invite the experts of some matches of a request.

    A step refuses before it changes anything, so that one who cannot be invited, perhaps because a
    colleague has just done it, keeps nobody else from it. If a colleague has invited one and taken
    that back since the page was drawn, nobody is; raises DoneSinceError. Raises ForbiddenError for
    who is considered for the request as well.
    """
    # The request first, then all experts in one order, as whoever else locks several of them.
    lock(work.session, request)
    lock(work.session, *sorted((match.expert for match in matches), key=lambda one: one.id))
    if candidates.is_considered(work.session, work.actor, request.id):
        raise ForbiddenError(candidates.CONSIDERED)
    found = Invited()
    for match in matches:
        try:
            take(work, match, MatchStep.INVITE)
        except DoneSinceError:
            raise
        except (ConflictError, ForbiddenError) as error:
            found.refused.append((match, str(error)))
        else:
            found.matches.append(match)
    return found
