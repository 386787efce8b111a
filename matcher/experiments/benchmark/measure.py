"""Measure one engine at one size, in a process of its own so that memory is its own too."""

from __future__ import annotations

import dataclasses
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import numpy as np

from matcher.analysis import Analyzer
from matcher.errors import MatcherError
from matcher.experiments.benchmark.machine import resident_bytes
from matcher.experiments.benchmark.peers import PEERS, Peer
from matcher.experiments.benchmark.rosters import requests, roster
from matcher.index import ExpertIndex
from matcher.records import Expert, Request
from matcher.thesaurus import default_thesaurus

OURS: Final = "matcher"
_WARM_UP: Final = 5
_EDITS: Final = 20
# How many the platform's page of a ranking explains, and shows of each list of those outside it.
_PAGE: Final = 10
_OUTSIDE: Final = 25
# The share of the best score from which on it counts somebody as having much of it.
_MUCH: Final = 0.35
_STARTING: Final = """
import time
import matcher
matcher.ExpertIndex().rank(matcher.Request("r", "Training of border police"))
print(time.process_time())
"""


class BenchmarkError(MatcherError):
    """An engine that could not be measured; the message names it."""


@dataclass(frozen=True)
class Task:
    """What to measure: an engine at a number of experts with a number of different requests."""

    engine: str
    experts: int
    queries: int
    seed: int


def measure(task: Task) -> dict[str, Any]:
    """Run a task in a fresh process; raises :class:`BenchmarkError` if that process fails.

    Times are CPU seconds of that process, memory is bytes by which it grew while building.
    """
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(task, sending))
    process.start()
    sending.close()
    try:
        found: dict[str, Any] = receiving.recv()
    except EOFError:
        found = {"error": "its process ended"}
    process.join()
    if "error" in found:
        raise BenchmarkError(f"{task.engine} at {task.experts} experts: {found['error']}")
    return found


def _work(task: Task, sending: Connection) -> None:
    try:
        sending.send(run(task))
    except Exception as error:
        # Whatever went wrong must reach the parent, which has the other engines to go on with.
        sending.send({"error": f"{type(error).__name__}: {error}"})
        raise


def run(task: Task) -> dict[str, Any]:
    """Measure a task in this process."""
    thesaurus = default_thesaurus()
    experts = list(roster(task.experts, task.seed, thesaurus))
    asked = requests(task.queries, task.seed, thesaurus)
    if task.engine == OURS:
        return _ours(experts, asked)
    return _peer(PEERS[task.engine], Analyzer(thesaurus), experts, asked)


def _ours(experts: Sequence[Expert], asked: Sequence[Request]) -> dict[str, Any]:
    """What the platform does: the index is built and saved once, and each worker opens the files,
    ranks for pages and takes edits in."""
    index, building = _built(lambda: ExpertIndex(experts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        saving = _clocked(partial(index.save, path))
        # Two large indexes at once would need twice the memory.
        del index
        started = time.process_time()
        opened = ExpertIndex.load(path)
        opening = time.process_time() - started
        first = _clocked(partial(_page, opened, asked[0]))
        pages = spread(partial(_page, opened), asked)
        edits = _edits(opened, experts, asked)
        # A mapped file cannot be deleted everywhere while it is in use.
        del opened
    return {
        **building,
        "start": _start(),
        "save": saving,
        "open": opening,
        "first_ranking": first,
        "ranking": pages,
        **edits,
    }


def _start() -> float:
    """CPU seconds from the start of Python until a first request has been read, once the tables of
    the thesaurus are kept."""
    command = [sys.executable, "-c", _STARTING]
    return [float(subprocess.check_output(command, text=True)) for _ in range(2)][-1]  # noqa: S603


def _page(index: ExpertIndex, request: Request) -> object:
    """What a page of a ranking shows: the best with their explanations, how many are ruled out or
    have nothing to go on, the first of both, and how many have much of the best score."""
    result = index.rank(request, _PAGE)
    counts = (
        result.count_ruled_out(),
        result.count_unrankable(),
        result.count_reaching(_MUCH),
    )
    return (
        result.explanations,
        counts,
        result.list_ruled_out(0, _OUTSIDE),
        result.list_unrankable(0, _OUTSIDE),
    )


def _edits(
    index: ExpertIndex, experts: Sequence[Expert], asked: Sequence[Request]
) -> dict[str, Any]:
    edits, rankings = [], []
    for at in range(min(_EDITS, len(experts))):
        expert = experts[at * len(experts) // _EDITS]
        changed = dataclasses.replace(expert, summary=experts[-1 - at].summary)
        request = asked[at % len(asked)]
        edits.append(_clocked(partial(index.update, changed)))
        rankings.append(_clocked(partial(_page, index, request)))
    return {"edit": percentiles(edits), "ranking_after_edit": percentiles(rankings)}


def _peer(
    engine: type[Peer], analyzer: Analyzer, experts: Sequence[Expert], asked: Sequence[Request]
) -> dict[str, Any]:
    texts, owners = entries(experts, analyzer)
    peer, building = _built(lambda: engine(texts, owners))
    queries = [peer.read(f"{request.title}\n{request.description}") for request in asked]
    return {**building, "ranking": spread(peer.search, queries), "setting": peer.setting()}


def entries(experts: Iterable[Expert], analyzer: Analyzer) -> tuple[list[str], list[int]]:
    """The texts of all entries, and the row of the expert each belongs to."""
    texts: list[str] = []
    owners: list[int] = []
    for row, expert in enumerate(experts):
        found = analyzer.expert_entries(expert)
        texts += [entry.text for entry in found]
        owners += [row] * len(found)
    return texts, owners


def _built(build: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    before, started = resident_bytes(), time.process_time()
    built = build()
    seconds = time.process_time() - started
    return built, {"build": seconds, "memory_bytes": resident_bytes() - before}


def spread(answer: Callable[[Any], object], questions: Sequence[Any]) -> dict[str, float]:
    """CPU seconds of one answer: median and 95th percentile over the questions, after a warm-up."""
    for question in questions[:_WARM_UP]:
        answer(question)
    return percentiles([_clocked(partial(answer, question)) for question in questions])


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """``p50`` and ``p95`` of some times."""
    return {"p50": float(np.median(seconds)), "p95": float(np.percentile(seconds, 95))}


def _clocked(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
