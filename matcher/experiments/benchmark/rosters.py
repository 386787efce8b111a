"""Synthetic rosters and requests, to measure with.

Everything is fictional and drawn from one seed: the same experts on every machine, and a smaller
roster is the beginning of a larger one. Profiles have about 250 words in six entries, which is
longer than those of the demo: an experience there has 9 words and often none but its title.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from matcher.experiments.benchmark.vocabulary import Vocabulary, vocabulary
from matcher.records import Experience, Expert, Period, Request
from matcher.thesaurus import Thesaurus

# Experts drawn together; drawing is vectorised over the words of one batch.
BATCH: Final = 1000
REQUEST_PIECES: Final = 36
_TITLE_PIECES: Final = 4
_SENTENCE: Final = 12
_FIRST_DAY: Final = datetime.date(2027, 1, 1)
_YEAR: Final = 365

_JURISDICTIONS: Final = ("ALB", "ARM", "BIH", "GEO", "MDA", "MKD", "MNE", "SRB", "UKR", "XKX")
_OTHER_LANGUAGES: Final = ("fr", "ru", "de", "sq", "ro", "sr", "mk", "uk")
_LEVELS: Final = ("A2", "B1", "B2", "C1", "C2")
_LEVELS_OF_ENGLISH: Final = ("A2", "B1", "B1", "B2", "B2", "B2", "B2", "C1", "C1", "C2")
# How many themes an expert declares, and the share of experts who declare so many, up to it.
_THEME_COUNTS: Final = (0, 1, 2, 3, 6)
_THEME_ENDS: Final = (0.30, 0.73, 0.93, 0.97)
# Pieces of summary, experience and training at least, and how many more there may be.
_SUMMARY: Final = (50, 40)
_EXPERIENCE: Final = (25, 32)
_TRAINING: Final = (3, 6)


class _Shape(NamedTuple):
    """How long the parts of each expert of one batch are, in pieces."""

    summary: list[int]
    experiences: list[list[int]]
    trainings: list[list[int]]


def roster(number: int, seed: int, thesaurus: Thesaurus) -> Iterator[Expert]:
    """The first ``number`` experts of the roster of a seed, themes from the thesaurus given."""
    words = vocabulary(thesaurus)
    codes = sorted(thesaurus.themes)
    for first in range(0, number, BATCH):
        rng = np.random.default_rng([seed, 1, first])
        yield from _batch(rng, words, codes, first)[: number - first]


def requests(number: int, seed: int, thesaurus: Thesaurus) -> list[Request]:
    """``number`` different requests of some 40 words, each with dates, a language and excluded
    jurisdictions."""
    words = vocabulary(thesaurus)
    rng = np.random.default_rng([seed, 2])
    return [_request(rng, words, at) for at in range(number)]


def _batch(
    rng: np.random.Generator, words: Vocabulary, codes: list[str], first: int
) -> list[Expert]:
    shape = _shape(rng)
    lengths = [
        *shape.summary,
        *(n for row in shape.experiences for n in row),
        *(n for row in shape.trainings for n in row),
    ]
    pieces = iter(words.draw(rng, sum(lengths)))
    chances = rng.random((BATCH, 16)).tolist()
    return [
        Expert(
            id=f"S{first + at:07d}",
            name=f"Fictional expert {first + at}",
            headline=_take(pieces, _TITLE_PIECES),
            summary=_sentences(pieces, shape.summary[at] - _TITLE_PIECES),
            experience=tuple(_experience(pieces, length) for length in shape.experiences[at]),
            training=tuple(_take(pieces, length) for length in shape.trainings[at]),
            themes=_themes(rng, codes, chances[at][0]),
            **_terms_of_service(chances[at]),
        )
        for at in range(BATCH)
    ]


def _shape(rng: np.random.Generator) -> _Shape:
    experiences = rng.integers(2, 6, BATCH)
    trainings = rng.integers(0, 2, BATCH)
    summary = rng.integers(_SUMMARY[0], sum(_SUMMARY) + 1, BATCH)
    return _Shape(
        summary.tolist(),
        [rng.integers(_EXPERIENCE[0], sum(_EXPERIENCE) + 1, n).tolist() for n in experiences],
        [rng.integers(_TRAINING[0], sum(_TRAINING) + 1, n).tolist() for n in trainings],
    )


def _take(pieces: Iterator[str], number: int) -> str:
    return " ".join(next(pieces) for _ in range(number)).capitalize()


def _sentences(pieces: Iterator[str], number: int) -> str:
    lengths = [min(_SENTENCE, number - done) for done in range(0, number, _SENTENCE)]
    return " ".join(f"{_take(pieces, length)}." for length in lengths)


def _experience(pieces: Iterator[str], length: int) -> Experience:
    return Experience(_take(pieces, _TITLE_PIECES), _sentences(pieces, length - _TITLE_PIECES))


def _themes(rng: np.random.Generator, codes: list[str], chance: float) -> tuple[str, ...]:
    wanted = _THEME_COUNTS[int(np.searchsorted(_THEME_ENDS, chance, side="right"))]
    if not codes:
        return ()
    return tuple(dict.fromkeys(codes[at] for at in rng.integers(0, len(codes), wanted).tolist()))


def _terms_of_service(chances: list[float]) -> dict[str, Any]:
    """Languages, dates and jurisdictions of an expert from numbers in [0, 1)."""
    days = [round(_YEAR * chance) for chance in chances[1:4]]
    return {
        "languages": {
            "en": _pick(_LEVELS_OF_ENGLISH, chances[4]),
            _pick(_OTHER_LANGUAGES, chances[5]): _pick(_LEVELS, chances[6]),
        },
        "jurisdiction": _pick(_JURISDICTIONS, chances[7]),
        "unavailable": (_period(days[0], 10),) if chances[8] < 0.45 else (),
        "booked": (_period(days[1], 12),) if chances[9] < 0.1 else (),
        "max_days": 5 + int(20 * chances[10]),
        "excluded_jurisdictions": (_pick(_JURISDICTIONS, chances[11]),)
        if chances[12] < 0.1
        else (),
        "approved_until": _FIRST_DAY + datetime.timedelta(days[2]) if chances[13] < 0.1 else None,
    }


def _pick(among: tuple[str, ...], chance: float) -> str:
    return among[int(chance * len(among))]


def _period(first: int, days: int) -> Period:
    start = _FIRST_DAY + datetime.timedelta(first)
    return Period(start, start + datetime.timedelta(days - 1))


def _request(rng: np.random.Generator, words: Vocabulary, at: int) -> Request:
    pieces = iter(words.draw(rng, REQUEST_PIECES))
    chances = rng.random(6).tolist()
    # Most requests ask for English, and some for a language that few experts have.
    language, level = ("en", "B1") if chances[0] < 0.9 else ("fr", "A2")
    period = _period(round(_YEAR * chances[1]), 3 + int(6 * chances[2]))
    return Request(
        id=f"Q{at:05d}",
        title=_take(pieces, _TITLE_PIECES),
        description=_sentences(pieces, REQUEST_PIECES - _TITLE_PIECES),
        jurisdiction=_pick(_JURISDICTIONS, chances[3]),
        required_languages={language: level},
        excluded_jurisdictions=(_pick(_JURISDICTIONS, chances[4]),),
        start=period.start,
        end=period.end,
    )
