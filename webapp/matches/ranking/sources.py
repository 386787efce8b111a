"""Where in a profile something stands that an explanation quotes: the entry, as it is now."""

from collections.abc import Mapping
from typing import Any

from webapp.experts.models import Evidence, Expert


def find_evidence(entry: Mapping[str, Any], expert: Expert) -> Evidence | None:
    """Return the piece of evidence that an explained entry was read from, unless it has changed
    since."""
    if entry["kind"] != "experience":
        return None
    return next(
        (
            row
            for row in expert.evidence
            if row.title == entry["title"] and row.description in entry["text"]
        ),
        None,
    )
