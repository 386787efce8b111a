"""Statistics as files hold them, which leave the house: no small number of people is in them.

Whoever reads the pages sees names elsewhere; whoever is given a file may not. What the report tells
of each mission, where it went and how many were sent, is public, and told in files as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from webapp.core.words.translation import _
from webapp.insights import rules
from webapp.insights.kinds import Line, Statistic
from webapp.insights.rules import FEWEST, Number


def for_files(found: Sequence[Statistic]) -> list[Statistic]:
    """Return the statistics of a page, or the tables of a report, as files hold them."""
    return [_HIDING[one.name](one) if one.name in _HIDING else one for one in found]


def _hide_in_first_column(found: Statistic) -> Statistic:
    """Hide where experts came from; the sum of all who were sent is told elsewhere."""
    told = rules.hide_small([_counts(line)[0] for line in found.lines])
    rows = zip(told, found.lines, strict=True)
    return _with_values(found, [(value, *line.values[1:]) for value, line in rows])


def _all_or_none(found: Statistic) -> Statistic:
    """Hide the whole table if a number is small: the sums of its rows and columns are told."""
    is_any_small = any(0 < one < FEWEST for line in found.lines for one in _counts(line))
    if not is_any_small:
        return found
    return _with_values(found, [(None,) * len(line.values) for line in found.lines])


def _hide_each(found: Statistic) -> Statistic:
    """Hide each small number of a table of which no sums are told."""
    return _with_values(found, [tuple(map(rules.tellable, _counts(line))) for line in found.lines])


def _hide_in_last_column(found: Statistic) -> Statistic:
    """Hide each small number of experts beside numbers of requests; no sum of them is told."""
    rows = [(*line.values[:-1], rules.tellable(_counts(line)[-1])) for line in found.lines]
    return _with_values(found, rows)


def _join_the_last(found: Statistic) -> Statistic:
    """Tell as one how many experts had so many missions or more, from where on they are few.

    Two sums are told, of experts and of missions, from which two hidden numbers could be reckoned.
    """
    counts = [_counts(line)[0] for line in found.lines]
    alone = 0
    while alone < len(counts) and counts[alone] >= FEWEST and _is_tellable(counts[alone + 1 :]):
        alone += 1
    if alone == len(counts):
        return found
    label = found.lines[alone].label
    rest = Line(
        label if alone + 1 == len(counts) else _("%(number)s or more", number=label),
        (rules.tellable(sum(counts[alone:])),),
    )
    return replace(found, lines=(*found.lines[:alone], rest))


def _is_tellable(counts: Sequence[int]) -> bool:
    return rules.tellable(sum(counts)) is not None


def _counts(line: Line) -> list[int]:
    return [int(value or 0) for value in line.values]


def _with_values(found: Statistic, rows: Sequence[Sequence[Number]]) -> Statistic:
    lines = zip(found.lines, rows, strict=True)
    return replace(found, lines=tuple(replace(line, values=tuple(row)) for line, row in lines))


_HIDING: Mapping[str, Callable[[Statistic], Statistic]] = {
    "load": _join_the_last,
    "ways": _all_or_none,
    "places": _hide_in_first_column,
    "out-of-turn": _hide_each,
    "homes": _hide_in_first_column,
    "themes": _hide_in_last_column,
    "gaps": _hide_in_last_column,
}
