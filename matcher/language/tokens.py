"""From text to terms.

A token keeps its place in the untouched text: every operation on characters (compatibility forms,
case, script, diacritics) is done on the single token, never on the whole text, so that an
explanation can mark the very words the expert wrote.

The steps for one token are Unicode NFKC and case folding; Macedonian, Serbian and Montenegrin
Cyrillic brought to Latin letters; diacritics folded (people write "mreza zena" for "mreža žena");
the stop list of the text's language; the stem of that language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final, NamedTuple

from matcher.language.feminine_forms import joined_endings, shared_form
from matcher.language.memory import Remembered
from matcher.language.stemming import stem
from matcher.language.stopwords import BY_LANGUAGE

LANGUAGES: Final = ("en", "fr", "ru", "uk", "ro", "sq", "mk", "bcms")
# A change in how text becomes terms makes stored indexes stale; raise this number with it.
TEXT_VERSION: Final = 16
# Combining marks and invisible joiners belong to the word they stand in (decomposed "č", soft
# hyphens), and so does the apostrophe between two Cyrillic letters, which is a letter's worth in
# Ukrainian.
_UNSEEN: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"
_APOSTROPHES: Final = "'`\u00b4\u2018\u2019\u02b9\u02bc\u2032\uff07"
_LETTERS: Final = rf"(?:[^\W_]+|[\u0300-\u036f{_UNSEEN}]+)*+"
# "E.O.D." is "EOD". What ends in a small letter ("E.g.") is no short form, nor is one letter alone.
_DOTTED: Final = r"{capital}(?:\.{letter})*\.{capital}(?:\.|(?!\w))"
_CAPITAL: Final = "[A-Z\u00c0-\u00de\u0400-\u042f]"
TOKEN: Final = re.compile(
    _DOTTED.format(capital=_CAPITAL, letter=r"[^\W\d_]")
    + rf"|[^\W_]{_LETTERS}(?:(?<=[\u0400-\u04ff])[{_APOSTROPHES}](?=[\u0400-\u04ff]){_LETTERS})*"
)
# The same in a text of plain letters, where it is found faster.
_PLAIN_TOKEN: Final = re.compile(
    _DOTTED.format(capital="[A-Z]", letter="[A-Za-z]") + "|[A-Za-z0-9]+", re.ASCII
)
# What cuts a text into words and what stands between them, by turns.
_CUTS: Final = re.compile(rf"({TOKEN.pattern})")
_PLAIN_CUTS: Final = re.compile(rf"({_PLAIN_TOKEN.pattern})", re.ASCII)
# What joins a feminine form or ending to the masculine word: "formateur(trice)", "inspektor/-ka",
# "expert·e·s".
_JOINED: Final = re.compile(r"(?<=\w)[/(*.\u00b7\u2022\u2010\u2011-]-?(?=\w)")
# A word that speaks for a language: no part of a compound, no "s" of a genitive, no letter of a
# list or an abbreviation.
_BESIDE: Final = f"\\-\u2010\u2011{_APOSTROPHES}"
SIGN: Final = re.compile(
    rf"(?<![\w{_BESIDE}])(?!\w[.)])\w[\w\u0300-\u036f{_UNSEEN}]*+(?![{_BESIDE}]\w)"
)
_HIDDEN: Final = re.compile(f"[{_UNSEEN}]")
_INVISIBLE: Final = re.compile(f"[{_UNSEEN}{_APOSTROPHES}]")
# The plural of a short form.
_SHORT_FORMS: Final = re.compile(r"(?=.{2,7}s\Z)[A-Z][A-Za-z0-9]*[A-Z0-9]s")
_SOUTH_SLAVIC_LATIN: Final = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "ђ": "dj", "ѓ": "dj", "е": "e", "ж": "z",
    "з": "z", "ѕ": "dz", "и": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n",
    "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "ќ": "c", "у": "u",
    "ф": "f", "х": "h", "ц": "c", "ч": "c", "џ": "dz", "ш": "s",
})  # fmt: skip
# Letters that Unicode does not decompose into a base letter and a mark.
_LATIN_LETTERS: Final = str.maketrans(
    {"đ": "dj", "ł": "l", "ø": "o", "ı": "i", "œ": "oe", "æ": "ae"}
)
_OWN_LETTERS: Final = frozenset("йїѓќў")
_LOOK_ALIKE: Final = ("aceopxyijsABCEHIJKMOPTXYS", "асеорхуіјѕАВСЕНІЈКМОРТХУЅ")
_TO_CYRILLIC: Final = str.maketrans(*_LOOK_ALIKE)
_TO_LATIN: Final = str.maketrans(_LOOK_ALIKE[1], _LOOK_ALIKE[0])
_LATIN: Final = re.compile("[A-Za-z]")
CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
SOUTH_SLAVIC: Final = ("mk", "bcms")
# Letters read to tell what a text is like; more would not change the answer.
SAMPLE: Final = 4000
# Letters of one word that are read; time should not depend on what somebody pasted.
_LONGEST_WORD: Final = 200
_LONGER_THAN_SHORT_FORMS: Final = 6
# A single small word decides nothing against the language of the whole.
LONE_SIGN: Final = 1


class Token(NamedTuple):
    """One word of a text: where it stands, its folded form, its term (None if it carries no
    subject), and as it is ``written``, folded, whatever form is read in it (None for the second
    that is read in one word)."""

    start: int
    end: int
    folded: str
    term: str | None
    written: str | None


class Word(NamedTuple):
    """One word of a text of whatever language, folded."""

    start: int
    end: int
    folded: str


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Bring one word to its comparable form: NFKC, case, script, diacritics.

    >>> fold("Мрежа"), fold("MREŽA"), fold("Đorđe")
    ('мрежа', 'mreza', 'djordje')

    Cyrillic stays Cyrillic here, because only the text around a word tells Serbian from Russian;
    see :func:`to_latin`.
    """
    word = word[:_LONGEST_WORD]
    if word.isascii():
        # Most words are, and need nothing else.
        return _INVISIBLE.sub("", word).lower()
    word = _INVISIBLE.sub("", unicodedata.normalize("NFKC", word))
    word = _in_one_script(word).casefold()
    folded = []
    for letter in unicodedata.normalize("NFC", word):
        # Marks are dropped, such as the stress on a Cyrillic vowel; some letters are no others with
        # a mark but letters of their own.
        if letter in _OWN_LETTERS:
            folded.append(letter)
        elif not unicodedata.combining(letter):
            folded.append(unicodedata.normalize("NFD", letter)[0])
    return "".join(folded).translate(_LATIN_LETTERS)


def _in_one_script(word: str) -> str:
    """A word with letters of Latin and Cyrillic that look alike, all in the script of most of
    them."""
    if word.isascii():
        return word
    cyrillic = len(CYRILLIC.findall(word))
    latin = len(_LATIN.findall(word))
    if not cyrillic or not latin:
        return word
    return word.translate(_TO_CYRILLIC if cyrillic > latin else _TO_LATIN)


def to_latin(folded: str) -> str:
    """Write a folded Serbian, Montenegrin or Macedonian Cyrillic word in folded Latin letters."""
    return folded if folded.isascii() else folded.translate(_SOUTH_SLAVIC_LATIN)


def _stop_sets() -> dict[str, frozenset[str]]:
    sets = {language: {fold(word) for word in words} for language, words in BY_LANGUAGE.items()}
    sets["bcms"] |= {to_latin(word) for word in sets["bcms"]}
    sets["mk"] = {to_latin(word) for word in sets["mk"]}
    return {language: frozenset(words) for language, words in sets.items()}


_STOP: Final = _stop_sets()


def is_small_word(folded: str, language: str) -> bool:
    """Whether a folded word is on the stop list of a language, in either script of it."""
    return (to_latin(folded) if language in SOUTH_SLAVIC else folded) in _STOP[language]


def small_letters(text: str, is_short_form: Callable[[str], bool]) -> str:
    """A text in capitals as it would stand in small letters, but for its short forms; others as
    they are."""
    if not _is_in_capitals(text):
        return text

    def read(found: re.Match[str]) -> str:
        word = found.group()
        small = word.lower()
        keeps = "." in word or is_short_form(word) or len(small) != len(word)
        return word if keeps else small

    return TOKEN.sub(read, text)


def _is_in_capitals(text: str) -> bool:
    """Whether a text is written in capitals: no small letter, and a word too long for a short
    form."""
    return text.isupper() and any(
        len(word) >= _LONGER_THAN_SHORT_FORMS and word.isalpha()
        for word in TOKEN.findall(text[:SAMPLE])
    )


def visible(text: str) -> str:
    """A text without the characters that nobody sees, such as soft hyphens."""
    return text if text.isascii() else _HIDDEN.sub("", text)


def tokenize(text: str, language: str) -> list[Token]:
    """Split ``text`` into tokens with terms of ``language``; offsets are those of ``text``.

    A word written in both genders at once ("formateur(trice)", "inspektor/inspektorka") is one
    word: what is joined to the first form has no term.
    """
    tokens = [
        Token(start, end, *read)
        for start, end, word in _cut(text)
        for read in read_word(word, language)
    ]
    joined = {sign.end() for sign in _JOINED.finditer(text)}
    return _once(tokens, joined, joined_endings(language)) if joined else tokens


def _once(tokens: list[Token], joined: set[int], endings: frozenset[str]) -> list[Token]:
    found: list[Token] = []
    term: str | None = None
    for token in tokens:
        again = token.start in joined and (token.folded in endings or token.term == term)
        term = token.term
        found.append(token._replace(term=None) if again else token)
    return found


def folded_words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of ``text[start:end]``, whatever its language; offsets are those of ``text``."""
    stretch = text[start:end]
    return [Word(start + first, start + last, fold(word)) for first, last, word in _cut(stretch)]


def folded_forms(text: str) -> list[str]:
    """The words of a text, folded, without their places."""
    # No word has a blank in it.
    return list(chain.from_iterable(map(_FORMS_IN.__getitem__, text.split())))


_FORMS_IN: Final = Remembered(lambda piece: tuple(map(fold, TOKEN.findall(piece))))


def _cut(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text with their places; cutting is faster than looking for each."""
    pieces = (_PLAIN_CUTS if text.isascii() else _CUTS).split(text)
    ends = list(accumulate(map(len, pieces)))
    words = (word.replace(".", "") for word in pieces[1::2])
    return zip(ends[::2], ends[1::2], words, strict=False)


@lru_cache(maxsize=200_000)
def read_word(word: str, language: str) -> tuple[tuple[str, str | None, str | None], ...]:
    """The folded form of a word, its term if it has one, and the form that it is written in;
    "UAVs" is "UAV". Of "policewoman" those of two words, "police officer"."""
    written = written_form(word)
    word = visible(word)
    if _SHORT_FORMS.fullmatch(word):
        word = word[:-1]
    folded = to_latin(fold(word)) if language in SOUTH_SLAVIC else fold(word)
    # A number of one or two digits is a count of something, not a subject.
    if len(folded) < 2 or folded in _STOP[language] or (folded.isdigit() and len(folded) < 3):
        return ((folded, None, written),)
    # English senses are looked up by base forms, which are derived from the folded one.
    if language != "en":
        return ((folded, stem(folded, language), written),)
    first, *others = shared_form(folded, language).words
    return (
        (first, stem(first, language), written),
        *((part, stem(part, language), None) for part in others),
    )


def written_form(word: str) -> str:
    """A word as it is written, whatever form is read in it: folded, in Latin letters where South
    Slavic languages have two."""
    return to_latin(fold(word))


def surfaces(tokens: Sequence[Token]) -> list[str | None]:
    """The written forms of some tokens; None where one has no term or is the second that is read in
    one word."""
    return [None if token.term is None else token.written for token in tokens]
