"""The options of ``python -m matcher benchmark``, apart from what takes long to import."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument(
        "--profiles", type=positive, nargs="+", required=True, help="sizes of the roster"
    )
    parser.add_argument("--queries", type=positive, default=60, help="different requests")
    parser.add_argument(
        "--peers",
        nargs="+",
        default=["all"],
        help="all, none, or some of textbook, bm25s, bm25s-numba, tantivy and fts5",
    )
    parser.add_argument("--seed", type=natural, default=1, help="seed of roster and requests")
    parser.add_argument(
        "--without-ours", action="store_true", help="measure the limit and the peers alone"
    )
    parser.add_argument("--json", type=Path, help="file to write all figures to")
    parser.set_defaults(command=_benchmark)


def _benchmark(options: argparse.Namespace) -> None:
    # The other commands should not wait for what only this one needs.
    from matcher.experiments.benchmark.command import benchmark

    benchmark(options)


def positive(text: str) -> int:
    """Read a number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more is expected")
    return number


def natural(text: str) -> int:
    """Read a number from 0 on."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("0 or more is expected")
    return number
