"""From the text of a curriculum to pieces of a profile, each with the lines it was found in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from webapp.curricula.entries import Entry, entries_in, joined, label_of, trainings_in
from webapp.curricula.left_over import find_left_over
from webapp.curricula.lines import prepared
from webapp.curricula.sections import Numbered, sections_of
from webapp.curricula.spoken import Spoken, find_languages
from webapp.curricula.wordings import first_named, place_names, says, words_of
from webapp.experts.models import EvidenceKind, TrainingKind

# What fits into the fields of a profile.
LONGEST_SUMMARY = 3000
MOST_PIECES = 40
# A longer line that names a degree is a sentence.
_WORDS_OF_DEGREE = 12
_TELEPHONE = re.compile(r"\+\d[\d ()/.-]{7,18}\d")
_EVIDENCE = ("experience", "missions")
_KINDS = (
    ("training given", EvidenceKind.TRAINING_GIVEN),
    ("mission", EvidenceKind.MISSION),
    ("procedure", EvidenceKind.PROCEDURE),
    ("project", EvidenceKind.PROJECT),
)


@dataclass
class Found:
    """What a curriculum tells: its lines, and the pieces that were found in them."""

    lines: list[str]
    summary: str = ""
    telephone: str = ""
    evidence: list[Entry] = field(default_factory=list)
    trainings: list[Entry] = field(default_factory=list)
    languages: list[Spoken] = field(default_factory=list)
    # The numbers of the lines of which nothing, or not all, is in a piece.
    left_over: list[int] = field(default_factory=list)


def read(text: str, name: str = "") -> Found:
    """Return the pieces of the curriculum of somebody, in the order in which they stand there."""
    lines = prepared(text)
    sections = sections_of(lines, name)
    found = Found(lines)
    found.summary = joined(line for _, line in sections.get("summary", ()))[:LONGEST_SUMMARY]
    found.telephone = _telephone(lines)
    for section in _EVIDENCE:
        for entry in entries_in(sections.get(section, [])):
            _name_kind(entry, section)
            found.evidence.append(entry)
    for section in ("education", "training"):
        for entry in trainings_in(sections.get(section, [])):
            entry.kind = _training_kind(entry.title, section)
            found.trainings.append(entry)
    spoken, native = _spoken_lines(lines, sections)
    found.languages = find_languages(spoken, native)
    found.evidence, found.trainings = found.evidence[:MOST_PIECES], found.trainings[:MOST_PIECES]
    found.left_over = _left_over(found)
    if degrees := list(_stray_degrees(found)):
        found.trainings = [*found.trainings, *degrees][:MOST_PIECES]
        found.left_over = _left_over(found)
    return found


def _left_over(found: Found) -> list[int]:
    return find_left_over(
        found.lines,
        [*found.evidence, *found.trainings],
        [number for one in found.languages for number in range(one.line, one.last_line + 1)],
        [found.summary, found.telephone],
    )


def _stray_degrees(found: Found) -> Iterator[Entry]:
    """Yield the degrees with a year that stand under no heading of education, such as in a table at
    the end, of a curriculum that tells of no other."""
    if any(entry.kind == TrainingKind.DEGREE.value for entry in found.trainings):
        return
    for number in found.left_over:
        line = found.lines[number]
        if len(words_of(line)) <= _WORDS_OF_DEGREE and says(line, "name of degree"):
            for entry in trainings_in([(number, line)]):
                if entry.period:
                    entry.kind = TrainingKind.DEGREE.value
                    yield entry


def _name_kind(entry: Entry, section: str) -> None:
    is_mission = section == "missions" or entry.is_below
    otherwise = EvidenceKind.MISSION if is_mission else EvidenceKind.POST
    # What it was stands before a colon, as whom behind it: "Mission to Moldova: mentor".
    what = entry.title.partition(":")[0]
    entry.kind = (_kind_in(what) or _kind_in(entry.title) or otherwise).value
    where = f"{entry.title} {entry.place} {entry.description}"
    entry.jurisdiction = first_named(where, place_names())


def _kind_in(text: str) -> EvidenceKind | None:
    return next((kind for word, kind in _KINDS if says(text, word)), None)


def _training_kind(title: str, section: str) -> str:
    if says(title, "degree") or (section == "education" and not says(title, "certificate")):
        return TrainingKind.DEGREE.value
    return (TrainingKind.CERTIFICATE if says(title, "certificate") else TrainingKind.COURSE).value


def _spoken_lines(
    lines: Sequence[str], sections: dict[str, list[Numbered]]
) -> tuple[list[Numbered], list[Numbered]]:
    """Return the lines on languages, and those of them that name mother tongues."""
    spoken: list[Numbered] = []
    native: list[Numbered] = []
    for number, line in sections.get("languages", ()):
        (native if label_of(line)[0] == "mother tongue" else spoken).append((number, line))
    # Forms put the mother tongue among personal data, and its label in a line of its own.
    for number, line in enumerate(lines):
        label, rest = label_of(line)
        if label == "mother tongue":
            following = lines[number + 1] if number + 1 < len(lines) else ""
            native.append((number, rest or following))
    return spoken, native


def _telephone(lines: Sequence[str]) -> str:
    found = next((f for line in lines[:60] if (f := _TELEPHONE.search(line))), None)
    return found[0] if found else ""
