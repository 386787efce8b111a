"""Where in a profile something stands that an explanation quotes: the entry, as it is now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.experts.models import Evidence, Expert


@dataclass(frozen=True)
class Source:
    """The entry of a profile that bears most on a subject, by the kind and title that the matcher
    knows; `row` is the piece of evidence, where it is one, and `more` entries name it, too."""

    kind: str
    title: str
    row: Evidence | None
    more: int


def find_source(
    explanation: Mapping[str, Any], share: Mapping[str, Any], expert: Expert
) -> Source | None:
    """Return where the words stand that an explanation has found; None for what a theme claims."""
    holding = [entry for entry in explanation["entries"] if holds(entry, share)]
    if not holding:
        return None
    first, *others = holding
    return Source(first["kind"], first["title"], find_evidence(first, expert), len(others))


def holds(entry: Mapping[str, Any], share: Mapping[str, Any]) -> bool:
    """Tell whether what was found of a subject stands in an entry that the expert wrote."""
    wordings = [re.escape(one) for one in share["found"].split(", ") if one]
    if not wordings or share.get("claimed") or entry["kind"] == "theme":
        return False
    whole_words = rf"(?<!\w)(?:{'|'.join(wordings)})(?!\w)"
    return re.search(whole_words, entry["text"], re.IGNORECASE) is not None


def find_evidence(entry: Mapping[str, Any], expert: Expert) -> Evidence | None:
    """Return the piece of evidence that an explained entry was read from, unless it has changed
    since; what is kept out of the ranking is none."""
    if entry["kind"] != "experience":
        return None
    return next(
        (
            row
            for row in expert.evidence
            if not row.kept_out and row.title == entry["title"] and _tells(entry["text"], row)
        ),
        None,
    )


def _tells(text: str, row: Evidence) -> bool:
    """Tell whether a text is that of a piece of evidence, which may be its title alone."""
    return row.description in text if row.description else text == row.title
