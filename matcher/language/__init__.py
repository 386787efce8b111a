"""Words of the platform's languages.

In: text as somebody wrote it.
Out: its language, its tokens with their terms and places, its sentences, and for a misspelt word
the near one that is known.
"""

from __future__ import annotations

from matcher.language.detection import SAMPLE, guess_language, language_signs
from matcher.language.empty_words import EMPTY_SENSES, is_empty
from matcher.language.feminine_forms import tables_digest
from matcher.language.segmentation import sentences
from matcher.language.spelling import Lexicon, Reading, Speller
from matcher.language.stemming import english_forms, stem
from matcher.language.stopwords import BY_LANGUAGE
from matcher.language.tokens import (
    LANGUAGES,
    TEXT_VERSION,
    Token,
    fold,
    surfaces,
    to_latin,
    tokenize,
)
from matcher.language.wordlists import words_of

__all__ = [
    "BY_LANGUAGE",
    "EMPTY_SENSES",
    "LANGUAGES",
    "SAMPLE",
    "TEXT_VERSION",
    "Lexicon",
    "Reading",
    "Speller",
    "Token",
    "english_forms",
    "fold",
    "guess_language",
    "is_empty",
    "language_signs",
    "sentences",
    "stem",
    "surfaces",
    "tables_digest",
    "to_latin",
    "tokenize",
    "words_of",
]
