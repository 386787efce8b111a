"""Words of the platform's languages.

In: text as somebody wrote it.
Out: its language, its tokens with their terms and places, its sentences, and for a misspelt word
the near one that is known.
"""

from __future__ import annotations

from matcher.language.common_words import is_common
from matcher.language.detection import guess_language, language_signs, sign_share
from matcher.language.empty_words import (
    ASKING_SENSES,
    EMPTY_SENSES,
    OCCASION,
    is_asking,
    is_empty,
)
from matcher.language.feminine_forms import forms_of_their_own, tables_digest
from matcher.language.memory import Remembered
from matcher.language.segmentation import Span, sentences
from matcher.language.spaced_letters import joined_letters
from matcher.language.spelling import Lexicon, Reading, Speller
from matcher.language.stemming import english_forms, stem
from matcher.language.stopwords import BY_LANGUAGE
from matcher.language.tokens import (
    CYRILLIC,
    LANGUAGES,
    SAMPLE,
    SOUTH_SLAVIC,
    TEXT_VERSION,
    TOKEN,
    Token,
    Word,
    fold,
    folded_forms,
    folded_words,
    is_small_word,
    read_word,
    small_letters,
    surfaces,
    to_latin,
    tokenize,
    visible,
    written_form,
)
from matcher.language.wordlists import words_of

__all__ = [
    "ASKING_SENSES",
    "BY_LANGUAGE",
    "CYRILLIC",
    "EMPTY_SENSES",
    "LANGUAGES",
    "OCCASION",
    "SAMPLE",
    "SOUTH_SLAVIC",
    "TEXT_VERSION",
    "TOKEN",
    "Lexicon",
    "Reading",
    "Remembered",
    "Span",
    "Speller",
    "Token",
    "Word",
    "english_forms",
    "fold",
    "folded_forms",
    "folded_words",
    "forms_of_their_own",
    "guess_language",
    "is_asking",
    "is_common",
    "is_empty",
    "is_small_word",
    "joined_letters",
    "language_signs",
    "read_word",
    "sentences",
    "sign_share",
    "small_letters",
    "stem",
    "surfaces",
    "tables_digest",
    "to_latin",
    "tokenize",
    "visible",
    "words_of",
    "written_form",
]
