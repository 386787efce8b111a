"""A language made for tests, in which every text that is marked stands in other letters.

Texts come out in Georgian letters within ⟦ ⟧, and dates and names of places and languages are those
of the CLDR for Georgian: what is left in Latin letters is what people wrote, a name or code that is
the same in every language, or a text that nobody has marked.
"""

import re
import string
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from babel.messages.pofile import read_po
from babel.support import NullTranslations

from webapp.core.words import language, translation

PSEUDO = "ka"
# What is filled in, and markup: both must come out as they are.
KEPT = re.compile(r"(%\(\w+\)[a-z]|%%|<[^>]*>|&\w+;)")
LETTERS = {
    ord(letter): 0x10D0 + number
    for letters in (string.ascii_lowercase, string.ascii_uppercase)
    for number, letter in enumerate(letters)
}
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
# A stretch of text between those that are marked; a capital Georgian letter begins a sentence.
STRETCH = re.compile(r"[^⟦⟧\u10a0-\u10ff\u1c90-\u1cbf]+")
# What joins names, codes and data where a page lists them.
JOINTS = re.compile(r"\s[·–—]\s|[,;:…?“”()\n]|[.](?:\s|$)")
# Names and codes that are the same in every language, and addresses; and days, whose name Babel's
# data for Georgian lack.
SAME = re.compile(
    r"\b(?:\d+ day|RSSRP|SEESAC|UNDP|UTC|R-\d{4,}|U\+[0-9A-F]{4,}|[ABC][12]|O[FR]-\d+"
    r"|PDF|CSV|XLSX|English|[A-Z]"
    r"|https?:\S+|[\w.+-]+@[\w.-]+)(?![\w-])"
    r"|\{(?:count|limit|link)\}|(?<!\S)/[\w/-]*"
)
NAMING = ("title", "aria-label", "placeholder", "alt")
# A row's text that is written so is a code, which people read by its label: "profile edited".
CODE = re.compile(r"[a-z][a-z :,_-]*")


def pseudo(text: str) -> str:
    """Return `text` in other letters, what is filled in and what is markup left as it is."""
    pieces = KEPT.split(text)
    pieces[::2] = [piece.translate(LETTERS) for piece in pieces[::2]]
    return f"⟦{''.join(pieces)}⟧"


class PseudoTexts(NullTranslations):
    """The texts that a catalogue knows in other letters; any other stays as it is."""

    def __init__(self, known: Iterable[tuple[str | None, str]]) -> None:
        super().__init__()
        self._known = frozenset(known)

    def _say(self, text: str, context: str | None, form: str) -> str:
        return pseudo(form) if (context, text) in self._known else form

    def ugettext(self, message: str) -> str:
        """Return a text."""
        return self._say(message, None, message)

    def ungettext(self, msgid1: str, msgid2: str, num: int) -> str:
        """Return the form of a text that fits a number."""
        return self._say(msgid1, None, msgid1 if num == 1 else msgid2)

    def upgettext(self, context: str, message: str) -> str:
        """Return a text that needs its context."""
        return self._say(message, context, message)


def _marked() -> Iterator[tuple[str | None, str]]:
    # The catalogues have every text that is marked: tests/structure/test_translations.py.
    for path in language.FOLDER.glob("*/LC_MESSAGES/messages.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                one = message.id if isinstance(message.id, str) else message.id[0]
                yield message.context, one


def speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the platform know the language."""
    texts, catalogue, known = PseudoTexts(_marked()), translation._catalogue, language.languages()
    monkeypatch.setattr(
        translation, "_catalogue", lambda code: texts if code == PSEUDO else catalogue(code)
    )
    monkeypatch.setattr(language, "languages", lambda: (*known, PSEUDO))


class Data:
    """What people wrote: the texts that the database holds, and what else was sent."""

    def __init__(self, *held: Any) -> None:
        lines = (line for text in _texts(held) for line in text.splitlines())
        self._lines = {_bare(line) for line in lines if not CODE.fullmatch(line)}
        self._all = "\n".join(self._lines)

    def holds(self, words: str) -> bool:
        """Tell whether people wrote this: the whole of a line, or several words of one."""
        bare = _bare(words)
        return bare in self._lines or (" " in bare and bare in self._all)

    def unmarked(self, text: str) -> list[str]:
        """Return the stretches of `text` that are neither marked, nor data, nor names."""
        stretches = (s for s in STRETCH.findall(text) if LATIN.search(s) and not self.holds(s))
        pieces = (piece for s in stretches for piece in JOINTS.split(SAME.sub(" ", s)))
        return [_bare(p) for p in pieces if LATIN.search(p) and not self.holds(p)]


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(" .,:;…?“”«»()*–—·")


def _texts(held: Any) -> Iterator[str]:
    """Yield the texts in rows, however deep: the details of an event are lists and mappings."""
    if isinstance(held, dict):
        held = held.values()
    if isinstance(held, str):
        yield held
    elif isinstance(held, Iterable) and not isinstance(held, bytes):
        for inner in held:
            yield from _texts(inner)


def _quoted(element: Element) -> str:
    """Return the lines of a quotation, in whose midst words shared with a request are marked."""
    begins = "\n" if element.tag in {"br", "p"} else ""
    inside = (_quoted(child) + (child.tail or "") for child in element)
    return begins + (element.text or "") + "".join(inside)


def said(element: Element) -> Iterator[str]:
    """Yield what an element says and what names it, but for what has a language of its own."""
    names = [name for name in element.attrib if name in NAMING or name.startswith("data-")]
    if element.tag == "input" and element.get("type") in {"submit", "button", "reset"}:
        names.append("value")
    yield from (str(element.get(name)) for name in names)
    if element.tag == "blockquote":
        yield from _quoted(element).splitlines()
        return
    text = element.text or ""
    for child in element:
        if child.tag == "wbr":  # A line may break there, in the midst of a word.
            text += child.tail or ""
            continue
        yield text
        # Codes and what was typed are the same in every language.
        if child.get("lang") is None and child.tag not in {"code", "textarea", "script"}:
            yield from said(child)
        text = child.tail or ""
    yield text
