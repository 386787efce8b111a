"""A test collection: experts, requests, graded judgments and tags."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from matcher.experiments.metrics import Judgments, Run, per_request, read_judgments, read_tags
from matcher.records import Expert, Request, read_records

_DATA: Final = Path(__file__).resolve().parents[3] / "data"
DEMO: Final = _DATA / "demo"


@dataclass(frozen=True)
class Collection:
    """Experts and requests with the grades of pairs (pairs not listed have grade 0) and the tags of
    requests."""

    experts: Sequence[Expert]
    requests: Sequence[Request]
    judgments: Judgments
    tags: Mapping[str, Sequence[str]]

    @property
    def judged(self) -> list[Request]:
        """The requests that have judgments, in the order of those."""
        by_id = {request.id: request for request in self.requests}
        return [by_id[request_id] for request_id in self.judgments]

    def measured(self, run: Run, measure: str = "nDCG@10") -> list[float]:
        """One measure of a run for each judged request."""
        return list(per_request(run, self.judgments, measure).values())


def read_collection(folder: str | os.PathLike[str] = DEMO) -> Collection:
    """Read ``experts.jsonl``, ``requests.jsonl``, ``qrels.txt`` and, if it is there, ``tags.tsv``.

    Raises :class:`InputFileError` for a faulty file.
    """
    base = Path(folder)
    tags = base / "tags.tsv"
    return Collection(
        read_records(base / "experts.jsonl", Expert.from_dict),
        read_records(base / "requests.jsonl", Request.from_dict),
        read_judgments(base / "qrels.txt"),
        read_tags(tags) if tags.exists() else {},
    )


def other_collections() -> dict[str, Collection]:
    """The collections beside the demo, by name, each written by somebody who had seen neither the
    thesaurus nor another collection."""
    return {
        folder.name: read_collection(folder) for folder in sorted((_DATA / "collections").iterdir())
    }


def all_collections() -> dict[str, Collection]:
    """All eight, by name: the demo, the others beside it, and those that were kept apart."""
    apart = {folder.name: read_collection(folder) for folder in sorted((_DATA / "apart").iterdir())}
    return {"demo": read_collection(), **other_collections(), **apart}
