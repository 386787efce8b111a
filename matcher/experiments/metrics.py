"""How good rankings are, against graded judgments: the usual measures, by tag, with intervals.

The definitions are those of trec_eval (gains linear in the grade, unjudged means grade 0, a request
without a ranking counts 0), so that figures can be compared with other tools' to the last digit but
for ties.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrays import Floats
from matcher.errors import InputFileError

Run = Mapping[str, Sequence[str]]
Judgments = Mapping[str, Mapping[str, int]]

FIRST_CHOICE_GRADE: Final = 3
RESAMPLES: Final = 10_000
SEED: Final = 20_181_105


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain: ``Σ g_i / log2(i + 1)`` of the first ``depth``, over
    the best possible.

    Järvelin and Kekäläinen 2002, with the grade itself as gain; 0 if nothing is relevant.
    """
    ideal = _gain(sorted(grades.values(), reverse=True), depth)
    return (
        _gain([grades.get(expert_id, 0) for expert_id in ranking], depth) / ideal if ideal else 0.0
    )


def _gain(grades: Sequence[int], depth: int) -> float:
    return sum(
        max(grade, 0) / math.log2(place + 1) for place, grade in enumerate(grades[:depth], start=1)
    )


def average_precision(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Mean, over the experts of grade 1 and more, of the precision at their place (0 for those not
    ranked)."""
    relevant = _relevant(grades)
    found, total = 0, 0.0
    for place, expert_id in enumerate(ranking, start=1):
        if expert_id in relevant:
            found += 1
            total += found / place
    return total / len(relevant) if relevant else 0.0


def precision(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 3) -> float:
    """Share of the first ``depth`` places with an expert of grade 1 or more; empty places count as
    wrong."""
    relevant = _relevant(grades)
    return sum(expert_id in relevant for expert_id in ranking[:depth]) / depth


def recall(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 20) -> float:
    """Share of the experts of grade 1 and more that stand among the first ``depth``."""
    relevant = _relevant(grades)
    return (
        sum(expert_id in relevant for expert_id in ranking[:depth]) / len(relevant)
        if relevant
        else 0.0
    )


def first_is_best(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 if the first place has grade 3, else 0."""
    return float(bool(ranking) and grades.get(ranking[0], 0) >= FIRST_CHOICE_GRADE)


def rank_biased_overlap(
    one: Sequence[str], other: Sequence[str], persistence: float = 0.9
) -> float:
    """How far two rankings of different length and members agree, the first places counting most:
    1 for the same ranking, 0 for two without a common member.

    Extrapolated rank-biased overlap of Webber, Moffat and Zobel 2010, equation 32. A reader goes on
    to the next place with probability ``persistence`` (between 0 and 1, without either). Two empty
    rankings agree. Raises :class:`ValueError` for a ranking that names a member twice.
    """
    if not 0 < persistence < 1:
        raise ValueError("persistence must lie between 0 and 1")
    if len(set(one)) < len(one) or len(set(other)) < len(other):
        raise ValueError("a ranking names a member twice")
    short, long = sorted((one, other), key=len)
    if not short:
        return float(not long)
    overlaps = _overlaps(short, long)
    s, n = len(short), len(long)
    weights = [persistence**depth for depth in range(1, n + 1)]
    seen = sum(
        overlap / depth * weight
        for depth, (overlap, weight) in enumerate(zip(overlaps, weights, strict=True), start=1)
    )
    missing = sum(
        overlaps[s - 1] * (depth - s) / (s * depth) * weights[depth - 1]
        for depth in range(s + 1, n + 1)
    )
    beyond = (overlaps[-1] - overlaps[s - 1]) / n + overlaps[s - 1] / s
    return (1 - persistence) / persistence * (seen + missing) + beyond * weights[-1]


def _overlaps(short: Sequence[str], long: Sequence[str]) -> list[int]:
    """How many members two rankings have in common among the first 1, 2, … of the longer one."""
    seen_short: set[str] = set()
    seen_long: set[str] = set()
    overlaps = []
    for place, member in enumerate(long):
        seen_long.add(member)
        seen_short.update(short[place : place + 1])
        overlaps.append(len(seen_short & seen_long))
    return overlaps


def _relevant(grades: Mapping[str, int]) -> set[str]:
    return {expert_id for expert_id, grade in grades.items() if grade >= 1}


MEASURES: Final[dict[str, Callable[[Sequence[str], Mapping[str, int]], float]]] = {
    "nDCG@10": ndcg,
    "MAP": average_precision,
    "P@3": precision,
    "R@20": recall,
    "P(first is grade 3)": first_is_best,
}


@dataclass(frozen=True)
class Estimate:
    """A mean over requests, with the bounds of its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    requests: int


def per_request(run: Run, judgments: Judgments, measure: str) -> dict[str, float]:
    """One measure for each judged request; requests that the run lacks get the measure of an empty
    ranking."""
    return {
        request_id: MEASURES[measure](run.get(request_id, ()), grades)
        for request_id, grades in judgments.items()
    }


def estimate(values: Sequence[float], resamples: int = RESAMPLES) -> Estimate:
    """Mean with percentile bootstrap interval (Efron 1979) over requests, from a fixed seed."""
    if not values:
        raise ValueError("no request to average over")
    sample = np.asarray(values, dtype=np.float64)
    means = _bootstrap_means(sample, resamples)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(sample.mean()), float(low), float(high), len(sample))


def compare(run: Run, other: Run, judgments: Judgments, measure: str = "nDCG@10") -> Estimate:
    """Mean gain of ``run`` over ``other``, with a paired bootstrap interval: both are drawn on the
    same requests."""
    ours, theirs = per_request(run, judgments, measure), per_request(other, judgments, measure)
    return estimate([ours[request_id] - theirs[request_id] for request_id in judgments])


def _bootstrap_means(sample: Floats, resamples: int) -> Floats:
    drawn = np.random.default_rng(SEED).integers(0, len(sample), size=(resamples, len(sample)))
    means: Floats = sample[drawn].mean(axis=1)
    return means


def by_tag(
    run: Run, judgments: Judgments, tags: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Estimate]]:
    """All measures over all requests (under ``all``) and over those of each tag: ``{tag: {measure:
    estimate}}``."""
    values = {measure: per_request(run, judgments, measure) for measure in MEASURES}
    return {
        tag: {measure: estimate([values[measure][m] for m in members]) for measure in MEASURES}
        for tag, members in groups_of(judgments, tags).items()
    }


def groups_of(
    request_ids: Iterable[str], tags: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """The requests of each tag that has any, after all of them under ``all``."""
    groups: dict[str, list[str]] = {"all": list(request_ids)}
    for tag in sorted({tag for request_tags in tags.values() for tag in request_tags}):
        members = [request_id for request_id in groups["all"] if tag in tags.get(request_id, ())]
        if members:
            groups[tag] = members
    return groups


def read_run(path: str | os.PathLike[str]) -> dict[str, list[str]]:
    """Read a TREC run: ``request Q0 expert rank score tag``, ordered by score, then by the rank
    written."""
    rows: dict[str, list[tuple[float, int, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for number, cells in _lines(path, 6, "request Q0 expert rank score tag"):
        request_id, _, expert_id, place, score, _ = cells
        if (request_id, expert_id) in seen:
            raise InputFileError(
                str(path), number, f"expert: {expert_id} stands there twice for {request_id}"
            )
        seen.add((request_id, expert_id))
        row = (
            -_number(path, number, "score", score),
            _whole(path, number, "rank", place),
            expert_id,
        )
        rows.setdefault(request_id, []).append(row)
    return {
        request_id: [expert_id for _, _, expert_id in sorted(found)]
        for request_id, found in rows.items()
    }


def read_judgments(path: str | os.PathLike[str]) -> dict[str, dict[str, int]]:
    """Read TREC judgments: ``request 0 expert grade``."""
    judgments: dict[str, dict[str, int]] = {}
    for number, (request_id, _, expert_id, grade) in _lines(path, 4, "request 0 expert grade"):
        grades = judgments.setdefault(request_id, {})
        if expert_id in grades:
            raise InputFileError(
                str(path), number, f"expert: {expert_id} stands there twice for {request_id}"
            )
        grades[expert_id] = _whole(path, number, "grade", grade)
    if not judgments:
        raise InputFileError(str(path), None, "no judgment in it")
    return judgments


def read_tags(path: str | os.PathLike[str]) -> dict[str, list[str]]:
    """Read tags: a header line, then request id and comma-separated tags with a tab between."""
    tags = {}
    for number, line in enumerate(_text_of(path).split("\n")[1:], start=2):
        if line.strip():
            request_id, separator, cell = line.partition("\t")
            if not separator:
                raise InputFileError(str(path), number, "tags: a tab is missing")
            tags[request_id.strip()] = [tag.strip() for tag in cell.split(",") if tag.strip()]
    return tags


def _lines(path: str | os.PathLike[str], columns: int, form: str) -> list[tuple[int, list[str]]]:
    rows = []
    for number, line in enumerate(_text_of(path).split("\n"), start=1):
        cells = line.split()
        if cells and len(cells) != columns:
            raise InputFileError(
                str(path), number, f"{columns} columns are expected ({form}), not {len(cells)}"
            )
        if cells:
            rows.append((number, cells))
    return rows


def _text_of(path: str | os.PathLike[str]) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(str(path), None, f"cannot be read ({error})") from error


def _number(path: str | os.PathLike[str], line: int, field: str, cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputFileError(str(path), line, f"{field}: a number is expected, not {cell[:40]!r}")
    return number


def _whole(path: str | os.PathLike[str], line: int, field: str, cell: str) -> int:
    number = _number(path, line, field, cell)
    if number != int(number):
        raise InputFileError(
            str(path), line, f"{field}: a whole number is expected, not {cell[:40]!r}"
        )
    return int(number)
