"""Romanian words without the articles of the genitive that are written to them.

Snowball takes them off words that are written with their diacritics, and rarely off folded ones:
"violentei" and "violenta", "prevenirii" and "prevenire" then have two stems each.
"""

from __future__ import annotations

from typing import Final

# What stands for which ending, and from how many letters on; the first that fits.
_ENDINGS: Final = (
    ("tatilor", "tati", 9),
    ("tatii", "tate", 7),
    ("iunilor", "iuni", 8),
    ("iunii", "iune", 6),
    ("urilor", "uri", 7),
    ("iilor", "ii", 7),
    ("icii", "ica", 6),
    ("atii", "atie", 6),
    ("ctii", "ctie", 6),
    ("itii", "itie", 6),
    ("ptii", "ptie", 6),
    ("utii", "utie", 6),
    ("oarei", "oare", 7),
    ("elor", "e", 6),
    ("ilor", "i", 6),
    ("arii", "are", 7),
    ("irii", "ire", 6),
    ("eii", "eie", 5),
    ("iei", "ie", 5),
)
# They end as if they had one, or have another: "militarii" are soldiers.
_WHOLE: Final = frozenset({
    "acei", "acestei", "angajatii", "avocatii", "barbatii", "benzinarii", "bibliotecarii",
    "brutarii", "candidatii", "chei", "comentarii", "comisarii", "condamnatii", "deputatii",
    "femei", "functionarii", "glosarii", "idei", "inventarii", "itinerarii", "judiciarii",
    "librarii", "magistratii", "mercenarii", "militarii", "misionarii", "notarii", "obicei",
    "penitenciarii", "primarii", "refugiatii", "salarii", "sanitarii", "scenarii", "secretarii",
    "seminarii", "soldatii", "subsidiarii", "temei", "trei", "ulei", "unei", "veterinarii",
    "voluntarii",
})  # fmt: skip
_VOWELS: Final = frozenset("aeiou")


def without_article(folded: str) -> str:
    """Return a folded Romanian word in the form that has no article of the genitive.

    >>> [without_article(word) for word in ("violentei", "integritatii", "armelor", "femei")]
    ['violenta', 'integritate', 'arme', 'femei']
    """
    if not folded.endswith(("i", "r")) or folded in _WHOLE:
        return folded
    for ending, bare, letters in _ENDINGS:
        if len(folded) >= letters and folded.endswith(ending):
            return without_article(folded[: -len(ending)] + bare)
    if len(folded) >= 5 and folded.endswith("ei") and folded[-3] not in _VOWELS:
        return folded[:-2] + "a"
    return folded
