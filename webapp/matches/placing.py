"""How a ranking saw somebody, and of which sex those were whom it put first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.core.unit_of_work import UnitOfWork
from webapp.expertise_requests.models import ExpertiseRequest
from webapp.experts.models import Expert
from webapp.matches.models import FirstPlaces, OutOfTurn

# The places of a ranking that are told of as its first.
FIRST = 10


@dataclass(frozen=True)
class Placing:
    """How a ranking saw an expert at one moment; `first` are the experts in its first places."""

    score: float
    rank: int
    ranked_among: int
    roster_revision: int
    explanation: dict[str, Any]
    out_of_turn: OutOfTurn | None = None
    first: tuple[int, ...] = ()

    @property
    def evidence(self) -> dict[str, Any]:
        """Return what a match keeps: what is about this expert, and nobody beside them."""
        return {name: value for name, value in vars(self).items() if name != "first"}


def keep_first(work: UnitOfWork, request: ExpertiseRequest, first: Sequence[int]) -> None:
    """Keep how many women and men stand first, when somebody is first chosen for a request.

    `first` are the experts in the first places. Later choices change nothing: by then those chosen
    before them stand outside the ranking.
    """
    known = sa.select(FirstPlaces.id).where(FirstPlaces.request_id == request.id)
    if work.session.scalar(sa.select(known.exists())):
        return
    found = work.session.execute(
        sa.select(Expert.gender, sa.func.count())
        .where(Expert.id.in_(first))
        .group_by(Expert.gender)
    )
    work.session.add_all(
        FirstPlaces(request_id=request.id, gender=gender, number=number) for gender, number in found
    )
