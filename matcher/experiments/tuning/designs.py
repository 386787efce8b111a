"""The ranking with single mechanisms left out, put in one after the other, or tried beside it.

Where no setting switches a mechanism off, the experiment reads the records otherwise, by an
analyzer of its own: the product needs no switch that only experiments would use.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from matcher.analysis import Analyzer
from matcher.experiments.metrics import Estimate, Run, estimate
from matcher.experiments.tuning.collection import Collection
from matcher.index import ExpertIndex
from matcher.language import Speller
from matcher.passages import Passage
from matcher.records import Entry, Expert, Request
from matcher.settings import DEFAULTS
from matcher.thesaurus import Thesaurus, build_thesaurus, default_thesaurus

Ranker = Callable[[Sequence[Expert], Sequence[Request]], Run]


def themes_only() -> Thesaurus:
    """The labels of the theme codes without any concept: what is claimed can still be read."""
    return build_thesaurus((), (), default_thesaurus().themes.values())


def concepts_only() -> Thesaurus:
    """The thesaurus without the senses of everyday words."""
    whole = default_thesaurus()
    return build_thesaurus(whole.concepts.values(), whole.acronyms, whole.themes.values())


@dataclass(frozen=True)
class AsWritten(Analyzer):
    """Reads requests without looking for misspelt words."""

    def request_passages(self, request: Request, speller: Speller | None = None) -> list[Passage]:
        """As :meth:`Analyzer.request_passages` without a speller."""
        del speller
        return super().request_passages(request)


@dataclass(frozen=True)
class ByKind(Analyzer):
    """Weighs entries by their kind; ``kinds`` has factors for weights, ``diluted`` says whether the
    claims of one expert take from each other."""

    kinds: Mapping[str, float] = field(default_factory=dict)
    diluted: bool = True

    def expert_entries(self, expert: Expert) -> list[Entry]:
        """As :meth:`Analyzer.expert_entries`, weighed otherwise."""
        entries = super().expert_entries(expert)
        claims = max(1, sum(entry.kind == "theme" for entry in entries))
        return [
            entry._replace(
                weight=entry.weight
                * self.kinds.get(entry.kind, 1.0)
                * (1.0 if self.diluted or entry.kind != "theme" else math.sqrt(claims)),
            )
            for entry in entries
        ]


@dataclass(frozen=True)
class Plain(AsWritten, ByKind):
    """Misspelt words as written, and entries weighed by their kind."""


@dataclass(frozen=True)
class FirstThemes(Analyzer):
    """Counts the label of the first theme code of a request several times, and later ones less.

    ``times[i]`` is how often the label of the i-th code is read, the last of them for all later
    codes.
    """

    times: tuple[int, ...] = (1,)

    def request_passages(self, request: Request, speller: Speller | None = None) -> list[Passage]:
        """As :meth:`Analyzer.request_passages`, labels repeated."""
        passages = super().request_passages(request, speller)
        labels = sum(code in self.thesaurus.themes for code in request.themes)
        own, themes = passages[: len(passages) - labels], passages[len(passages) - labels :]
        for place, passage in enumerate(themes):
            own += [passage] * self.times[min(place, len(self.times) - 1)]
        return own


@dataclass(frozen=True)
class TitleTwice(Analyzer):
    """Counts the title of a request several times."""

    times: int = 2

    def request_passages(self, request: Request, speller: Speller | None = None) -> list[Passage]:
        """As :meth:`Analyzer.request_passages`, the title repeated."""
        passages = super().request_passages(request, speller)
        return [*passages[:1] * (self.times if request.title else 1), *passages[1:]]


def ranker(analyzer: Analyzer) -> Ranker:
    """Rank everybody by subject with an analyzer and its settings."""

    def run(experts: Sequence[Expert], requests: Sequence[Request]) -> Run:
        index = ExpertIndex(experts, analyzer=analyzer)
        return {
            request.id: [
                match.expert_id for match in index.rank(request, 0, constraints=False).ranked
            ]
            for request in requests
        }

    return run


def textbook(experts: Sequence[Expert], requests: Sequence[Request]) -> Run:
    """One text per profile, ``TfidfVectorizer()``, cosine; who shares no word is not ranked.

    The texts are those that the matcher reads, labels of themes included.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    analyzer = Analyzer(themes_only())
    vectorizer = TfidfVectorizer()
    profiles = vectorizer.fit_transform(
        "\n".join(entry.text for entry in analyzer.expert_entries(expert)) for expert in experts
    )
    asked = vectorizer.transform(
        "\n".join(passage.text for passage in analyzer.request_passages(request))
        for request in requests
    )
    cosines = (asked @ profiles.T).toarray()
    ids = [expert.id for expert in experts]
    return {
        request.id: [
            expert_id
            for score, expert_id in sorted(zip(-row, ids, strict=True), key=lambda pair: pair[0])
            if score < 0
        ]
        for request, row in zip(requests, cosines, strict=True)
    }


FULL: Final = "as it ranks"
TEXTBOOK: Final = "the textbook way"
_LIKE_EVIDENCE: Final = {"theme": 1 / DEFAULTS.claim_weight}


def without_one() -> dict[str, Ranker]:
    """The full design, each mechanism left out by itself, and the textbook way."""
    thesaurus = default_thesaurus()

    def changed(**values: float) -> Ranker:
        return ranker(Analyzer(thesaurus, replace(DEFAULTS, **values)))

    return {
        FULL: ranker(Analyzer(thesaurus)),
        "no thesaurus": ranker(Analyzer(themes_only())),
        "no everyday words": ranker(Analyzer(concepts_only())),
        "no broad subjects": changed(family_weight=0.0),
        "claims like evidence": ranker(ByKind(thesaurus, DEFAULTS, _LIKE_EVIDENCE, diluted=False)),
        "misspelt words as written": ranker(AsWritten(thesaurus)),
        "best entries only": changed(whole_share=0.0),
        "whole profile only": changed(whole_share=1.0),
        "own length only (slope 1)": changed(pivot_slope=1.0),
        "mean length only (slope 0)": changed(pivot_slope=0.0),
        "best entry alone counts": changed(discount=0.0),
        TEXTBOOK: textbook,
    }


def one_after_another() -> dict[str, Ranker]:
    """From the textbook way to the full design, one mechanism more at each step."""
    concepts = concepts_only()
    entries = replace(DEFAULTS, whole_share=0.0, family_weight=0.0)

    def plain(words: Thesaurus) -> Ranker:
        return ranker(Plain(words, entries, _LIKE_EVIDENCE, diluted=False))

    return {
        TEXTBOOK: textbook,
        "one vector per entry": plain(themes_only()),
        "+ thesaurus": plain(concepts),
        "+ claims below evidence": ranker(AsWritten(concepts, entries)),
        "+ misspelt words read": ranker(Analyzer(concepts, entries)),
        "+ broad subjects": ranker(Analyzer(concepts, replace(DEFAULTS, whole_share=0.0))),
        "+ whole profile": ranker(Analyzer(concepts)),
        "+ everyday words: as it ranks": ranker(Analyzer(default_thesaurus())),
    }


def tried() -> dict[str, Ranker]:
    """What is not in the design: kinds of evidence, first themes and titles that count more."""
    thesaurus = default_thesaurus()
    kinds: dict[str, dict[str, float]] = {
        "training .8, summary .9": {"training": 0.8, "summary": 0.9},
        "training .6, summary .8": {"training": 0.6, "summary": 0.8},
        "summary .8": {"summary": 0.8},
        "training .8": {"training": 0.8},
        "training 1.2": {"training": 1.2},
    }
    themes: dict[str, tuple[int, ...]] = {
        "first theme twice": (2, 1),
        "first theme three times, second twice": (3, 2, 1),
        "first theme only": (1, 0),
    }
    return {
        FULL: ranker(Analyzer(thesaurus)),
        **{name: ranker(ByKind(thesaurus, kinds=kind)) for name, kind in kinds.items()},
        **{name: ranker(FirstThemes(thesaurus, times=times)) for name, times in themes.items()},
        "title twice": ranker(TitleTwice(thesaurus)),
    }


@dataclass(frozen=True)
class Measured:
    """One design on one collection: ``values`` per judged request, their mean, and the paired gain
    over the design that it is compared with."""

    values: Sequence[float]
    mean: Estimate
    gain: Estimate


def measure(
    collection: Collection, rankers: Mapping[str, Ranker], against: str = FULL
) -> dict[str, Measured]:
    """nDCG@10 of several designs, each compared request by request with one of them."""
    values = {
        name: collection.measured(run(collection.experts, collection.judged))
        for name, run in rankers.items()
    }
    return {
        name: Measured(
            found,
            estimate(found),
            estimate([a - b for a, b in zip(found, values[against], strict=True)]),
        )
        for name, found in values.items()
    }
