"""Requests pasted inside terms of reference: what the set parts around them cost the ranking.

``data/templates`` has the parts, in the platform's languages and in two halves: the phrases of
``data/asides`` were developed with the first, and the second tells what they are worth on wordings
that they were not made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from matcher.language import guess_language
from matcher.records import Request

HALVES: Final = ("first", "second")
_FOLDER: Final = Path(__file__).resolve().parents[3] / "data" / "templates"
# What stands before the request itself; the rest follows it.
_BEFORE: Final = ("header", "portfolio", "host")


class BlockView(NamedTuple):
    """A set part of terms of reference."""

    language: str
    kind: str
    heading: str
    text: str


def read_parts(half: str) -> list[BlockView]:
    """The parts of one of :data:`HALVES`."""
    lines = (_FOLDER / f"{half}.tsv").read_text(encoding="utf-8").splitlines()
    return [BlockView(*line.split("\t")) for line in lines[1:]]


Disturb = Callable[[Request], Request]


def disturbances(half: str) -> Mapping[str, Disturb]:
    """Ways to paste a request into terms of reference, by name: each part under its heading, as a
    paragraph and on the same line, and all of them at once."""
    parts = read_parts(half)
    kinds = dict.fromkeys(part.kind for part in parts)
    found = dict[str, Disturb]()
    for kind in kinds:
        some = [part for part in parts if part.kind == kind]
        found[f"{kind}, under a heading"] = _pasted(some, _headed, "\n\n")
        found[f"{kind}, a paragraph"] = _pasted(some, _bare, "\n")
        found[f"{kind}, on one line"] = _pasted(some, _bare, " ")
    found["whole, numbered headings"] = _pasted(parts, _headed, "\n\n")
    found["whole, without headings"] = _pasted(parts, _bare, "\n\n")
    return found


def _headed(part: BlockView) -> str:
    return f"{part.heading}\n{part.text}" if part.heading else part.text


def _bare(part: BlockView) -> str:
    return part.text


def _pasted(
    parts: Sequence[BlockView], worded: Callable[[BlockView], str], between: str
) -> Disturb:
    def disturb(request: Request) -> Request:
        language = guess_language(f"{request.title}\n{request.description}")
        own = [part for part in parts if part.language == language]
        # A language without this part has it in English, as such papers do.
        own = own or [part for part in parts if part.language == "en"]
        return replace(request, description=between.join(_around(own, worded, request.description)))

    return disturb


def _around(
    parts: Sequence[BlockView], worded: Callable[[BlockView], str], description: str
) -> Iterator[str]:
    yield from (worded(part) for part in parts if part.kind in _BEFORE)
    if description:
        yield description
    yield from (worded(part) for part in parts if part.kind not in _BEFORE)
