"""The sections of a curriculum, known by their headings."""

import re
from collections.abc import Sequence

from webapp.curricula.lines import BULLET, LONGEST_HEADING, SEPARATORS, mark_of
from webapp.curricula.wordings import headings, says, words_of

# What stands between two headings in one: "Misije i projekti", "Education & training".
# Each begins where its blanks do: a long run of them is read once.
_JOINTS = re.compile(
    r"(?<!\s)\s*+[&/+]\s*|(?<!\s)\s++(?:and|i|и|dhe|edhe|și|şi|та|й|et)\s+", re.IGNORECASE
)
_ASIDE = ("other", "personal")
# In these whoever it is may be named in the midst.
_CAREER = ("experience", "missions")
# "Missions during this time:"
_WORDS_OF_INTRODUCTION = 8

Numbered = tuple[int, str]


def sections_of(lines: Sequence[str], name: str = "") -> dict[str, list[Numbered]]:
    """Return the lines of each section; what stands before the first heading is personal.

    So is what stands below the `name` of the person behind a list, such as one of certificates: it
    begins the wide column of a page whose narrow one is read before it.

    A list of missions below a post is one of missions, and what comes after it goes on as before.
    """
    sections: dict[str, list[Numbered]] = {}
    current, mark = "personal", ""
    called = set(words_of(name))
    for number, line in enumerate(lines):
        if mark and line and not (mark_of(line) == mark or line[:1].islower()):
            current, mark = "experience", ""
            sections[current].append((number, ""))
        section, rest = heading_of(line)
        if current not in _CAREER and called and set(words_of(line)) == called:
            section, rest = "personal", line
        if current == "experience" and (found := _mark_of_missions(lines, number, section)):
            section, rest, mark = "missions", "", found
        elif section:
            mark = ""
        if section:
            current = section
            # Two parts under one heading, such as two kinds of missions, do not run together.
            sections.setdefault(current, []).append((number, ""))
        if not section or rest:
            sections.setdefault(current, []).append((number, rest or line))
    return sections


def _mark_of_missions(lines: Sequence[str], number: int, section: str) -> str:
    """Return the sign of the list that a line within posts introduces, if that is of missions."""
    line = lines[number]
    introduces = line.endswith(":") and len(words_of(line)) <= _WORDS_OF_INTRODUCTION
    if not introduces or not (section == "missions" or says(line, "mission")):
        return ""
    return mark_of(next((one for one in lines[number + 1 :] if one), ""))


def heading_of(line: str) -> tuple[str, str]:
    """Return the section that a line begins, and what stands behind its heading."""
    plain = BULLET.sub("", line).strip(SEPARATORS)
    if not plain:
        return "", ""
    if len(plain) <= LONGEST_HEADING and (section := _section_named(plain)):
        return section, ""
    before, colon, rest = plain.partition(":")
    section = headings().get(words_of(before), "") if colon else ""
    # Behind these a colon may be followed by what they are about; behind others stand labels.
    return (section, rest.strip()) if section in ("languages", "summary") else ("", "")


def _section_named(plain: str) -> str:
    """Return the section of a heading, or of one that names several."""
    if section := headings().get(words_of(plain)):
        return section
    named = [headings().get(words_of(part), "") for part in _JOINTS.split(plain)]
    if not all(named):
        return ""
    # Of education and courses together each title tells what it is; what is left aside counts last.
    if "training" in named:
        return "training"
    return next((section for section in named if section not in _ASIDE), named[0])
