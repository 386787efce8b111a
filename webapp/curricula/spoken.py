"""Languages with their levels, as curricula write them."""

import re
from dataclasses import dataclass, field

from webapp.core.words.vocabularies import CefrLevel
from webapp.curricula.wordings import Phrase, find, language_names, phrases, words_of

_CEFR = re.compile(r"(?<!\w)([ABCАВС])\s?([12])(?!\w)")
# Letters that look the same, and are typed for each other where both scripts are in use.
_LATIN = str.maketrans("АВС", "ABC")
_STANAG = re.compile(
    r"(?:STANAG(?:\s*6001)?|SLP)\D{0,12}([0-5]\+?)\W?([0-5]\+?)\W?([0-5]\+?)\W?([0-5]\+?)(?!\d)"
)
_LEVELS = ("C2", "C1", "B2", "B1", "A2")
# The columns of Europass: understanding, speaking, writing.
EUROPASS = 5


@dataclass
class Spoken:
    """A language that a curriculum names; `skills` has the levels that are told one by one."""

    code: str
    level: str = ""
    skills: dict[str, str] = field(default_factory=dict)
    stanag: str = ""
    line: int = 0


def find_languages(lines: list[tuple[int, str]], native: list[tuple[int, str]]) -> list[Spoken]:
    """Return the languages of numbered lines, each once; those of `native` are mother tongues."""
    found: dict[str, Spoken] = {}
    for number, text in native:
        for code, _rest in _named(text):
            found.setdefault(code, Spoken(code, "C2", line=number))
    last: Spoken | None = None
    for number, text in lines:
        named = _named(text)
        for code, rest in named:
            last = Spoken(code, line=number)
            _read_level(last, rest)
            known = found.setdefault(code, last)
            if known is not last and not known.level:
                found[code] = last
        if not named and last is not None and not last.level:
            # The level stands below the name.
            _read_level(last, text)
    return list(found.values())


def _named(text: str) -> list[tuple[str, str]]:
    """Return the languages that a line names, each with what stands behind it."""
    pieces = list(re.finditer(r"\w+", text))
    words = [words_of(piece[0]) for piece in pieces]
    flat: Phrase = tuple(word[0] if word else "" for word in words)
    found, at, names = [], 0, language_names()
    while at < len(flat):
        longest = min(3, len(flat) - at)
        length = next((n for n in range(longest, 0, -1) if flat[at : at + n] in names), 0)
        if length:
            found.append(
                (names[flat[at : at + length]], pieces[at].start(), pieces[at + length - 1].end())
            )
        at += length or 1
    if not found:
        return []
    ends = [start for _code, start, _end in found[1:]] + [len(text)]
    return [(code, text[end:until]) for (code, _start, end), until in zip(found, ends, strict=True)]


def _read_level(spoken: Spoken, text: str) -> None:
    """Read levels: of STANAG 6001, of the Common European Framework, or in words."""
    if profile := _STANAG.search(text):
        spoken.stanag = " ".join(profile.groups())
        text = text.replace(profile[0], " ")
    letters = [f"{a.translate(_LATIN)}{b}" for a, b in _CEFR.findall(text)]
    if len(letters) == EUROPASS:
        listening, reading, interaction, production, writing = letters
        spoken.skills = {
            "listening": listening,
            "speaking": min(interaction, production),
            "reading": reading,
            "writing": writing,
        }
    if letters:
        # Whoever asks for a level asks for all four skills, so the lowest one is the level.
        spoken.level = CefrLevel(min(letters)).value
        return
    words = words_of(text)
    told = [
        (at, -len(phrase), level)
        for level in _LEVELS
        for phrase in phrases(level)
        if (at := find(words, phrase)) >= 0
    ]
    if told:
        spoken.level = min(told)[2]
