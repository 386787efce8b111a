"""Words that say nothing of who suits a request.

Unlike the small words of :mod:`matcher.language.stopwords` they stand in names of subjects ("use of
force", "working dogs", "new psychoactive substances") and count there; alone they are neither a
term nor a reason ("day" meets "day" in every text of some length).

``data/language/empty.tsv`` has each word once, by the kind that tells why it is empty:

- ``asking``: with these anybody is asked for, whatever for, and they are polite ("Dear colleagues,
  we ask for an expert"). They have no terms as long as a request has any other: a profile with the
  rare word "expert" would be found by it.
- ``general``: of time, of doing things, of the occasion.
- ``number``: numbers that share their stem with no other word of use.
- ``small``: of place, order, kind and measures, of having, wanting and being able, which are too
  telling for :mod:`matcher.language.stopwords` only inside of names.
- ``office``: where somebody works; which matter it is of is told beside it.

Of the last four kinds a request that has hardly any subject says something all the same ("whom to
ask, and what to do in the night").
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from matcher.language.stemming import stem
from matcher.language.tokens import fold, to_latin

_TABLE: Final = Path(__file__).resolve().parents[2] / "data" / "language" / "empty.tsv"
_ASKING: Final = "asking"

# Rows of data/thesaurus/words.tsv, which hold the words of the eight languages.
ASKING_SENSES: Final = frozenset({"expert", "help", "help-request", "need"})
_EMPTY_SENSES: Final = """
    accept adviser allow announce annual ask-answer between change commit continue
    contribute correct deadline develop discuss document effective encourage estimate
    everyone-own explain fail find finish forget found give-up hope
    implement inform introduce join know-not knowledge launch learn list listen meet mix-up
    objective observe occasion organise participate plan practical prepare programme project
    propose quick remember report-doc represent result see send show skilled slow
    solve-problem speak step stop-it table task-assign team trainer understand visit
    work-together write
"""
EMPTY_SENSES: Final = ASKING_SENSES.union(_EMPTY_SENSES.split())
# Its wordings are of several words ("regional conference"), of which none says anything either.
OCCASION: Final = "occasion"
_FIRST_YEAR, _LAST_YEAR = 1950, 2049


@cache
def _kinds(language: str) -> dict[str, str]:
    """The stems of the empty words of a language, each with the kind that the table has first."""
    found: dict[str, str] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        kind, of, words = line.split("\t")
        if of == language:
            for word in words.split():
                found.setdefault(stem(_folded_as_tokens(word, language), language), kind)
    return found


def _folded_as_tokens(word: str, language: str) -> str:
    return to_latin(fold(word)) if language in ("mk", "bcms") else fold(word)


def is_empty(term: str, language: str) -> bool:
    """Whether the stem of a word alone says nothing: an empty word, a year or noughts."""
    if term.isdigit():
        # The last group of "8,000" is all that is left of it.
        return not term.strip("0") or (len(term) == 4 and _FIRST_YEAR <= int(term) <= _LAST_YEAR)
    return term in _kinds(language)


def is_asking(term: str, language: str) -> bool:
    """Whether the stem of a word is one of asking or of courtesy."""
    return _kinds(language).get(term) == _ASKING
