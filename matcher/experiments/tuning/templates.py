"""Requests pasted inside terms of reference: what the set parts around them cost the ranking.

``data/templates`` has the parts, in the platform's languages and in sets: the phrases of
``data/asides`` were developed with ``first``, ``third`` and ``fourth``, its headings with ``sixth``
the words that parts are full of with ``eighth``, beside ``ninth`` by the same hand, and where a
request stands with ``seventh`` and the papers of ``tenth`` to ``twelfth``, what only sounds like a
request with ``thirteenth`` and ``fourteenth``; ``second`` and ``fifth`` tell what they are worth on
other wordings.
``python -m matcher.experiments.tuning.templates fifth`` prints what the parts of one set cost.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from matcher.arrays import Floats
from matcher.experiments.metrics import per_request
from matcher.experiments.tuning.collection import Collection, other_collections, read_collection
from matcher.index import ExpertIndex
from matcher.language import LANGUAGES, guess_language
from matcher.records import Request

SETS: Final = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
)
_FOLDER: Final = Path(__file__).resolve().parents[3] / "data" / "templates"
# What stands before the request itself; the rest follows it.
_BEFORE: Final = ("header", "portfolio", "host")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?;]) (?=\S)")
_PAGE_LINE: Final = "Ref. 2026/118 – Draft for comments"


class BlockView(NamedTuple):
    """A set part of terms of reference."""

    language: str
    kind: str
    heading: str
    text: str


def read_parts(name: str) -> list[BlockView]:
    """The parts of one of :data:`SETS`; the sign ``\\n`` in the table is an end of line."""
    lines = (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [BlockView(*line.replace("\\n", "\n").split("\t")) for line in lines[1:]]


Disturb = Callable[[Request], Request]


def disturbances(name: str) -> Mapping[str, Disturb]:
    """Ways to paste a request into the terms of reference of a set, by name: each part under its
    heading, as a paragraph and on the same line, and all of them at once."""
    parts = read_parts(name)
    kinds = dict.fromkeys(part.kind for part in parts)
    found = dict[str, Disturb]()
    for kind in kinds:
        some = [part for part in parts if part.kind == kind]
        found[f"{kind}, under a heading"] = _pasted(some, _headed, "\n\n")
        found[f"{kind}, a paragraph"] = _pasted(some, _bare, "\n")
        found[f"{kind}, on one line"] = _pasted(some, _flat, " ")
    found["whole, numbered headings"] = _pasted(parts, _headed, "\n\n")
    found["whole, headings in capitals and bullets"] = _pasted(parts, _bulleted, "\n")
    found["whole, a line repeated on each page"] = _pasted(parts, _headed, f"\n{_PAGE_LINE}\n")
    found["whole, without headings"] = _pasted(parts, _bare, "\n\n")
    found["whole, on one line"] = _pasted(parts, _flat, " ")
    return found


def _headed(part: BlockView) -> str:
    return f"{part.heading}\n{part.text}" if part.heading else part.text


def _bare(part: BlockView) -> str:
    return part.text


def _flat(part: BlockView) -> str:
    return part.text.replace("\n", " ")


def _bulleted(part: BlockView) -> str:
    bullets = _SENTENCE_END.sub("\n- ", part.text)
    return f"{part.heading.upper()}\n- {bullets}" if part.heading else part.text


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


@dataclass(frozen=True, eq=False)
class Losses:
    """nDCG@10 that pasting costs: one value for each request of some collections, by the way of
    pasting; ``plain`` is what is measured without it, ``languages`` those of the requests."""

    languages: Sequence[str]
    plain: Floats
    by_way: Mapping[str, Floats]

    def by_language(self) -> dict[str, float]:
        """The mean loss over all ways for the requests in each language."""
        mean = np.mean(list(self.by_way.values()), axis=0)
        spoken = np.array(self.languages)
        return {
            language: float(mean[spoken == language].mean())
            for language in LANGUAGES
            if language in self.languages
        }


def losses(collections: Sequence[Collection], ways: Mapping[str, Disturb]) -> Losses:
    """What each way of pasting costs each judged request of some collections."""
    rankings = [_Measured(collection) for collection in collections]
    plain = np.concatenate([each.ndcg(lambda request: request) for each in rankings])
    return Losses(
        [
            guess_language(f"{request.title}\n{request.description}")
            for collection in collections
            for request in collection.judged
        ],
        plain,
        {
            way: plain - np.concatenate([each.ndcg(disturb) for each in rankings])
            for way, disturb in ways.items()
        },
    )


class _Measured:
    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._index = ExpertIndex(collection.experts)

    def ndcg(self, disturb: Disturb) -> Floats:
        run = {
            request.id: [
                match.expert_id
                for match in self._index.rank(disturb(request), 10, constraints=False).ranked
            ]
            for request in self._collection.judged
        }
        return np.array(list(per_request(run, self._collection.judgments, "nDCG@10").values()))


def _print_losses(found: Losses) -> None:
    print(f"without a template {found.plain.mean():.3f}")
    for way, values in found.by_way.items():
        print(f"{values.mean():6.3f}  {way}")
    every = [float(values.mean()) for values in found.by_way.values()]
    print(f"mean loss {np.mean(every):.3f}, greatest {max(every):.3f}")
    for language, loss in found.by_language().items():
        print(f"{loss:6.3f}  {language}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What pasting requests into templates costs.")
    parser.add_argument("set", choices=SETS)
    name = parser.parse_args().set
    _print_losses(losses([read_collection(), *other_collections().values()], disturbances(name)))
