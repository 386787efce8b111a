"""What the matcher sets aside of a request, and what coordinators have taken back of it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import matcher


@dataclass(frozen=True)
class Passage:
    """A passage that is not ranked by, of which kind it is, and whether it was taken back."""

    text: str
    kind: str
    digest: str
    counts: bool


def digest_of(text: str) -> str:
    """Return the SHA-256 of a passage's words, wherever its lines break."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()


def with_counted(
    index: matcher.ExpertIndex, asked: matcher.Request, counted: Set[str]
) -> matcher.Request:
    """Return the request so that the passages with these hashes count."""
    if not counted:
        return asked
    import matcher

    kept = tuple(
        matcher.Stretch(aside.field, aside.start, aside.end)
        for aside in index.asides(asked)
        if digest_of(_text(asked, aside)) in counted
    )
    return dataclasses.replace(asked, kept=kept)


def list_passages(asked: matcher.Request, asides: Sequence[matcher.Aside]) -> list[Passage]:
    """Return what is set aside of a request, in order, each passage once."""
    found: dict[str, Passage] = {}
    for aside in asides:
        text = _text(asked, aside)
        digest = digest_of(text)
        found.setdefault(digest, Passage(text.strip(), aside.kind, digest, aside.kept))
    return list(found.values())


def _text(asked: matcher.Request, aside: matcher.Aside) -> str:
    whole: str = getattr(asked, aside.field)
    return whole[aside.start : aside.end]
