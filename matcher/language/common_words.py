"""Words that a language uses all the time, so that alone they tell no subject of the field.

"Mark", "school" and "flooded" stand in texts about anything; what they mean is told by the words
around them. The list has the stems of all words of which there is one in ten thousand (a
frequency of 4 on the logarithmic scale of van Heuven and others 2014, "SUBTLEX-UK", for one of
their forms). ``data/README.md`` says where the frequencies are from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from matcher.language.wordlists import words_of

# The list of stems, each behind its language and a blank.
COMMON: Final = "common"
# So many stems are remembered: more than those of some thousand profiles, in a few megabytes.
_REMEMBERED: Final = 50_000


@lru_cache(maxsize=_REMEMBERED)
def is_common(term: str, language: str) -> bool:
    """Whether a stem is that of a common word of a language.

    >>> is_common("school", "en"), is_common("firearm", "en")
    (True, False)
    """
    return f"{language} {term}" in words_of(COMMON)
