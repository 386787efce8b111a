"""Which words a language has, so that none of them is taken for a misspelling of another.

The lists hold whole words, for a stem is often shared by a word and a slip. Only of languages with
many endings, of which no list has all forms, are stems there too. Each is kept as a
Bloom filter (Bloom 1970, "Space/time trade-offs in hash coding with allowable errors"): a word of
the list is always known, and of other words some are taken for known, so that such a slip is not
read: with ten bits a word 1 in 100, with six bits 6, and of the Macedonian list, with four, 15.
The words themselves would take a hundred megabytes in each process. ``data/README.md`` says what
the lists were made from.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parents[2] / "data" / "words"
# Stands before a stem, so that it is no word.
STEM_MARK: Final = "^"
# The list of names of people and places, whatever the language.
NAMES: Final = "names"
# The languages whose lists have the stems of their words.
_STEMMED: Final = frozenset({"bcms", "mk", "sq", "uk"})


@dataclass(frozen=True, eq=False)
class WordList:
    """A set of folded words that may, rarely, take a word for one of its own; ``has_stems`` says
    that the stems of all of them are there, too."""

    probes: int
    bits: bytes
    has_stems: bool = False

    @classmethod
    def of(cls, words: Collection[str], bits_a_word: int = 10) -> WordList:
        """Make a list of some folded words."""
        # So many probes let the fewest other words through.
        probes = max(1, round(math.log(2) * bits_a_word))
        bits = bytearray(len(words) * bits_a_word // 8 + 1)
        for word in words:
            for place in _places(word, probes, 8 * len(bits)):
                bits[place >> 3] |= 1 << (place & 7)
        return cls(probes, bytes(bits))

    @classmethod
    def read(cls, path: Path, *, has_stems: bool = False) -> WordList:
        """Read a list that :meth:`write` wrote; raises :class:`OSError`."""
        content = path.read_bytes()
        return cls(content[0], content[1:], has_stems=has_stems)

    def write(self, path: Path) -> None:
        """Write the number of probes into the first byte of a file, and the bits behind it."""
        path.write_bytes(bytes([self.probes]) + self.bits)

    def has_form(self, word: str, stem: str) -> bool:
        """Whether a word is in the list, and its stem where stems are: a word that is taken for one
        of the list's by mistake seldom has a stem that is so, too."""
        return word in self and (not self.has_stems or STEM_MARK + stem in self)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and all(
            self.bits[place >> 3] >> (place & 7) & 1
            for place in _places(word, self.probes, 8 * len(self.bits))
        )


NO_WORDS: Final = WordList(1, b"\0")


def _places(word: str, probes: int, size: int) -> Iterator[int]:
    """The bits of a word: two halves of one hash make as many as are needed (Kirsch and
    Mitzenmacher 2006, "Less hashing, same performance")."""
    digest = blake2b(word.encode("utf-8", "replace"), digest_size=16).digest()
    first, second = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big")
    return ((first + probe * second) % size for probe in range(probes))


@cache
def words_of(name: str) -> WordList:
    """The words of five letters and more of one of :data:`matcher.language.tokens.LANGUAGES`, or
    the :data:`NAMES`; read when first asked for."""
    return WordList.read(_FOLDER / f"{name}.bits", has_stems=name in _STEMMED)
