"""The pieces that the ranking reads a profile in."""

from __future__ import annotations

from typing import NamedTuple

from matcher.records.experts import Experience


class Entry(NamedTuple):
    """One piece of an expert's profile as the ranking reads it: a vector of its own.

    ``kind`` is ``summary``, ``theme``, ``experience`` or ``training``; ``text`` holds all that is
    read, ``title`` included where there is one. The score of the entry is multiplied by ``weight``:
    1 for evidence, less for a claim (see :class:`matcher.settings.Settings`). ``experience`` is the
    record that one of that kind is of.
    """

    kind: str
    title: str
    text: str
    weight: float = 1.0
    experience: Experience | None = None
