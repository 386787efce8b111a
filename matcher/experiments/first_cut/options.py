"""The options of ``python -m matcher first-cut``, apart from what takes long to import."""

from __future__ import annotations

import argparse
from pathlib import Path

from matcher.experiments.benchmark.options import natural, positive
from matcher.experiments.first_cut.kinds import MADE_UP, RECOMBINED


def add_cut_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--strangers", type=natural, default=100_000, help="(default: 100,000)")
    parser.add_argument(
        "--kind",
        choices=[MADE_UP, RECOMBINED],
        default=MADE_UP,
        help="texts of made-up words, or entries of real texts put together anew",
    )
    parser.add_argument("--seed", type=natural, default=1, help="seed of the strangers")
    parser.add_argument("--processes", type=positive, default=1, help="that read profiles")
    parser.add_argument("--json", type=Path, help="file to write all figures to")
    parser.set_defaults(command=_first_cut)


def _first_cut(options: argparse.Namespace) -> None:
    # The other commands should not wait for what only this one needs.
    from matcher.experiments.first_cut.command import first_cut

    first_cut(options)
