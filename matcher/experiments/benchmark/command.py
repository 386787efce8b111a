"""``python -m matcher benchmark``: ours and every peer in one run, one after the other."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from matcher.analysis import Analyzer
from matcher.experiments.benchmark.machine import describe, limit_seconds, read_bandwidth
from matcher.experiments.benchmark.measure import OURS, BenchmarkError, Task, measure, percentiles
from matcher.experiments.benchmark.peers import PEERS, missing
from matcher.experiments.benchmark.postings import PostingCounts
from matcher.experiments.benchmark.report import markdown
from matcher.experiments.benchmark.rosters import requests, roster
from matcher.file_replacement import replace_file
from matcher.thesaurus import default_thesaurus


def benchmark(options: argparse.Namespace) -> None:
    """Measure what the options name, print the report, and write all figures as JSON if asked.

    Progress goes to standard error. Raises :class:`BenchmarkError` for a peer that is unknown.
    """
    engines = _engines(options.peers)
    if options.without_ours:
        engines.remove(OURS)
    _say("memory bandwidth")
    found: dict[str, Any] = {
        "seed": options.seed,
        "queries": options.queries,
        "machine": {**describe(), "read_bandwidth": read_bandwidth()},
        "sizes": [],
    }
    for experts in sorted(set(options.profiles)):
        found["sizes"].append(_at_size(experts, engines, options, found["machine"]))
    print(markdown(found))
    if options.json:
        replace_file(options.json, (json.dumps(found, indent=1) + "\n").encode("utf-8"))


def _engines(wanted: Sequence[str]) -> list[str]:
    unknown = [name for name in wanted if name not in {"all", "none", *PEERS}]
    if unknown:
        raise BenchmarkError(
            f"--peers: unknown peer {unknown[0]!r}; there are {', '.join(PEERS)}, all and none"
        )
    if "none" in wanted and len(wanted) > 1:
        raise BenchmarkError("--peers: none stands alone")
    engines = [OURS]
    for name in PEERS:
        if name in wanted or "all" in wanted:
            reason = missing(name)
            if reason is None:
                engines.append(name)
            else:
                _say(f"left out: {reason}")
    return engines


def _at_size(
    experts: int, engines: Sequence[str], options: argparse.Namespace, machine: dict[str, Any]
) -> dict[str, Any]:
    thesaurus = default_thesaurus()
    _say(f"{experts:,} experts: counting postings")
    counts = PostingCounts(roster(experts, options.seed, thesaurus), Analyzer(thesaurus))
    asked = requests(options.queries, options.seed, thesaurus)
    postings = counts.touched(asked, experts)
    limits = [limit_seconds(number, machine["read_bandwidth"]) for number in postings]
    return {
        "experts": experts,
        "postings": float(np.median(postings)),
        "postings_exact": counts.experts == experts,
        "limit": percentiles(limits),
        "engines": {
            name: _measured(Task(name, experts, options.queries, options.seed)) for name in engines
        },
    }


def _measured(task: Task) -> dict[str, Any]:
    _say(f"{task.experts:,} experts: {task.engine}")
    try:
        return measure(task)
    except BenchmarkError as error:
        # One engine that fails, for want of memory perhaps, must not lose the figures of the rest.
        _say(f"failed: {error}")
        return {"error": str(error)}


def _say(what: str) -> None:
    print(f"benchmark: {what}", file=sys.stderr, flush=True)
