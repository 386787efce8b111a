"""Search of lists: words are compared as people type them in a hurry, on both databases alike.

The two databases differ in what they know of letters beyond ASCII, so they are not asked: what can
be searched is folded when it is written and stored beside the text it was made of. What people type
is folded the same way, and the database looks for it letter by letter.

Folding forgets case, marks on letters, hyphens, apostrophes and characters that nobody sees, and
writes Cyrillic in Latin letters. There is more than one way to do that, so a text has up to four
spellings: as in Serbian without its marks (ж is z), the same with j, y and i as one (so that
Zaporizhzhia, Zaporizhzhya and Zaporizhzhja are), as in English (ж is zh), and as in English with a
Ukrainian г (which is h). Something is found if one spelling of it holds one spelling of each word.

Names are found by any part of them. Of longer texts beside them each word is stored once, and found
by its beginning alone: in sentences "Oman" would find every woman.

Whoever changes the folding writes a migration that folds anew what is stored
(core/schema/migrating.py).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from webapp.core.db import LARGEST_ID
from webapp.core.words.text_rules import normalized

# The dashes that Unicode does not call dashes: the minus sign and the hyphen bullet.
_MORE_HYPHENS = "\u2212\u2043"
_APOSTROPHES = re.compile(
    "['`´\u2018\u2019\u201a\u201b\u02b9-\u02bd\u02c8\u02ca\u02cb\u2032\u2035\u05f3\ua78b\ua78c\uff07\uff40]"
)
# Format characters, marks on letters, halves of characters: nobody sees or types them.
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cs"})
# What stands beside words and is no part of them. Signs such as % and * are looked for as they are.
_PUNCTUATION = ',.;:#()[]{}"“”„‟«»‹›'
_WORD = re.compile(r"\w+")
_REFERENCE = re.compile("r?0*([1-9][0-9]{0,9})")

_PLAIN = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "dj", "ѓ": "gj", "е": "e",
    "є": "je", "ж": "z", "з": "z", "ѕ": "dz", "и": "i", "і": "i", "ї": "i", "й": "j", "ј": "j",
    "к": "k", "ќ": "kj", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ў": "u", "ф": "f", "х": "h", "ц": "c",
    "ч": "c", "џ": "dz", "ш": "s", "щ": "sc", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "ju",
    "я": "ja",
    # Latin letters that do not fall apart into a base letter and a mark.
    "đ": "dj", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "e",
    "þ": "th", "æ": "ae", "œ": "oe",
})  # fmt: skip
_ENGLISH = _PLAIN | str.maketrans({
    "ж": "zh", "ч": "ch", "ћ": "ch", "ш": "sh", "щ": "shch", "ц": "ts", "х": "kh", "џ": "dzh",
    "ž": "zh", "č": "ch", "ć": "ch", "ç": "ch", "š": "sh", "ș": "sh", "ş": "sh", "ț": "ts",
    "ţ": "ts",
})  # fmt: skip
_UKRAINIAN = _ENGLISH | str.maketrans({"г": "h"})


def folded(text: str) -> str:
    """Return all spellings of a text, as they are stored; the first one also orders names."""
    return "\n".join(_spellings(_without_hyphens(_visible(text), "")))


def first_spelling(text: str) -> str:
    """Return the one spelling by which two names are known to be the same, in whichever script."""
    return folded(text).partition("\n")[0]


def beginnings(texts: Iterable[str]) -> str:
    """Return the words of longer texts in all their spellings, each once and behind a blank."""
    words = {spelling for text in texts for word in words_of(text) for spelling in _spellings(word)}
    return "".join(f" {word}" for word in sorted(words))


def words_of(query: str) -> list[str]:
    """Return the words that somebody looks for, not yet folded, each once."""
    # Parts of a word with a hyphen are looked for one by one: they are found in the whole, too.
    text = _without_hyphens(_visible(query), " ")
    # A reference is one word however it is written: R-0032, R 0032, or with a Cyrillic letter.
    text = re.sub(r"\b[rр]\s+(?=[0-9])", "r", text)
    words = dict.fromkeys(word.strip(_PUNCTUATION) or word for word in text.split())
    # A hard or a soft sign alone is written with no letter, and nothing is in every text.
    return [word for word in words if any(_spellings(word))]


def finds(
    query: str, *columns: sa.ColumnElement[str] | Any, begun: Any = None, number: Any = None
) -> sa.ColumnElement[bool]:
    """Return the condition that each word of `query` is in one of the folded `columns`.

    In the column `begun`, which holds `beginnings`, a word of it begins so. A word that is a
    number, or a reference with one, also fits the row whose `number` it is.
    """
    words = words_of(query)
    if not words:
        # Where nothing was typed nothing is narrowed; a lone hyphen or soft sign is nowhere found.
        return sa.false() if _seen(query).strip() else sa.true()
    return sa.and_(*(_is_in(word, columns, begun, number) for word in words))


def fits(query: str, text: str) -> bool:
    """Tell whether each word of `query` is in a text, for a list too short for the database."""
    words, stored = words_of(query), folded(text)
    if not words:
        return not _seen(query).strip()
    return all(any(spelling in stored for spelling in _looked_for(word)) for word in words)


def names(text: str, called: Iterable[str]) -> bool:
    """Tell whether a text has all words of one of some names, in whichever order and spelling."""
    has = _words_by_spelling(text)
    wanted = (words for name in called for words in _words_by_spelling(name))
    return any(words and words <= line for words in wanted for line in has)


def _words_by_spelling(text: str) -> list[set[str]]:
    return [set(_WORD.findall(line)) for line in folded(text).split("\n")]


def has_address(text: str, email: str) -> bool:
    """Tell whether an e-mail address stands in a text, and not a longer one that holds it."""
    address = rf"(?<![\w.+-]){re.escape(email.lower())}(?![\w-]|\.\w)"
    return re.search(address, text.lower()) is not None


def _is_in(word: str, columns: tuple[Any, ...], begun: Any, number: Any) -> sa.ColumnElement[bool]:
    spellings = _looked_for(word)
    places = [
        column.contains(spelling, autoescape=True) for spelling in spellings for column in columns
    ]
    if begun is not None:
        places += [begun.contains(f" {spelling}", autoescape=True) for spelling in spellings]
    reference = _REFERENCE.fullmatch(spellings[0])
    if number is not None and reference and int(reference[1]) <= LARGEST_ID:
        places.append(number == int(reference[1]))
    return sa.or_(*places)


def _visible(text: str) -> str:
    """Return a text in lower case without what nobody sees, and without apostrophes."""
    # Compatible forms come after the apostrophes: the acute accent would become a blank.
    text = normalized("NFKC", _APOSTROPHES.sub("", text)).casefold()
    text = _seen(normalized("NFC", _APOSTROPHES.sub("", text)))
    # Controls separate words as blanks do; the database could not store them all.
    return "".join(" " if unicodedata.category(c) == "Cc" and c != "\n" else c for c in text)


def _seen(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in _UNSEEN)


def _without_hyphens(text: str, instead: str) -> str:
    return "".join(
        instead if unicodedata.category(c) == "Pd" or c in _MORE_HYPHENS else c for c in text
    )


def _spellings(text: str) -> list[str]:
    plain = _in_latin(text, _PLAIN)
    more = (_alike(_in_latin(text, letters)) for letters in (_ENGLISH, _UKRAINIAN))
    return list(dict.fromkeys((plain, _alike(plain), *more)))


def _looked_for(word: str) -> list[str]:
    """Return the spellings of a word that somebody looks for, the plain one first.

    One that is left with a letter or two, as "fi" of Fiji, would be in every other text.
    """
    plain, *others = _spellings(word)
    return [plain, *(one for one in others if len(one) > 2 or len(one) >= len(plain))]


def _in_latin(text: str, letters: Mapping[int, str]) -> str:
    # A soft sign before these vowels is heard: Григорьев is Grigoriev.
    text = re.sub("ь(?=[еёэо])", "j", text).translate(letters)
    # Once more, for the letters that stood under marks.
    return _seen(normalized("NFKD", text)).translate(letters)


def _alike(text: str) -> str:
    """Return a spelling in which letters are one that people write for each other."""
    text = re.sub("([dgk])j", r"\1", text)
    return re.sub("[ijy]+", "i", text)


class Searchable:
    """A table with a column of folded text, made of the columns that `searched` names.

    The column is written with the row, just before it goes to the database: at every way to change
    a row by an object, and once however many columns have changed. Listening to each attribute
    would fold a half-written row several times, and a trigger would need the folding in SQL.
    """

    searched: ClassVar[tuple[str, ...]]

    # PostgreSQL would order it by the rules of a language, and SQLite orders by code points.
    search_text: Mapped[str] = mapped_column(
        sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
        default="",
        server_default=sa.text("''"),
    )


@sa.event.listens_for(Searchable, "before_insert", propagate=True)
def _fold_new(_mapper: Mapper[Any], _connection: sa.Connection, row: Searchable) -> None:
    row.search_text = search_text_of(getattr(row, name) for name in row.searched)


def search_text_of(texts: Iterable[str | None]) -> str:
    """Return the folded text of what is searched, for rows that are written without an object."""
    return folded("\n".join(text or "" for text in texts))


@sa.event.listens_for(Searchable, "before_update", propagate=True)
def _fold_changed(mapper: Mapper[Any], connection: sa.Connection, row: Searchable) -> None:
    attributes = sa.inspect(row).attrs
    if any(attributes[name].history.has_changes() for name in row.searched):
        _fold_new(mapper, connection, row)
