"""Words of the platform's languages.

In: text as somebody wrote it.
Out: its language, its tokens with their terms and places, its sentences, and for a misspelt word
the near one that is known.
"""

from __future__ import annotations

from matcher.language.detection import SAMPLE, guess_language, language_signs
from matcher.language.segmentation import Span, sentences
from matcher.language.spelling import Lexicon, Reading, Speller
from matcher.language.stemming import english_forms, stem
from matcher.language.stopwords import BY_LANGUAGE
from matcher.language.tokens import (
    CYRILLIC,
    LANGUAGES,
    SOUTH_SLAVIC,
    TEXT_VERSION,
    Token,
    Word,
    fold,
    is_small_word,
    read_word,
    small_letters,
    to_latin,
    tokenize,
    visible,
    words_of,
)

__all__ = [
    "BY_LANGUAGE",
    "CYRILLIC",
    "LANGUAGES",
    "SAMPLE",
    "SOUTH_SLAVIC",
    "TEXT_VERSION",
    "Lexicon",
    "Reading",
    "Span",
    "Speller",
    "Token",
    "Word",
    "english_forms",
    "fold",
    "guess_language",
    "is_small_word",
    "language_signs",
    "read_word",
    "sentences",
    "small_letters",
    "stem",
    "to_latin",
    "tokenize",
    "visible",
    "words_of",
]
