"""What a roster covers, and where it is thin: for a head of unit, not for the ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matcher.analysis import Analyzer
from matcher.experiments.tuning.collection import Collection
from matcher.index import ExpertIndex
from matcher.passages import CONCEPT_MARK, concept_of
from matcher.records import Expert
from matcher.thesaurus import Thesaurus

KINDS: Final = ("theme", "summary", "training", "experience")
# A judge's grade from which somebody is clearly suitable.
SUITABLE: Final = 2


@dataclass(frozen=True)
class ThemeCoverage:
    """One theme: by kind of entry (:data:`KINDS`) how many experts name it there, and how many
    of those who claim it have no entry of another kind that does."""

    code: str
    label: str
    experts: Mapping[str, int]
    evidenced: int
    unproven: int


@dataclass(frozen=True)
class RequestReach:
    """One request: how many experts share a subject with it, how many of those no rule excludes,
    why the others are out, and the same of those whom a judge found clearly suitable."""

    request_id: str
    title: str
    needed: int
    bearing: int
    eligible: int
    suitable: int
    suitable_eligible: int
    reasons: Mapping[str, int]


def theme_coverage(experts: Sequence[Expert], thesaurus: Thesaurus) -> list[ThemeCoverage]:
    """For each theme of the thesaurus who claims it, and whose own words name one of its
    subjects."""
    analyzer = Analyzer(thesaurus)
    named: dict[str, dict[str, set[str]]] = {
        code: {kind: set() for kind in KINDS} for code in thesaurus.themes
    }
    for expert in experts:
        for kind, code in _named(expert, analyzer):
            named[code][kind].add(expert.id)
    found = []
    for code, kinds in named.items():
        proving = set().union(*(kinds[kind] for kind in KINDS if kind != "theme"))
        found.append(
            ThemeCoverage(
                code,
                thesaurus.themes[code].label,
                {kind: len(kinds[kind]) for kind in KINDS},
                len(proving),
                len(kinds["theme"] - proving),
            )
        )
    return found


def _named(expert: Expert, analyzer: Analyzer) -> Iterable[tuple[str, str]]:
    """Kind of entry and theme code, for each time that an entry names a theme."""
    thesaurus = analyzer.thesaurus
    for code in expert.themes:
        if code in thesaurus.themes:
            yield "theme", code
    for entry, passage in analyzer.expert_passages(expert):
        if entry.kind == "theme":
            continue
        for term in passage.by_term:
            concept = concept_of(term) if term.startswith(CONCEPT_MARK) else None
            for code in thesaurus.concepts[concept].themes if concept else ():
                yield entry.kind, code


def language_levels(experts: Iterable[Expert]) -> dict[str, Counter[str]]:
    """How many experts have each language at each level, most spoken first."""
    found: dict[str, Counter[str]] = {}
    for expert in experts:
        for language, level in (expert.languages or {}).items():
            found.setdefault(language, Counter())[level] += 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0])))


def jurisdictions(experts: Iterable[Expert]) -> Counter[str]:
    """How many experts each jurisdiction has; those who name none are under ``unknown``."""
    return Counter(expert.jurisdiction or "unknown" for expert in experts)


def request_reach(collection: Collection) -> list[RequestReach]:
    """How far the roster reaches for each judged request, in their order."""
    index = ExpertIndex(collection.experts)
    found = []
    for request in collection.judged:
        result = index.rank(request, 0)
        out = [r for r in result.ruled_out if r.score]
        suitable = {i for i, g in collection.judgments[request.id].items() if g >= SUITABLE}
        barred = suitable & {r.expert_id for r in result.ruled_out}
        found.append(
            RequestReach(
                request.id,
                request.title,
                request.experts_needed or 1,
                result.considered + len(out),
                result.considered,
                len(suitable),
                len(suitable - barred),
                Counter(reason.code for r in out for reason in r.reasons),
            )
        )
    return found
