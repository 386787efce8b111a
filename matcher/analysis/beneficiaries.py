"""For whom something is done, where it is nothing of the field.

Whoever asks for "bee-keeping for the staff of the Ministry of Defence" wants a bee-keeper, and
nobody of the armed forces. Where a request names no subject but fields as wide as "police" and
"armed forces", and has a rarer word beside, such a field behind a word such as "for" or "of" is the
host of the matter, and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from matcher.boilerplate import cue_table
from matcher.language import folded_words
from matcher.passages import CONCEPT_MARK, Occurrence, Passage

_PARTS = frozenset({"for_whom"})


def without_beneficiaries(
    passages: Sequence[Passage], is_field: Callable[[str], bool]
) -> list[Passage]:
    """The passages of a request without what stands in the names of those for whom it is, if
    nothing else of it is a subject; ``is_field`` says of a concept whether it is that wide."""
    subjects = set[str]().union(*(passage.subjects() for passage in passages))
    fields = {term for term in subjects if is_field(term.removeprefix(CONCEPT_MARK))}
    if not fields or subjects - fields or not any(map(_has_other_words, passages)):
        return list(passages)
    return [_without(passage, list(_beneficiaries(passage))) for passage in passages]


def _has_other_words(passage: Passage) -> bool:
    """Whether it has words that tell something and stand in no wording of the thesaurus."""
    return any(not around for term, around in passage.covered() if term in passage.telling_words())


def _beneficiaries(passage: Passage) -> Iterator[Occurrence]:
    words = folded_words(passage.text)
    before = {
        words[hit.last].start
        for language in {language for _, language in passage.languages}
        for hit in cue_table(language, _PARTS).find(passage.text, words)
        if hit.last < len(words)
    }
    for found in passage.occurrences:
        if found.term.startswith(CONCEPT_MARK) and found.start in before:
            yield found


def _without(passage: Passage, places: Sequence[Occurrence]) -> Passage:
    kept = (
        found
        for found in passage.occurrences
        if not any(p.start <= found.start and found.end <= p.end for p in places)
    )
    return replace(passage, occurrences=tuple(kept))
