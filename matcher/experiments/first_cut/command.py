"""``python -m matcher first-cut``: what the ranking of the last thousand loses, on all collections
within a crowd."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from itertools import chain
from statistics import fmean
from typing import Any

from matcher.experiments.benchmark.machine import describe
from matcher.experiments.first_cut.cuts import CUTS
from matcher.experiments.first_cut.measure import Crowd, measure
from matcher.experiments.first_cut.strangers import crowd, named_apart
from matcher.experiments.tuning.collection import all_collections
from matcher.file_replacement import replace_file
from matcher.index import ExpertIndex
from matcher.thesaurus import default_thesaurus


def first_cut(options: argparse.Namespace) -> None:
    """Measure what the options name, print a table, and write all figures as JSON if asked."""
    collections = named_apart(all_collections())
    known = list(chain.from_iterable(one.experts for one in collections.values()))
    strangers = crowd(options.kind, options.strangers, options.seed, known, default_thesaurus())
    people = [*known, *strangers]
    _say(f"reading {len(people):,} profiles")
    index = ExpertIndex(people, processes=options.processes)
    _say("cutting and ranking")
    found = {
        "strangers": options.strangers,
        "kind": options.kind,
        "seed": options.seed,
        "machine": describe(),
        **measure(Crowd(index, collections), CUTS, people),
    }
    print(table(found))
    if options.json:
        replace_file(options.json, (json.dumps(found, indent=1) + "\n").encode("utf-8"))


def table(found: Mapping[str, Any]) -> str:
    """The means over the collections, as Markdown."""
    collections = list(found["collections"].values())
    depths = list(next(iter(collections[0]["cuts"].values())))
    everybody = fmean(one["everybody"] for one in collections)
    lines = [
        f"{found['strangers']:,} {found['kind']} strangers; nDCG@10 on everybody {everybody:.3f}",
        "",
        f"| recall, nDCG@10, first ten kept | {' | '.join(depths)} |",
        f"|{'---|' * (1 + len(depths))}",
    ]
    for title in collections[0]["cuts"]:
        cells = [
            ", ".join(
                f"{fmean(one['cuts'][title][depth][name] for one in collections):.3f}"
                for name in ("recall", "ndcg", "kept")
            )
            for depth in depths
        ]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _say(what: str) -> None:
    print(f"first-cut: {what}", file=sys.stderr, flush=True)
