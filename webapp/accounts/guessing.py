"""How many guesses a password takes whoever knows common passwords and patterns, in bounded time.

The estimate is that of zxcvbn (Wheeler, USENIX Security 2016). It tries the signs that stand for
letters in all their combinations: a password of twenty kinds of them takes it five seconds, which
anybody could send. So it tries those kinds alone that occur most often in a password.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from zxcvbn import matching, zxcvbn

# Of a longer password the estimate sees only so much.
SEEN = 72
KINDS_OF_SIGNS = 6

_match_signs = matching.l33t_match
_SIGNS = frozenset(sign for signs in matching.L33T_TABLE.values() for sign in signs)


def _match_few_signs(password: str, **known: Any) -> list[dict[str, Any]]:
    """Match words in which few kinds of signs stand for letters."""
    often = Counter(sign for sign in password if sign in _SIGNS).most_common(KINDS_OF_SIGNS)
    kept = {sign for sign, _times in often}
    table = {
        letter: [sign for sign in signs if sign in kept]
        for letter, signs in matching.L33T_TABLE.items()
    }
    found: list[dict[str, Any]] = _match_signs(password, _l33t_table=table, **known)
    return found


# The library has no setting for it, and looks its parts up by name at each estimate.
matching.l33t_match = _match_few_signs


def guesses(password: str, own_words: Iterable[str]) -> float:
    """Return how many guesses a password takes, as a power of ten."""
    return float(zxcvbn(password[:SEEN], user_inputs=list(own_words))["guesses_log10"])
