"""A ranking read without knowing who is who: labels instead of names until somebody is chosen.

What is known of a person is hidden in what they have written, too: their name, institution, unit
and home. It is hidden by as many marks as it has letters, because explanations say by numbers which
words of a sentence were shared. What nobody has told the platform, such as a nickname or the
feminine form of a verb, cannot be hidden; the page says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from webapp.core.words.language import in_language
from webapp.core.words.translation import Message, _
from webapp.core.words.vocabularies import jurisdiction_name
from webapp.experts.models import Expert
from webapp.matches.ranking.last_look import Gone
from webapp.matches.ranking.rankings import OUTSIDE_PER_PAGE, Candidate, Ranking

HIDDEN = "█"
# Shorter words of a name are particles, and would hide half of a sentence.
_WORD_OF_NAME, _WORD_OF_PLACE = 3, 6
# Of an explanation, what quotes the profile; the rest is in the words of request and thesaurus.
_QUOTED = frozenset({"title", "text", "sentence", "found"})


@dataclass(frozen=True)
class Disguise:
    """What stands for an expert who is not to be known, and hides what tells who it is."""

    expert: Expert
    label: Message

    def hide(self, text: object) -> str:
        """Return a text in which marks stand for what tells who the expert is."""
        return self._telling.sub(lambda found: HIDDEN * len(found[0]), str(text))

    def hide_in_all(self, sentences: Iterable[object]) -> list[str]:
        """Return sentences in which that is hidden."""
        return [self.hide(sentence) for sentence in sentences]

    def hide_in_explanation(self, explanation: dict[str, Any]) -> dict[str, Any]:
        """Return an explanation that quotes the profile with that hidden."""
        told = {
            part: [_quote(row, self) for row in explanation.get(part, [])]
            for part in ("entries", "terms", "besides")
        }
        return explanation | told

    @cached_property
    def _telling(self) -> re.Pattern[str]:
        expert = self.expert
        phrases = (expert.institution, expert.unit, expert.entity)
        parts = [re.escape(phrase) for phrase in phrases if phrase]
        # Names are declined in the languages of the region, and peoples are called after places.
        parts += [rf"{re.escape(word)}\w{{0,3}}" for word in _words(expert.name, _WORD_OF_NAME)]
        parts += [rf"{re.escape(word[:-1])}\w*" for word in _home_words(expert)]
        parts.sort(key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(parts) or '(?!)'})(?!\w)", re.IGNORECASE)


def _words(text: str, at_least: int) -> list[str]:
    return [word for word in re.findall(r"\w+", text) if len(word) >= at_least]


def _home_words(expert: Expert) -> set[str]:
    """Return the words of the home jurisdiction's name, in the reader's language and in English."""
    if expert.jurisdiction is None:
        return set()
    names = [jurisdiction_name(expert.jurisdiction)]
    with in_language("en"):
        names.append(jurisdiction_name(expert.jurisdiction))
    return {word for name in names for word in _words(name, _WORD_OF_PLACE)}


def disguise(ranking: Ranking, known: Collection[int]) -> dict[int, Disguise]:
    """Return, by expert, what stands for those of a page of a ranking who are not `known`."""
    found = {
        one.expert.id: Disguise(one.expert, _("Expert at place %(rank)s", rank=one.rank))
        for one in ranking.candidates
    }
    for page, label in (
        (ranking.ruled_out, _("Expert %(number)s of those ruled out")),
        (ranking.nothing_to_go_on, _("Expert %(number)s of those with nothing to go on")),
    ):
        first = (page.number - 1) * OUTSIDE_PER_PAGE
        for number, row in enumerate(page.items, first + 1):
            found[row.expert.id] = Disguise(row.expert, label % {"number": number})
    return {number: one for number, one in found.items() if number not in known}


def disguise_alone(expert: Expert) -> Disguise:
    """Return what stands for an expert on a page that shows nobody else."""
    return Disguise(expert, _("this expert"))


def disguise_gone(gone: Gone) -> Disguise:
    """Return what stands for somebody who is not in the first places any more."""
    return Disguise(gone.expert, _("Expert who was at place %(was)s", was=gone.step.was))


def hide_in(ranking: Ranking, disguises: Mapping[int, Disguise]) -> Ranking:
    """Return a page of a ranking whose explanations do not tell who is disguised."""
    candidates = [
        _hidden(one, disguises[one.expert.id]) if one.expert.id in disguises else one
        for one in ranking.candidates
    ]
    return replace(ranking, candidates=candidates)


def _hidden(candidate: Candidate, worn: Disguise) -> Candidate:
    return replace(candidate, explanation=worn.hide_in_explanation(candidate.explanation))


def _quote(row: Mapping[str, Any], worn: Disguise) -> dict[str, Any]:
    return {
        name: worn.hide(value) if name in _QUOTED and isinstance(value, str) else value
        for name, value in row.items()
    }
