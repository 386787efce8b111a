"""Does gender change a ranking? Rosters and requests written in the feminine and in the masculine.

``data/gender/rosters.tsv`` holds for each language ten profiles and six requests, with
``{feminine|masculine}`` wherever a form shows the gender. The same words turn the texts of a
collection: each masculine one is written in the feminine there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Final

from matcher.experiments.metrics import Run, rank_biased_overlap
from matcher.experiments.tuning.collection import Collection
from matcher.index import ExpertIndex
from matcher.language import LANGUAGES, guess_language
from matcher.records import Expert, Request

ROSTERS: Final = Path(__file__).resolve().parents[3] / "data" / "gender" / "rosters.tsv"
_BOTH: Final = re.compile(r"\{([^|{}]*)\|([^|{}]*)\}")
_WORD: Final = re.compile(r"[^\W\d_]+")

# Experts and requests, each text of both kinds in one gender.
Texts = tuple[Sequence[str], Sequence[str]]


def rosters(path: Path = ROSTERS) -> dict[str, tuple[Texts, Texts]]:
    """For each language the texts in the feminine and the same in the masculine."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return {
        language: (_in_gender(rows, language, r"\1"), _in_gender(rows, language, r"\2"))
        for language in LANGUAGES
    }


def _in_gender(rows: Sequence[Sequence[str]], language: str, gender: str) -> Texts:
    def of(kind: str) -> list[str]:
        return [text for la, what, text in rows if (la, what) == (language, kind)]

    asked = [*of("request"), *_for_titles(of("expert"))]
    return [_BOTH.sub(gender, text) for text in of("expert")], [
        _BOTH.sub(gender, text) for text in asked
    ]


def _for_titles(experts: Sequence[str]) -> list[str]:
    """For each profile a request that begins as it does and names the titles of the next two, so
    that several people are asked for by what shows their gender."""
    titles = [_BOTH.search(text) for text in experts]
    found = [title.group() for title in titles if title is not None]
    return [f"{text}, {', '.join((found * 2)[at + 1 : at + 3])}" for at, text in enumerate(experts)]


def agreement(feminine: Texts, masculine: Texts) -> float:
    """The mean rank-biased overlap, over all requests, of rankings with the one in which everybody
    is written in the masculine.

    Compared are requests in either gender on rosters of women, of men, and of both by turns: a word
    that tells women and men apart moves all alike where there are only women.
    """
    women, men = feminine[0], masculine[0]
    mixed = [women[place] if place % 2 else man for place, man in enumerate(men)]
    other = [man if place % 2 else women[place] for place, man in enumerate(men)]
    others = [
        _rankings(experts, requests)
        for experts, requests in product((women, men, mixed, other), (feminine[1], masculine[1]))
    ]
    return overlap_of(_rankings(men, masculine[1]), others)


def overlap_of(reference: Run, others: Sequence[Run]) -> float:
    """The mean rank-biased overlap of some runs with one, over runs and requests."""
    found = [
        rank_biased_overlap(ranking, other[request_id])
        for other in others
        for request_id, ranking in reference.items()
    ]
    return sum(found) / len(found)


def _rankings(experts: Sequence[str], requests: Sequence[str]) -> dict[str, list[str]]:
    index = ExpertIndex(Expert(f"e{n}", summary=text) for n, text in enumerate(experts))
    asked = [Request(f"r{n}", description=text) for n, text in enumerate(requests)]
    return ranked(index, asked)


def ranked(index: ExpertIndex, requests: Sequence[Request]) -> dict[str, list[str]]:
    """The ids of all who are ranked for each request, best first."""
    return {
        request.id: [match.expert_id for match in index.rank(request, top=0).ranked]
        for request in requests
    }


def turned(collection: Collection) -> Collection:
    """A collection whose masculine words, as far as the rosters here have them, are feminine."""
    feminine = _feminine_words()

    def turn(text: str) -> str:
        words = feminine[guess_language(text)]
        return _WORD.sub(lambda found: words.get(found.group(), found.group()), text)

    return replace(
        collection,
        experts=[_turned_expert(expert, turn) for expert in collection.experts],
        requests=[
            replace(request, title=turn(request.title), description=turn(request.description))
            for request in collection.requests
        ],
    )


def _turned_expert(expert: Expert, turn: Callable[[str], str]) -> Expert:
    experience = tuple(
        replace(entry, title=turn(entry.title), description=turn(entry.description))
        for entry in expert.experience
    )
    return replace(
        expert,
        headline=turn(expert.headline),
        summary=turn(expert.summary),
        training=tuple(turn(text) for text in expert.training),
        experience=experience,
    )


def _feminine_words() -> Mapping[str, Mapping[str, str]]:
    words: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for line in ROSTERS.read_text(encoding="utf-8").splitlines()[1:]:
        language, _, text = line.split("\t")
        for feminine, masculine in _BOTH.findall(text):
            words[language][masculine] = feminine
            words[language][masculine.lower()] = feminine.lower()
    return words
