"""Blocks of profiles as named arrays and a few facts, which is how they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import Counts, Ints, bounds_of, joined
from matcher.eligibility import ConstraintTable
from matcher.store.blocks import Block
from matcher.store.encoded_experts import EncodedExperts
from matcher.store.length_normalization import MeanLengths
from matcher.store.postings import DenseRow, Postings
from matcher.store.profile_table import ProfileTable

Arrays = Mapping[str, NDArray[Any]]

_OF_PROFILES: Final = (
    "thin", "whole_norms", "entries", "weights", "norms", "terms", "columns", "counts",
    "marked", "marks", "sentenced", "sentences", "entry_facts", "profile_facts",
)  # fmt: skip
_OF_SCREEN: Final = (
    "languages_known", "max_days", "approved_until", "notice_days", "busy", "starts", "ends",
)  # fmt: skip
# The arrays, with their kinds of number and what one row of those with rows is long.
KINDS: Final[Mapping[str, tuple[str, int | None]]] = {
    "text": ("uint8", None),
    "text_bounds": ("int64", None),
    "hashes": ("uint64", None),
    "thin": ("bool", None),
    "whole_norms": ("float64", None),
    "entries": ("int64", None),
    "weights": ("float64", None),
    "norms": ("float64", None),
    "terms": ("int64", None),
    "columns": ("int32", None),
    "counts": ("int32", None),
    "marked": ("int64", None),
    "marks": ("int32", 3),
    "sentenced": ("int64", None),
    "sentences": ("int32", 2),
    "entry_facts": ("int32", 5),
    "profile_facts": ("int32", 3),
    "indptr": ("int64", None),
    "rows": ("int32", None),
    "values": ("float32", None),
    "common_terms": ("int64", None),
    "common_units": ("float64", None),
    "common_rows": ("uint8", None),
    "languages_known": ("bool", None),
    "levels": ("int8", None),
    "homes": ("int32", None),
    "homes_bounds": ("int64", None),
    "closed": ("int32", None),
    "closed_bounds": ("int64", None),
    "max_days": ("int32", None),
    "approved_until": ("int32", None),
    "notice_days": ("int32", None),
    "full": ("int32", None),
    "full_bounds": ("int64", None),
    "busy": ("int32", None),
    "starts": ("int32", None),
    "ends": ("int32", None),
}


def facts_of(block: Block) -> dict[str, Any]:
    """What of a block is no array."""
    return {
        "means": list(block.means),
        "languages": list(block.constraint_table.levels),
        "homes": list(block.constraint_table.homes),
        "closed": list(block.constraint_table.closed),
        "full": list(block.constraint_table.full),
    }


def arrays_of(block: Block) -> Arrays:
    """The arrays of a block, by the names of :data:`KINDS`; no copies of the large ones."""
    profiles, postings, constraint_table = block.profiles, block.postings, block.constraint_table
    rows = list(postings.common.values())
    return {
        "text": profiles.experts.text,
        "text_bounds": profiles.experts.bounds,
        "hashes": profiles.experts.hashes,
        **{name: getattr(profiles, name) for name in _OF_PROFILES},
        "indptr": postings.indptr,
        "rows": postings.rows,
        "values": postings.values,
        "common_terms": np.array(list(postings.common), dtype=np.int64),
        "common_units": np.array([row.unit for row in rows], dtype=np.float64),
        "common_rows": joined([row.bytes for row in rows], np.uint8),
        "levels": joined(list(constraint_table.levels.values()), np.int8),
        **_listed("homes", constraint_table.homes),
        **_listed("closed", constraint_table.closed),
        **_listed("full", constraint_table.full),
        **{name: getattr(constraint_table, name) for name in _OF_SCREEN},
    }


def _listed(name: str, places: Mapping[str, Ints]) -> dict[str, NDArray[Any]]:
    found = list(places.values())
    return {
        name: joined(found, np.int32),
        f"{name}_bounds": bounds_of([len(each) for each in found]),
    }


def block_of(arrays: Arrays, facts: Mapping[str, Any], terms: int) -> Block:
    """The block that has these arrays and facts, beside a vocabulary of so many terms.

    Raises :class:`ValueError` where they do not agree, so that nothing is looked up beyond an end.
    """
    size = len(arrays["hashes"])
    _check(arrays, size, terms)
    postings = _postings(arrays, size)
    if not all(len(row.bytes) == size for row in postings.common.values()):
        raise ValueError("common terms and experts do not agree")
    return Block(
        profiles=ProfileTable(
            EncodedExperts(arrays["text"], arrays["text_bounds"], arrays["hashes"]),
            *(arrays[name] for name in _OF_PROFILES),
        ),
        postings=postings,
        constraint_table=_screen(arrays, facts, size),
        means=MeanLengths(*map(float, facts["means"])),
    )


def _postings(arrays: Arrays, size: int) -> Postings:
    rows = zip(arrays["common_units"].tolist(), _cut(arrays["common_rows"], size), strict=True)
    common = zip(arrays["common_terms"].tolist(), rows, strict=True)
    return Postings(
        size,
        arrays["indptr"],
        arrays["rows"],
        arrays["values"],
        {term: DenseRow(unit, row) for term, (unit, row) in common},
    )


def _screen(arrays: Arrays, facts: Mapping[str, Any], size: int) -> ConstraintTable:
    levels = _cut(arrays["levels"], size)
    return ConstraintTable(
        size=size,
        levels=dict(zip(map(str, facts["languages"]), levels, strict=True)),
        homes=_by_code(arrays, "homes", facts),
        closed=_by_code(arrays, "closed", facts),
        full=_by_code(arrays, "full", facts),
        **{name: arrays[name] for name in _OF_SCREEN},
    )


def _by_code(arrays: Arrays, name: str, facts: Mapping[str, Any]) -> dict[str, Ints]:
    ends = arrays[f"{name}_bounds"].tolist()
    places = [arrays[name][first:last] for first, last in pairwise(ends)]
    return dict(zip(map(str, facts[name]), places, strict=True))


def _cut(array: NDArray[Any], size: int) -> Sequence[NDArray[Any]]:
    return [array[at : at + size] for at in range(0, len(array), size or 1)]


def _check(arrays: Arrays, size: int, terms: int) -> None:
    for bounds, number, bounded in (
        ("text_bounds", size, ("text",)),
        ("entries", size, ("weights", "norms", "entry_facts")),
        ("terms", len(arrays["weights"]), ("columns", "counts")),
        ("marked", len(arrays["weights"]), ("marks",)),
        ("sentenced", len(arrays["weights"]), ("sentences",)),
        ("indptr", None, ("rows", "values")),
        ("homes_bounds", None, ("homes",)),
        ("closed_bounds", None, ("closed",)),
        ("full_bounds", None, ("full",)),
    ):
        if not _are_bounds(arrays[bounds], number, [len(arrays[name]) for name in bounded]):
            raise ValueError(f"{bounds} and {' and '.join(bounded)} do not agree")
    if not len(arrays["busy"]) == len(arrays["starts"]) == len(arrays["ends"]):
        raise ValueError("the periods of the busy do not agree")
    for name in ("thin", "whole_norms", "profile_facts", "languages_known", "max_days",
                 "approved_until", "notice_days"):  # fmt: skip
        if len(arrays[name]) != size:
            raise ValueError(f"{name} and experts do not agree")
    for name, most in (("rows", size), ("homes", size), ("closed", size), ("full", size),
                       ("busy", size), ("columns", terms), ("common_terms", terms)):  # fmt: skip
        if arrays[name].min(initial=0) < 0 or arrays[name].max(initial=-1) >= most:
            raise ValueError(f"{name} has a number that stands for nothing")


def _are_bounds(bounds: Counts, number: int | None, lengths: Sequence[int]) -> bool:
    """Whether they begin and end so many stretches, all of arrays of these lengths."""
    if len(bounds) == 0 or (number is not None and len(bounds) != number + 1):
        return False
    ends = {0 if len(bounds) == 1 else int(bounds[-1]), *lengths}
    return bool(bounds[0] == 0 and len(ends) == 1 and np.all(bounds[1:] >= bounds[:-1]))
