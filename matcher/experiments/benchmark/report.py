"""The figures of a benchmark as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from matcher.experiments.benchmark.measure import OURS

_PAGE: Final = "a page: request read, filters, ten explained, 25 of each list of those outside"


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
    return lines + _of_ours(engines.get(OURS, {}))


def _row(name: str, found: Mapping[str, Any], limit: float, ours: float | None) -> str:
    if "error" in found:
        return f"| {name} | failed: {found['error']} |||||||"
    middle, high = found["ranking"]["p50"], found["ranking"]["p95"]
    beside = f"{middle / ours:.3g}" if ours else ""
    setting = found.get("setting", _PAGE)
    return (
        f"| {name} | {_ms(middle)} | {_ms(high)} | {_times(middle, limit)} | {beside} "
        f"| {found['build']:.1f} | {found['memory_bytes'] / 1e6:.0f} | {setting} |"
    )


def _of_ours(found: Mapping[str, Any]) -> list[str]:
    if "edit" not in found:
        return []
    return [
        "",
        f"{OURS}: started {_ms(found['start'])} ms, saved index opened {_ms(found['open'])} ms, "
        f"first ranking {_ms(found['first_ranking'])} ms, edit {_ms(found['edit']['p50'])} ms, "
        f"ranking after an edit {_ms(found['ranking_after_edit']['p50'])} ms, "
        f"index saved {found['save']:.1f} s.",
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
