"""The ranking as an estimator of scikit-learn, and scikit-learn's definitions beside ours."""

from dataclasses import asdict
from itertools import chain

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.metrics import ndcg_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils import estimator_checks as checks

from matcher import Settings
from matcher.experiments.estimator import ExpertRanker, split
from matcher.experiments.metrics import ndcg
from matcher.experiments.tuning.collection import read_collection
from matcher.passages import is_word
from matcher.store import Selection, entry_value


@pytest.fixture(scope="module")
def demo():
    return read_collection()


@pytest.fixture(scope="module")
def records(demo):
    """Experts and judged requests in one list, and the grades of the requests."""
    requests = demo.judged
    grades = [demo.judgments[request.id] for request in requests]
    return [*demo.experts, *requests], [*[None] * len(demo.experts), *grades]


def test_parameters_are_the_settings_by_name():
    assert ExpertRanker().get_params() == asdict(Settings())
    changed = clone(ExpertRanker().set_params(discount=0.25))
    assert changed.discount == 0.25
    with pytest.raises(ValueError, match="Invalid parameter 'weight'"):
        changed.set_params(weight=1)


def test_parameters_reach_the_ranking(demo):
    plain, other = ExpertRanker().fit(demo.experts), ExpertRanker(whole_share=0.1).fit(demo.experts)
    (one,), (two,) = (ranker.rank(demo.requests[:1]) for ranker in (plain, other))
    assert one.ranked[0].score != two.ranked[0].score


def test_nothing_is_ranked_before_a_roster_is_read(demo):
    with pytest.raises(NotFittedError):
        ExpertRanker().rank(demo.requests)


def test_scores_need_a_request_and_as_many_grades(demo):
    ranker = ExpertRanker().fit(demo.experts[:3])
    with pytest.raises(ValueError, match="no request"):
        ranker.score([], [])
    with pytest.raises(ValueError, match="zip"):
        ranker.score(demo.requests[:2], [{}])


@pytest.mark.thorough
def test_a_grid_search_finds_the_setting_that_ranks_the_demo_best(demo, records):
    """Every fold fits all experts and scores some requests; over folds of one size that is the mean
    over the requests."""
    experts, requests = len(demo.experts), len(demo.judged)
    weights = [Settings().concept_weight, 6.0]
    alone = {
        weight: ExpertRanker(concept_weight=weight)
        .fit(demo.experts)
        .score(records[0][experts:], records[1][experts:])
        for weight in weights
    }
    best = max(weights, key=alone.__getitem__)
    assert len(set(alone.values())) == 2
    search = GridSearchCV(
        ExpertRanker(),
        {"concept_weight": weights},
        cv=split(experts, requests, 2),
        refit=False,
        error_score="raise",
    )
    search.fit(*records)
    assert search.best_params_ == {"concept_weight": best}
    assert search.best_score_ == pytest.approx(alone[best], abs=1e-12)


def test_cross_validation_tests_each_request_once(demo, records):
    places = [tested.tolist() for _, tested in split(len(demo.experts), len(demo.judged), 3)]
    assert list(chain(*places)) == list(range(len(demo.experts), len(records[0])))
    scores = cross_val_score(
        ExpertRanker(), *records, cv=split(len(demo.experts), len(demo.judged), 3)
    )
    assert len(scores) == 3
    assert np.all((scores > 0.5) & (scores <= 1))


@pytest.mark.parametrize(
    "check",
    [
        checks.check_do_not_raise_errors_in_init_or_set_params,
        checks.check_estimator_cloneable,
        checks.check_estimator_repr,
        checks.check_get_params_invariance,
        checks.check_mixin_order,
        checks.check_no_attributes_set_in_init,
        checks.check_parameters_default_constructible,
        checks.check_set_params,
        checks.check_valid_tag_types,
    ],
    ids=lambda check: check.__name__,
)
def test_the_checks_of_scikit_learn_are_passed_that_fit_nothing(check):
    check(ExpertRanker.__name__, ExpertRanker())


def test_scikit_learn_has_no_other_check_for_estimators_of_records():
    """All others fit arrays of numbers, in which an estimator of records has nothing to read."""
    with pytest.warns(UserWarning, match="Can't test estimator ExpertRanker"):
        results = checks.check_estimator(ExpertRanker(), on_skip=None)
    assert {result["status"] for result in results} == {"passed"}


def test_ndcg_is_that_of_scikit_learn(demo):
    ranker = ExpertRanker().fit(demo.experts)
    ids = [expert.id for expert in demo.experts]
    compared = 0
    for request, result in zip(demo.judged, ranker.rank(demo.judged), strict=True):
        if len(result.ranked) < 10:
            continue  # Beyond the last of a ranking scikit-learn counts equals, and we nobody.
        ranking = [match.expert_id for match in result.ranked]
        grades = demo.judgments[request.id]
        scores = {match.expert_id: len(ids) - match.rank for match in result.ranked}
        theirs = ndcg_score(
            [[grades.get(expert_id, 0) for expert_id in ids]],
            [[scores.get(expert_id, 0) for expert_id in ids]],
            k=10,
        )
        assert ndcg(ranking, grades) == pytest.approx(theirs, abs=1e-12)
        compared += 1
    assert compared > 10


def test_counts_and_weights_are_those_of_scikit_learn(demo):
    """The counts of each entry are those of ``CountVectorizer`` with our analyzer, and count and
    rarity weigh as in ``TfidfTransformer``."""
    index = ExpertRanker().fit(demo.experts).index_
    snapshot = index.snapshot()
    entries = [
        [occurrence.term for occurrence in passage.occurrences]
        for expert in demo.experts
        for _, passage in index._analyzer.expert_passages(expert)
    ]
    vectorizer = CountVectorizer(analyzer=lambda terms: terms)
    counted = vectorizer.fit_transform(entries).tocsr()
    profiles = snapshot.select(expert.id for expert in demo.experts)
    assert isinstance(profiles, Selection)
    terms = {column: term for term, column in snapshot.columns.items()}
    ends = np.cumsum(profiles.lengths)
    for at, (first, last) in enumerate(zip([0, *ends], ends, strict=False)):
        ours = {
            terms[column]: count
            for column, count in zip(
                profiles.columns[first:last].tolist(),
                profiles.counts[first:last].tolist(),
                strict=True,
            )
        }
        row = counted[at]
        names = vectorizer.get_feature_names_out()[row.indices]
        assert ours == dict(zip(names, row.data.tolist(), strict=True))
    having = counted[np.flatnonzero(counted.getnnz(axis=1))]
    theirs = TfidfTransformer(norm=None, sublinear_tf=True, smooth_idf=True).fit(having)
    for term, column in vectorizer.vocabulary_.items():
        if is_word(term):
            assert snapshot.weight(term) == pytest.approx(theirs.idf_[column], abs=1e-12)
    rows, columns = having.nonzero()
    counts = having.toarray()[rows, columns]
    weighed = theirs.transform(having).toarray()[rows, columns]
    assert weighed == pytest.approx(entry_value(counts) * theirs.idf_[columns], abs=1e-12)
