"""What every text must satisfy that people send, and how it is cleaned before it is stored.

Texts come from office programs, mails and telephones with characters that nobody sees. What can be
meant in one way only is put right without a word; what no page and no database can hold is refused.
"""

import re
import unicodedata
from typing import Literal

from markupsafe import Markup, escape

# Word breaks lines with a vertical tab and pages with a form feed; old systems use U+0085.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\n\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Characters without width and marks of direction: they make two texts differ that look alike, and
# those of direction make a name or a sentence read as another. js/counter.js has the same list.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Joiners shape Arabic and Indic letters and bind emoji to one picture, so they stay between such.
# Anywhere else, as between the Latin or Cyrillic letters of a name, they can only deceive.
_JOINABLE = (
    "[\u0600-\u1cff\u2190-\u2bff\ua840-\uabff\ufb50-\ufdff\ufe00-\ufe0f\ufe70-\ufefe"
    "\U00010a00-\U0001faff]"
)
_LOOSE_JOINERS = re.compile(f"(?<!{_JOINABLE})[\u200c\u200d]|[\u200c\u200d](?!{_JOINABLE})")
# Alphabets with letters that look alike, by the first words of the names that Unicode gives them.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "GEORGIAN", "CHEROKEE"})
# What looks like an e-mail address within a text, such as the answer of a mail server. What stands
# before the sign is looked through once, from where it begins, so that a long word takes no time.
_NO_PART = r"\s<>()\[\]{}'\",;:"
_ADDRESS = re.compile(f"(?<![^{_NO_PART}@])[^{_NO_PART}@]++@[^{_NO_PART}]+")
# What HTML does not allow: controls but tab and line ends, surrogates, Unicode's noncharacters.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
    )
    + "]"
)


# Marks on letters. Nobody reads thirty on one, and what brings a text into one form takes a time
# that grows with the square of their number. Source: UAX 15, 13, stream-safe text format.
MOST_MARKS = 30


def _is_mark(sign: str) -> bool:
    """Tell whether a sign is a mark, or becomes one in a compatible form, as U+FF9E does."""
    return unicodedata.combining(unicodedata.normalize("NFKD", sign)[0]) > 0


_MARKS = re.escape("".join(filter(_is_mark, map(chr, range(0x300, 0x1F000)))))
_TOO_MANY_MARKS = re.compile(f"([{_MARKS}]{{{MOST_MARKS}}})[{_MARKS}]+")
_NEITHER = re.compile(rf"[^\w{_MARKS}]+")


def has_too_many_marks(value: str) -> bool:
    """Tell whether a letter has more marks than anybody writes; what is no letter parts none of
    them, because fields, and who reads them, take out blanks, apostrophes and invisible signs."""
    if value.isascii():
        return False
    # Some of what nobody sees counts as letters to Unicode.
    letters_and_marks = _NEITHER.sub("", _INVISIBLE.sub("", value))
    return _TOO_MANY_MARKS.search(letters_and_marks) is not None


def stream_safe(value: str) -> str:
    """Return a text from a file without the marks beyond those that a letter can have."""
    return value if value.isascii() else _TOO_MANY_MARKS.sub(r"\1", value)


def normalized(form: Literal["NFC", "NFKC", "NFKD"], value: str) -> str:
    """Return a text in one of Unicode's normal forms, in a time that grows with its length.

    Whatever was taken out of it before may have brought marks of several letters onto one.
    """
    return unicodedata.normalize(form, stream_safe(value))


def cleaned_text(value: str) -> str:
    """Return a text of several lines as it is stored."""
    seen = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", value))
    return _LOOSE_JOINERS.sub("", seen).strip()


def cleaned_line(value: str) -> str:
    """Return a text of one line as it is stored: line ends, tabs and wide spaces become blanks."""
    return _BLANKS.sub(" ", cleaned_text(value))


def without_blanks(value: str) -> str:
    """Return what is written without blanks: a number or an address for mail."""
    return re.sub("[\\s\u200c\u200d]", "", cleaned_line(value))


def trimmed(value: str) -> str:
    """Return a text without the blanks and line ends around it, and unchanged within."""
    return value.strip().strip("\u200b\u200e\u200f\u2060\ufeff").strip()


def first_capital(text: str) -> str:
    """Return a text that begins as a sentence does; abbreviations within it stay as they are."""
    return text[:1].upper() + text[1:]


def first_unstorable(value: str) -> str | None:
    """Return the first character that no page and no database can hold."""
    found = _UNSHOWABLE.search(value)
    return found[0] if found else None


def storable(value: str) -> str:
    """Return a text that was read from a file, with a blank for each character that no page and no
    database can hold, and without marks beyond those that a letter can have: nobody has typed it,
    and so nobody could mend it."""
    return stream_safe(_UNSHOWABLE.sub(" ", _LINE_ENDS.sub("\n", value)))


def has_words(value: str) -> bool:
    """Tell whether somebody would read anything in a text."""
    return bool(re.search(r"\w", value))


def scripts(value: str) -> set[str]:
    """Return the scripts of the letters of a text, as the names that Unicode gives them begin."""
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in value if sign.isalpha()}


def mixed_word(value: str) -> str | None:
    """Return the first word that mixes letters of two alphabets, many of which look alike."""
    words: list[str] = re.findall(r"\w+", value)
    return next((one for one in words if len(_ALIKE & scripts(one)) > 1), None)


def showable(value: object) -> Markup:
    """Return a text for a page, with a mark for each character that no page may hold."""
    shown = "" if value is None else escape(value)
    return Markup(_UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", shown))  # noqa: S704 - escaped above.


def without_addresses(value: str, instead: str = "…") -> str:
    """Return a text with a sign in place of each e-mail address in it."""
    return _ADDRESS.sub(instead, value)


def shortened(value: str, limit: int) -> str:
    """Return a text of at most `limit` characters; what is too long ends at a word and with "…"."""
    if len(value) <= limit:
        return value
    whole_words = value[:limit].rpartition(" ")[0]
    # Where a very long word would leave too little of the text, that word is cut.
    kept = whole_words if len(whole_words) > limit // 2 else value[: limit - 1]
    return kept.rstrip() + "…"
