"""The ranking as an estimator of scikit-learn, so that its own tools tune it: parameters by name,
``GridSearchCV``, ``cross_val_score``.

What is fitted and what is scored are different things here: experts, and requests. In one list of
both, with the grades of each request at its place and None at that of an expert, a split trains on
the places of the experts and tests on those of some requests::

    records, grades = [*experts, *requests], [*[None] * len(experts), *judgments]
    search = GridSearchCV(
        ExpertRanker(), {"whole_share": [0.0, 0.5]}, cv=split(len(experts), len(requests), 5),
        refit=False,
    )

scikit-learn is needed for measuring alone, so nothing that ranks imports this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.model_selection import KFold
from sklearn.utils.validation import check_is_fitted

from matcher.arrays import Counts
from matcher.experiments.metrics import ndcg
from matcher.index import ExpertIndex
from matcher.ranking import RankingResult
from matcher.records import Expert, Request
from matcher.settings import DEFAULTS, Settings

_DEPTH = 10


class ExpertRanker(BaseEstimator):  # type: ignore[misc]  # scikit-learn brings no types
    """Ranks the experts that it was fitted on; its parameters are those of
    :class:`matcher.settings.Settings`.

    ``index_`` is the fitted :class:`matcher.index.ExpertIndex`.
    """

    def __init__(
        self,
        *,
        discount: float = DEFAULTS.discount,
        whole_share: float = DEFAULTS.whole_share,
        pivot_slope: float = DEFAULTS.pivot_slope,
        concept_weight: float = DEFAULTS.concept_weight,
        family_weight: float = DEFAULTS.family_weight,
        sense_weight: float = DEFAULTS.sense_weight,
        claim_weight: float = DEFAULTS.claim_weight,
    ) -> None:
        self.discount = discount
        self.whole_share = whole_share
        self.pivot_slope = pivot_slope
        self.concept_weight = concept_weight
        self.family_weight = family_weight
        self.sense_weight = sense_weight
        self.claim_weight = claim_weight

    def fit(self, experts: Iterable[Expert], y: object = None) -> Self:  # noqa: ARG002
        """Read a roster; ``y`` is there for scikit-learn, and nothing is learned from it.

        Raises :class:`matcher.errors.RecordError` for an id that comes twice.
        """
        settings = Settings(**{field.name: getattr(self, field.name) for field in fields(Settings)})
        self.index_ = ExpertIndex(experts, settings=settings)
        return self

    def rank(self, requests: Iterable[Request], top: int = _DEPTH) -> list[RankingResult]:
        """Rank the roster for each request by subject alone, which is what judgments grade; 0
        ranks everybody. Raises ``NotFittedError`` before :meth:`fit`."""
        check_is_fitted(self)
        return [self.index_.rank(request, top, constraints=False) for request in requests]

    def score(self, requests: Sequence[Request], grades: Sequence[Mapping[str, int]]) -> float:
        """Mean nDCG@10 of the rankings for some requests, against the grades of experts by id for
        each; raises :class:`ValueError` for no request, or another number of grades."""
        if not len(requests):
            raise ValueError("there is no request to score")
        rankings = ([match.expert_id for match in result.ranked] for result in self.rank(requests))
        return float(np.mean([ndcg(*pair) for pair in zip(rankings, grades, strict=True)]))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        # Records are no rows of numbers.
        tags.input_tags.two_d_array = False
        tags.no_validation = True
        return tags


def split(experts: int, requests: int, folds: int) -> Iterator[tuple[Counts, Counts]]:
    """For each fold the places to fit on, those of all experts, and the places to score on, those
    of some of the requests that stand behind them; each request is in one fold."""
    for _, tested in KFold(folds).split(np.arange(requests)):
        yield np.arange(experts), experts + tested
