"""The command line: ``python -m matcher rank | eligible | evaluate | explain-sample |
benchmark | first-cut``.

A faulty line of an input file ends the programme with status 2 and a message that names the file,
the line and the field. Output files are written beside their place and renamed when they are whole,
so nothing half-written is left.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from matcher.eligibility import check
from matcher.errors import InputFileError, MatcherError
from matcher.experiments import (
    Estimate,
    add_cut_options,
    all_rows,
    as_table,
    by_tag,
    compare,
    drawn,
    read_judgments,
    read_run,
    read_tags,
)
from matcher.experiments import add_options as add_benchmark_options
from matcher.file_replacement import replace_file
from matcher.index import ExpertIndex
from matcher.ranking import RankingResult
from matcher.records import CONSIDERATIONS, Expert, Request, read_records

RUN_TAG: Final = "matcher"
FAULTY_INPUT: Final = 2
# How many experts of each ranking are explained when explanations are asked for.
EXPLAINED: Final = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0, or 2 for input that cannot be read."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except MatcherError as error:
        print(f"matcher: {error}", file=sys.stderr)
        return FAULTY_INPUT
    except OSError as error:
        print(f"matcher: {error.filename or 'output'}: {error.strerror}", file=sys.stderr)
        return FAULTY_INPUT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m matcher", description="Rank experts for requests for expertise."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    rank = commands.add_parser("rank", help="rank experts by subject, as a TREC run")
    _add_inputs(rank)
    rank.add_argument(
        "--top", type=_not_negative, default=50, help="experts per request, 0 for all (default: 50)"
    )
    rank.add_argument(
        "--out", type=Path, required=True, help="run to write: request Q0 expert rank score tag"
    )
    rank.add_argument(
        "--explain",
        type=Path,
        help="JSON Lines to write: why the first ones of each request stand there",
    )
    rank.add_argument(
        "--without",
        action="append",
        default=[],
        choices=[*CONSIDERATIONS, "all"],
        help="a consideration that does not count for any request, or all; may be repeated",
    )
    rank.set_defaults(command=_rank)
    eligible = commands.add_parser("eligible", help="who is ruled out for which request, and why")
    _add_inputs(eligible)
    eligible.add_argument(
        "--out", type=Path, required=True, help="JSON Lines to write, one request per line"
    )
    eligible.set_defaults(command=_eligible)
    evaluate = commands.add_parser("evaluate", help="compare a run with judgments")
    evaluate.add_argument("--run", type=Path, required=True)
    evaluate.add_argument("--qrels", type=Path, required=True)
    evaluate.add_argument("--tags", type=Path, help="request ids and tags, to report by tag")
    evaluate.add_argument(
        "--against", type=Path, help="another run, to compare with request by request"
    )
    evaluate.set_defaults(command=_evaluate)
    sample = commands.add_parser("explain-sample", help="draw reasons for a person to judge")
    _add_inputs(sample)
    sample.add_argument("--rows", type=_not_negative, default=100, help="(default: 100)")
    sample.add_argument("--seed", type=_not_negative, default=1, help="other seeds, other rows")
    sample.add_argument(
        "--without-reason", action="store_true", help="draw experts who have none instead"
    )
    sample.add_argument("--out", type=Path, required=True, help="tab-separated values to write")
    sample.set_defaults(command=_explain_sample)
    add_benchmark_options(commands.add_parser("benchmark", help="measure speed beside others"))
    add_cut_options(
        commands.add_parser("first-cut", help="measure what ranking the last thousand loses")
    )
    return parser


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--experts", type=Path, required=True, help="JSON Lines, one expert per line"
    )
    parser.add_argument(
        "--requests", type=Path, required=True, help="JSON Lines, one request per line"
    )


def _not_negative(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("0 or more is expected")
    return number


def _rank(options: argparse.Namespace) -> None:
    """Rank by subject alone: judgments are about the subject, and who can travel is the business of
    ``eligible``."""
    if options.explain and options.explain.resolve() == options.out.resolve():
        raise InputFileError(str(options.out), None, "--out and --explain name one file")
    experts, requests = _inputs(options)
    index = ExpertIndex(experts)
    run: list[str] = []
    explanations: list[str] = []
    off = CONSIDERATIONS if "all" in options.without else tuple(options.without)
    for each in requests:
        request = replace(each, without=(*each.without, *off))
        result = index.rank(request, options.top, constraints=False)
        run += [
            f"{request.id} Q0 {match.expert_id} {match.rank} {match.score!r} {RUN_TAG}\n"
            for match in result.ranked
        ]
        if options.explain:
            explanations.append(_json_line(_explained(request, result)))
    if options.explain:
        replace_file(options.explain, "".join(explanations).encode("utf-8"))
    replace_file(options.out, "".join(run).encode("utf-8"))


def _explained(request: Request, result: RankingResult) -> dict[str, Any]:
    return {
        "id": request.id,
        "explanations": [
            told.to_dict()
            for told in result.explain(m.expert_id for m in result.ranked[:EXPLAINED])
        ],
        "unrankable": {unrankable.expert_id: unrankable.reason for unrankable in result.unrankable},
    }


def _eligible(options: argparse.Namespace) -> None:
    experts, requests = _inputs(options)
    lines = []
    for request in requests:
        verdicts = {expert.id: check(expert, request) for expert in experts}
        lines.append(
            _json_line(
                {
                    "id": request.id,
                    "days": request.days if request.start and request.end else None,
                    "ruled_out": {
                        expert_id: list(v.codes) for expert_id, v in verdicts.items() if v.codes
                    },
                    "unknown": {
                        expert_id: list(v.unknown) for expert_id, v in verdicts.items() if v.unknown
                    },
                }
            )
        )
    replace_file(options.out, "".join(lines).encode("utf-8"))


def _explain_sample(options: argparse.Namespace) -> None:
    """Draw among the reasons of the first places, which are those that a page explains."""
    experts, requests = _inputs(options)
    rows = list(all_rows(ExpertIndex(experts), requests, EXPLAINED))
    among = [row for row in rows if row.has_reason is not options.without_reason]
    table = as_table(drawn(among, options.rows, options.seed))
    replace_file(options.out, table.encode("utf-8"))
    places = len({(row.request, row.expert) for row in rows})
    without = sum(not row.has_reason for row in rows)
    print(f"{len(rows) - without} reasons of {places} places, {without} of them without any")


def _evaluate(options: argparse.Namespace) -> None:
    run, judgments = read_run(options.run), read_judgments(options.qrels)
    tags = read_tags(options.tags) if options.tags else {}
    for tag, estimates in by_tag(run, judgments, tags).items():
        requests = next(iter(estimates.values())).requests
        print(f"{tag} ({requests} request{'s' if requests > 1 else ''})")
        for measure, found in estimates.items():
            print(f"  {measure:<20} {_worded(found)}")
    if options.against:
        gain = compare(run, read_run(options.against), judgments)
        print(f"gain in nDCG@10 over {options.against}: {_worded(gain)}")


def _worded(found: Estimate) -> str:
    return f"{found.mean:.3f}  [{found.low:.3f}, {found.high:.3f}]"


def _json_line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _inputs(options: argparse.Namespace) -> tuple[list[Expert], list[Request]]:
    return (
        read_records(options.experts, Expert.from_dict),
        read_records(options.requests, Request.from_dict),
    )
