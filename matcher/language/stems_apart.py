"""Words that a stemmer would bring together with unrelated ones, and that keep a stem of their own.

Suffixes are stripped without knowing words, so that French "pays" (country) ends where "payé"
(paid) does, and Ukrainian "місце" (place) where "місцеві" (locals) do. ``data/language/apart.tsv``
names for each language one word of such a pair with its forms, folded; the first is the one that
they are told by.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).resolve().parents[2] / "data" / "language" / "apart.tsv"
# No stemmer leaves this sign, so that a stem of its own is nobody else's.
_OWN: Final = "_"


def stem_apart(folded: str, language: str) -> str | None:
    """The stem of its own that a folded word has, or none.

    >>> stem_apart("trains", "fr"), stem_apart("trainer", "fr")
    ('train_', None)
    """
    return _stems().get(language, {}).get(folded)


@lru_cache(maxsize=1)
def _stems() -> Mapping[str, Mapping[str, str]]:
    stems: dict[str, dict[str, str]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        language, words = line.split("\t")
        first, *others = words.split()
        stems.setdefault(language, {}).update(dict.fromkeys((first, *others), first + _OWN))
    return stems
