"""Whether common words are read as subjects of the field.

"Flooded" is read as disaster response, "mark" as the marking of weapons, "schools" as work with
pupils, where the rest of the text is of the field; between fish ponds, yearly reports and poems
they are plain words. So a subject that a common word alone speaks for needs company in its text: a
subject told by a phrase, a short form or a rarer word, or one linked with it. A text that hardly
says anything else ("Police and army", the headline "Instructor") is of the field as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from matcher.passages import CONCEPT_MARK, Passage, is_word

# From this share of its words on that stand in wordings of subjects a text is of the field.
_OF_THE_FIELD: Final = 1 / 3


def in_context(
    passages: Sequence[Passage], neighbours: Mapping[str, Collection[str]]
) -> list[Passage]:
    """The passages of one text without the subjects that only common words speak for and nothing
    else in it supports; ``neighbours`` are the concepts that each is linked with."""
    doubtful = set[str]()
    for passage in passages:
        told = [found for found in passage.occurrences if found.term.startswith(CONCEPT_MARK)]
        places = {(start, end) for _, start, end in told}
        words = (found for found in passage.occurrences if (found.start, found.end) in places)
        if places - passage.common_among(words):
            return list(passages)
        doubtful.update(found.term.removeprefix(CONCEPT_MARK) for found in told)
    alone = {concept for concept in doubtful if doubtful.isdisjoint(neighbours[concept])}
    if not alone or _is_of_the_field(passages):
        return list(passages)
    return [passage.without_subjects(_places(passage, alone)) for passage in passages]


def _places(passage: Passage, concepts: Collection[str]) -> set[tuple[int, int]]:
    return {
        (start, end)
        for term, start, end in passage.occurrences
        if term.startswith(CONCEPT_MARK) and term.removeprefix(CONCEPT_MARK) in concepts
    }


def _is_of_the_field(passages: Sequence[Passage]) -> bool:
    words = told = 0
    for passage in passages:
        places = {
            (start, end)
            for term, start, end in passage.occurrences
            if term.startswith(CONCEPT_MARK)
        }
        words += sum(is_word(found.term) for found in passage.occurrences)
        told += len(places)
    return told >= _OF_THE_FIELD * words
