"""Languages with their levels, as curricula write them."""

import re
from dataclasses import dataclass, field

from webapp.core.words.vocabularies import CefrLevel
from webapp.curricula.wordings import Phrase, find, language_names, phrases, words_of

_CEFR = re.compile(r"(?<!\w)([ABCАВСБЦ])\s?([12])(?!\w)")
# Letters that look the same, and are typed for each other where both scripts are in use; others are
# written in Cyrillic as they are spoken.
_LATIN = str.maketrans("АВСБЦ", "ABCBC")
_STANAG = re.compile(
    r"(?:STANAG(?:\s*6001)?|SLP)\D{0,12}([0-5]\+?)\W?([0-5]\+?)\W?([0-5]\+?)\W?([0-5]\+?)(?!\d)"
)
_LEVELS = ("C2", "C1", "B2", "B1", "A2")
# The columns of Europass: understanding, speaking, writing.
EUROPASS = 5


SKILLS = ("listening", "speaking", "reading", "writing")
# "Understanding" is of both.
_OF_WORDS = {**{skill: (skill,) for skill in SKILLS}, "understanding": ("listening", "reading")}


@dataclass
class Spoken:
    """A language that a curriculum names; `skills` has the levels that are told one by one."""

    code: str
    level: str = ""
    skills: dict[str, str] = field(default_factory=dict)
    stanag: str = ""
    line: int = 0
    last_line: int = 0


def find_languages(lines: list[tuple[int, str]], native: list[tuple[int, str]]) -> list[Spoken]:
    """Return the languages of numbered lines, each once; those of `native` are mother tongues."""
    found: dict[str, Spoken] = {}
    for number, text in native:
        for code, _rest in _named(text):
            found.setdefault(code, Spoken(code, "C2", line=number, last_line=number))
    last: Spoken | None = None
    heads: list[str] = []
    for number, text in lines:
        named = _named(text)
        for code, rest in named:
            last = Spoken(code, line=number, last_line=number)
            _read_level(last, rest, heads)
            known = found.setdefault(code, last)
            if known is not last and not known.level:
                found[code] = last
        if not named:
            heads = _read_below(last, number, text, heads)
    return list(found.values())


def _read_below(spoken: Spoken | None, number: int, text: str, heads: list[str]) -> list[str]:
    """Read a line that names no language: it tells the level of the one above, or that of a skill,
    or is the head of a table, of which the skills are returned from then on."""
    skills = _skills_in(text)
    if spoken is not None and (not spoken.level or (skills and _CEFR.search(text))):
        _read_level(spoken, text, heads)
        spoken.last_line = number if spoken.level else spoken.last_line
        return heads
    return skills if len(skills) > 1 else heads


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


def _read_level(spoken: Spoken, text: str, heads: list[str]) -> None:
    """Read levels: of STANAG 6001, of the Common European Framework, or in words; `heads` are the
    skills above the columns of a table."""
    if profile := _STANAG.search(text):
        spoken.stanag = " ".join(profile.groups())
        text = text.replace(profile[0], " ")
    letters = [f"{a.translate(_LATIN)}{b}" for a, b in _CEFR.findall(text)]
    spoken.skills |= _levels_of_skills(text, letters, heads)
    if letters:
        # Whoever asks for a level asks for all four skills, so the lowest one is the level.
        told = min(letters)
        spoken.level = CefrLevel(min(told, spoken.level or told)).value
        return
    words = words_of(text)
    told_in_words = [
        (at, -len(phrase), level)
        for level in _LEVELS
        for phrase in phrases(level)
        if (at := find(words, phrase)) >= 0
    ]
    if told_in_words and not spoken.level:
        spoken.level = min(told_in_words)[2]


def _levels_of_skills(text: str, letters: list[str], heads: list[str]) -> dict[str, str]:
    """Return the levels that are told one by one, by the words beside each or by their columns."""
    if len(letters) == EUROPASS:
        listening, reading, interaction, production, writing = letters
        speaking = min(interaction, production)
        return dict(zip(SKILLS, (listening, speaking, reading, writing), strict=True))
    beside = _skills_beside(text)
    if not any(beside) and len(letters) == len(heads):
        beside = [[skill] for skill in heads]
    told: dict[str, str] = {}
    for level, skills in zip(letters, beside, strict=True):
        for skill in skills:
            told[skill] = min(level, told.get(skill, level))
    return told


def _skills_beside(text: str) -> list[list[str]]:
    """Return, for each level of a text, the skills that are named before it, or behind it where
    that is how the text begins and ends: "C1 reading, B2 speaking"."""
    levels = list(_CEFR.finditer(text))
    edges = [0, *(edge for one in levels for edge in one.span()), len(text)]
    between = [_skills_in(text[edges[at] : edges[at + 1]]) for at in range(0, len(edges), 2)]
    follow = bool(between[-1]) and not between[0]
    return between[1:] if follow else between[:-1]


def _skills_in(text: str) -> list[str]:
    """Return the skills that a text names, in order."""
    words = words_of(text)
    found = sorted(
        (at, skill)
        for word, skills in _OF_WORDS.items()
        for phrase in phrases(word)
        if (at := find(words, phrase)) >= 0
        for skill in skills
    )
    return list(dict.fromkeys(skill for _at, skill in found))
