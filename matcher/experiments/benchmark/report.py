"""The figures of a benchmark as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from matcher.experiments.benchmark.measure import OURS


def markdown(found: Mapping[str, Any]) -> str:
    """Machine and tables; times in milliseconds of CPU, memory in MB (10^6 bytes)."""
    lines = [_machine(found["machine"]), ""]
    for size in found["sizes"]:
        lines += [*_size(size), ""]
    return "\n".join([*lines, *_growth(found["sizes"])])


def _machine(machine: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{k} {v}" for k, v in machine["packages"].items() if v)
    memory = machine["memory_bytes"]
    return (
        f"{machine['cpu']}, {machine['cores']} cores, "
        f"{f'{memory / 1e9:.0f} GB' if memory else 'memory unknown'}; "
        f"Python {machine['python']}, our loops {'in C' if machine['compiled'] else 'in Python'}, "
        f"{versions}; {', '.join(machine['blas'])}; "
        f"one core reads {machine['read_bandwidth'] / 1e9:.1f} GB/s"
    )


def _size(size: Mapping[str, Any]) -> list[str]:
    limit = size["limit"]["p50"]
    counted = "counted" if size["postings_exact"] else "estimated from a sample"
    lines = [
        f"## {size['experts']:,} experts",
        "",
        f"Limit: {size['postings']:,.0f} postings per request ({counted}), "
        f"{_ms(limit)} ms to read them once.",
        "",
        "| engine | p50 ms | p95 ms | times the limit | times ours | build s | memory MB | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    engines = size["engines"]
    ours = engines.get(OURS, {}).get("ranking", {}).get("p50")
    for name, found in engines.items():
        lines.append(_row(name, found, limit, ours))
    return lines + _of_ours(engines.get(OURS, {}), limit)


def _row(name: str, found: Mapping[str, Any], limit: float, ours: float | None) -> str:
    if "error" in found:
        return f"| {name} | failed: {found['error']} |||||||"
    middle, high = found["ranking"]["p50"], found["ranking"]["p95"]
    beside = f"{middle / ours:.3g}" if ours else ""
    setting = found.get("setting", "all included: filters, experts, explanations")
    return (
        f"| {name} | {_ms(middle)} | {_ms(high)} | {_times(middle, limit)} | {beside} "
        f"| {found['build']:.1f} | {found['memory_bytes'] / 1e6:.0f} | {setting} |"
    )


def _of_ours(found: Mapping[str, Any], limit: float) -> list[str]:
    if "edit" not in found:
        return []
    bare = found["ranking_unexplained"]["p50"]
    return [
        "",
        f"{OURS}: without explanations {_ms(bare)} ms ({_times(bare, limit)} times the limit), "
        f"first ranking {_ms(found['first_ranking'])} ms, edit {_ms(found['edit']['p50'])} ms, "
        f"edit and ranking {_ms(found['edit_and_ranking']['p50'])} ms, "
        f"save {found['save']:.1f} s, load {found['load']:.1f} s.",
        "A page of the platform from the loaded index, ten explained, those outside counted and 25 "
        f"of each list shown: first {_ms(found['first_page'])} ms, then "
        f"{_ms(found['page']['p50'])} ms (95th percentile {_ms(found['page']['p95'])} ms).",
    ]


def _growth(sizes: list[Mapping[str, Any]]) -> list[str]:
    """How time grows beside the postings touched, from each size to the next."""
    lines = []
    for before, after in pairwise(sizes):
        parts = []
        for name, found in after["engines"].items():
            earlier = before["engines"].get(name, {})
            if "ranking" in found and "ranking" in earlier:
                times = found["ranking"]["p50"] / earlier["ranking"]["p50"]
                parts.append(f"{name} {times:.1f}")
        lines.append(
            f"From {before['experts']:,} to {after['experts']:,} experts the postings grow "
            f"{_times(after['postings'], before['postings'])} times, the time: {', '.join(parts)}."
        )
    return lines


def _times(value: float, unit: float) -> str:
    return f"{value / unit:.1f}" if unit else "-"


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3g}"
