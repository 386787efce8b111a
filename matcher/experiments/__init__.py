"""How good and how fast rankings are.

In: rankings with graded judgments, settings to be compared, sizes of rosters.
Out: measures with intervals (:mod:`matcher.experiments.metrics`), settings and designs compared
(:mod:`matcher.experiments.tuning`), speed beside other engines
(:mod:`matcher.experiments.benchmark`), what a ranking of the first cut of a search engine loses
(:mod:`matcher.experiments.first_cut`), reasons drawn for a person to judge
(:mod:`matcher.experiments.explanation_sample`).
"""

from __future__ import annotations

from matcher.experiments.benchmark.options import add_options
from matcher.experiments.explanation_sample import all_rows, as_table, drawn
from matcher.experiments.first_cut.options import add_cut_options
from matcher.experiments.metrics import (
    Estimate,
    by_tag,
    compare,
    read_judgments,
    read_run,
    read_tags,
)

__all__ = [
    "Estimate",
    "add_cut_options",
    "add_options",
    "all_rows",
    "as_table",
    "by_tag",
    "compare",
    "drawn",
    "read_judgments",
    "read_run",
    "read_tags",
]
