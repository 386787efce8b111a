"""From records to terms: the entries of an expert, and the passages of a request, and the terms
(:mod:`matcher.passages`) found in each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Final

from matcher.analysis.beneficiaries import without_beneficiaries
from matcher.analysis.subject_context import in_context
from matcher.boilerplate import Aside, asides, not_done, paragraphs, without
from matcher.considerations import Wish, phrases_digest, wishes, worded_apart
from matcher.language import (
    TEXT_VERSION,
    Reading,
    Speller,
    folded_words,
    guess_language,
    joined_letters,
    language_signs,
    small_letters,
    tables_digest,
    tokenize,
)
from matcher.passages import (
    CONCEPT_MARK,
    FAMILY_MARK,
    SENSE_MARK,
    Occurrence,
    Passage,
    concept_of,
    senses_among,
)
from matcher.records import Entry, Expert, Request
from matcher.settings import DEFAULTS, Settings
from matcher.thesaurus import Context, Thesaurus

# From so many subjects on, what is asked for is told without words that say nothing by themselves.
_SUBJECTS_ENOUGH: Final = 3
# Makes an occurrence of its values, faster than a call with each of them as an argument.
_occurrence: Final[Callable[[tuple[str, int, int]], Occurrence]] = partial(
    tuple.__new__, Occurrence
)


@dataclass(frozen=True)
class Analyzer:
    """Reads records with one thesaurus."""

    thesaurus: Thesaurus
    settings: Settings = DEFAULTS

    @property
    def fingerprint(self) -> str:
        """What a stored index must agree with to be usable: how text is read, and with which
        concepts."""
        return ":".join(
            [
                f"{TEXT_VERSION}:{tables_digest()}:{phrases_digest()}",
                f"{self.thesaurus.digest}:{self.settings}",
            ]
        )

    def expert_entries(self, expert: Expert) -> list[Entry]:
        """The entries of an expert: summary with headline, each theme, each experience, each
        training."""
        entries = [Entry("summary", expert.headline, _joined(expert.headline, expert.summary))]
        themes = [self.thesaurus.themes[c] for c in expert.themes if c in self.thesaurus.themes]
        weight = self._claim_weight(len(themes))
        for theme in themes:
            entries.append(Entry("theme", theme.label, theme.text, weight))
        for experience in expert.experience:
            text = _joined(experience.title, experience.description)
            entries.append(Entry("experience", experience.title, text, experience=experience))
        entries += [Entry("training", text, text) for text in expert.training]
        return [entry for entry in entries if entry.text]

    def label(self, term: str) -> tuple[str | None, str | None]:
        """Label and id of the concept or broad subject a term stands for, if it is one.

        Senses have none: a reader sees the two words that were brought together.
        """
        concept_id = concept_of(term)
        if concept_id is None:
            return None, None
        return self.thesaurus.concepts[concept_id].label, concept_id

    def is_service(self, term: str) -> bool:
        """Whether a term is a service in which people serve (the police), or a sense that is called
        by a wording of one."""
        if concept_id := concept_of(term):
            return self.thesaurus.concepts[concept_id].kind == "service"
        senses = (self.thesaurus.senses[found] for found in senses_among([term]))
        return any(_stems(sense.label) in self._service_names for sense in senses)

    @cached_property
    def _service_names(self) -> frozenset[tuple[str | None, ...]]:
        """The English wordings of the services, word by word."""
        services = (one for one in self.thesaurus.concepts.values() if one.kind == "service")
        return frozenset(_stems(wording) for one in services for wording in one.labels["en"])

    def _claim_weight(self, claims: int) -> float:
        """What each of ``claims`` themes counts beside evidence: ``w / √claims``.

        A tick in a list proves less than a mission, and less the more of them somebody sets:
        whoever claims everything says nothing. Under the root a second honest theme still adds to
        the whole.
        """
        return self.settings.claim_weight / math.sqrt(max(claims, 1))

    def expert_passages(self, expert: Expert) -> list[tuple[Entry, Passage]]:
        """The entries of an expert with their terms; entries without any term are kept.

        What somebody has not done, or would like to learn, has no terms.
        """
        entries = self.expert_entries(expert)
        own = [entry.kind != "theme" for entry in entries]
        texts = [entry.text for entry in entries]
        read = [
            without(text, not_done(text)) if is_own else text
            for text, is_own in zip(texts, own, strict=True)
        ]
        main, context = self._main_language(read, own), Context(read)
        passages = [
            self._evidence(text, shown, main, context) if is_own else self._claim(text, context)
            for text, shown, is_own in zip(read, texts, own, strict=True)
        ]
        return list(zip(entries, passages, strict=True))

    def _evidence(self, read: str, shown: str, main: str | None, context: Context) -> Passage:
        """One entry of a profile, in which subjects need company of its own."""
        passage = Passage(shown, *self._read(read, main, context, None))
        (told,) = in_context([passage], self.thesaurus.neighbours)
        return told

    def _claim(self, text: str, context: Context) -> Passage:
        """The text of a theme, read once for all who claim it, unless the rest of a profile decides
        on its short forms."""
        if text not in self._claims:
            apart = Context([text])
            passage = self._evidence(text, text, None, apart)
            self._claims[text] = None if apart.was_asked else passage
        return self._claims[text] or self._evidence(text, text, None, context)

    @cached_property
    def _claims(self) -> dict[str, Passage | None]:
        """What is read in the texts of themes, as far as anybody has claimed them; None where it
        differs from profile to profile."""
        return {}

    def request_asides(self, request: Request) -> tuple[Aside, ...]:
        """What is set aside of title and description, in order; pieces that the request keeps are
        marked so."""
        main = self._main_language(*_own_texts(request))
        return tuple(
            aside._replace(kept=any(piece.holds(*aside[:3]) for piece in request.kept))
            for aside in asides(request.title, request.description, main)
        )

    def request_wishes(self, request: Request) -> list[Wish]:
        """What a request asks of an expert beside the subject."""
        return wishes(request, self.request_asides(request))

    def request_passages(self, request: Request, speller: Speller | None = None) -> list[Passage]:
        """Title, description and the labels of the theme codes of a request, with their terms but
        without those set aside, misspelt words read by the ``speller`` if there is one.

        Broad subjects count one step away from what is asked for: a killing of women is a homicide,
        and has nothing to do with whoever else investigates crimes. Words that say nothing by
        themselves have no terms, unless the request names hardly any
        subject: "whom to ask, and what to do in the night" has nothing better. Words of asking
        have terms only where there is nothing else.
        """
        themes = (self.thesaurus.themes.get(code) for code in request.themes)
        labels = [theme.label for theme in themes if theme is not None]
        written, own = _own_texts(request)
        left = list(map(joined_letters, _own_texts(self._without_what_is_apart(request))[0]))
        # What is set aside may be in another language than the rest.
        main = self._main_language(left, own)
        own += [False] * len(labels)
        passages = in_context(
            self._analyze([*written, *labels], [*left, *labels], own, main, speller),
            self.thesaurus.neighbours,
        )
        passages = without_beneficiaries(passages, self.thesaurus.is_field)
        subjects = set[str]().union(*(passage.subjects() for passage in passages))
        near = self.thesaurus.common_ground(
            subject.removeprefix(CONCEPT_MARK) for subject in subjects
        )
        passages = [passage.on_common_ground(near) for passage in passages]
        if len(subjects) >= _SUBJECTS_ENOUGH:
            passages = [passage.telling() for passage in passages]
        telling = [passage.without_asking() for passage in passages]
        return telling if any(passage.occurrences for passage in telling) else passages

    def _without_what_is_apart(self, request: Request) -> Request:
        """A request without its set parts, and without the words of wishes, which are considered
        apart; a request of nothing but wishes keeps their words."""
        set_aside = self.request_asides(request)
        apart = [aside for aside in set_aside if not aside.kept]
        wished = worded_apart(wishes(request, set_aside), request.without)
        left = _stripped(request, [*apart, *wished])
        if wished and not folded_words(f"{left.title} {left.description}"):
            return _stripped(request, apart)
        return left

    def _analyze(
        self,
        texts: Sequence[str],
        read: Sequence[str],
        own: Sequence[bool],
        main: str,
        speller: Speller | None,
    ) -> list[Passage]:
        """Analyze the texts of a request that is mainly in one language, from what is ``read`` of
        each; those that are not the writer's ``own`` are English labels."""
        context = Context(read)
        return [
            Passage(shown, *self._read(text, main if is_own else None, context, speller))
            for text, shown, is_own in zip(read, texts, own, strict=True)
        ]

    def _read(
        self, text: str, main: str | None, context: Context, speller: Speller | None
    ) -> tuple[tuple[Occurrence, ...], tuple[Reading, ...], tuple[tuple[int, str], ...]]:
        """The terms and readings of one text and its languages, each paragraph read in its own;
        without a ``main`` one in English."""
        whole = "en" if main is None else guess_language(text, main)
        pieces = _pieces(text)
        found, languages = _Found(), list[tuple[int, str]]()
        for start, end in pieces:
            piece = text[start:end]
            # A text of one paragraph has been guessed already.
            language = whole if main is None or piece == text else guess_language(piece, whole)
            self._take_in(found, start, piece, language, context, speller)
            languages.append((end, language))
        return found.occurrences(), tuple(found.readings), tuple(languages)

    def _main_language(self, texts: Sequence[str], own: Sequence[bool]) -> str:
        """A few words whose signs speak for several languages alike, or for none, are read in the
        one of these whose wordings have most of them."""
        written = "\n".join(text for text, is_own in zip(texts, own, strict=True) if is_own)
        signs = language_signs(written)
        most = max(signs.values())
        alike = [language for language, found in signs.items() if found == most]
        return alike[0] if len(alike) == 1 else self.thesaurus.likeliest_language(written, alike)

    def _take_in(
        self,
        found: _Found,
        start: int,
        text: str,
        language: str,
        context: Context,
        speller: Speller | None,
    ) -> None:
        """Read a paragraph that begins at ``start`` of its text."""
        text = small_letters(text, self.thesaurus.is_short_form)
        words = self.thesaurus.read(text, language)
        if speller is not None:
            lexicon = self.thesaurus.lexicon(language)
            tokens, readings = speller.read(text, words.placed(), lexicon)
            found.readings += [Reading(start + a, start + b, term) for a, b, term in readings]
            words = self.thesaurus.noted(tokens, language) if readings else words
        found.words += [
            _occurrence((term, start + begin + first, start + begin + last))
            for (first, last, _, term, _), begin in zip(words.tokens, words.begins, strict=True)
            if term is not None
        ]
        found.subjects += [
            _occurrence((term, start + first, start + last))
            for concept, first, last in self.thesaurus.find(text, words, language, context)
            if self.thesaurus.is_scored(concept)
            for term in self._subjects(concept)
        ]
        found.senses += [
            _occurrence((SENSE_MARK + sense, start + first, start + last))
            for sense, first, last in self.thesaurus.find_senses(text, words, language)
        ]

    def _subjects(self, concept_id: str) -> list[str]:
        families = self.thesaurus.families[concept_id]
        return [CONCEPT_MARK + concept_id, *(FAMILY_MARK + family for family in families)]


@dataclass
class _Found:
    """What is found in a text, paragraph by paragraph."""

    words: list[Occurrence] = field(default_factory=list)
    subjects: list[Occurrence] = field(default_factory=list)
    senses: list[Occurrence] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    def occurrences(self) -> tuple[Occurrence, ...]:
        """Words stand before subjects, and those before senses, whatever their paragraph."""
        return (*self.words, *self.subjects, *self.senses)


def _pieces(text: str) -> list[tuple[int, int]]:
    """The paragraphs of a text; one that is a single line is one."""
    if "\n" not in text:
        return [(0, len(text))]
    above, _, below = text.partition("\n\n")
    is_plain = text == f"{above.strip()}\n\n{below.strip()}"
    if above and below and is_plain and len(text.splitlines()) == 3:
        # A title and a single line below, as most entries are.
        return [(0, len(above)), (len(above) + 2, len(text))]
    return [(piece.start, piece.end) for piece in paragraphs(text, lambda _: False)]


def _own_texts(request: Request) -> tuple[list[str], list[bool]]:
    """What the requester wrote, and that it is their own."""
    texts = [text for text in (request.title, request.description) if text]
    return texts, [True] * len(texts)


def _stripped(request: Request, apart: Iterable[Aside | Wish]) -> Request:
    """A request without some stretches of it, each text as long as before."""
    spans: dict[str, list[tuple[int, int]]] = {"title": [], "description": []}
    for piece in apart:
        spans[piece.field].append((piece.start, piece.end))
    return replace(
        request,
        title=without(request.title, spans["title"]),
        description=without(request.description, spans["description"]),
    )


def _stems(wording: str) -> tuple[str | None, ...]:
    """The English terms of a wording, in their order."""
    return tuple(token.term for token in tokenize(wording, "en"))


def _joined(title: str, text: str) -> str:
    return f"{title}\n\n{text}" if title and text else title or text
