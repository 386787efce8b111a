"""A map of squares: each jurisdiction one of the same size, about where it lies to the others.

It has no borders and no coasts, which a programme of the United Nations would have to answer for
(docs/adr/0091); who is looked for is found by where it lies.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from math import ceil, sqrt

from webapp.core.words.vocabularies import KOSOVO, jurisdiction_codes
from webapp.insights.kinds import Statistic
from webapp.insights.rules import Number

# So many by themselves, the largest first; the table has all.
MOST = 30
COLUMNS = 6
# In the chart's own units: the whole width, and the height of a square with what is between.
WIDE, TALL, GAP = 360, 64, 4
# Degrees to the north and to the east.
Point = tuple[float, float]
# The database of time zones has no line of its own for Kosovo*: this is Pristina.
_BESIDE_IT = {KOSOVO: (42.67, 21.17)}
_COORDINATES = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?([+-])(\d{3})(\d{2})(?:\d{2})?")


@dataclass(frozen=True)
class Square:
    """A jurisdiction with its numbers: what it is called, and where its corner stands."""

    code: str
    label: object
    values: tuple[Number, ...]
    left: float
    top: float


@dataclass(frozen=True)
class Map:
    """A chart of squares, ready to be drawn."""

    height: float
    wide: float
    squares: tuple[Square, ...]


def draw(found: Statistic) -> Map:
    """Return the squares of a statistic of which each line has the code of a jurisdiction."""
    known = {line.code: line for line in found.lines if line.code in coordinates()}
    shown = dict(list(known.items())[:MOST])
    placed = place({code: coordinates()[code] for code in shown if code})
    rows = 1 + max((row for _column, row in placed.values()), default=0)
    columns = 1 + max((column for column, _row in placed.values()), default=0)
    wide = (WIDE - GAP * (columns - 1)) / columns
    squares = (
        Square(
            code, shown[code].label, shown[code].values,
            round(column * (wide + GAP), 1), float(row * (TALL + GAP)),
        )
        for code, (column, row) in placed.items()
    )  # fmt: skip
    return Map(rows * (TALL + GAP), round(wide, 1), tuple(squares))


def place(points: Mapping[str, Point]) -> dict[str, tuple[int, int]]:
    """Return the column and the row of each point in a grid that has few empty cells.

    Each is wanted where it comes among the others from west to east and from north to south; who
    is nearest to a free cell takes it first. The same points are placed the same each time.
    """
    columns = min(COLUMNS, ceil(sqrt(len(points) * 1.5))) or 1
    rows = ceil(len(points) / columns) + (len(points) > columns)
    east = _ranks({code: point[1] for code, point in points.items()}, columns)
    south = _ranks({code: -point[0] for code, point in points.items()}, rows)
    free = set(product(range(columns), range(rows)))
    placed: dict[str, tuple[int, int]] = {}
    while waiting := points.keys() - placed.keys():
        code, cell = min(
            product(sorted(waiting), sorted(free)),
            key=lambda pair: (_distance((east[pair[0]], south[pair[0]]), pair[1]), pair),
        )
        placed[code] = cell
        free.remove(cell)
    return _without_gaps(placed)


def _ranks(along: Mapping[str, float], cells: int) -> dict[str, float]:
    """Return for each where it stands among all, in cells from the first to the last."""
    order = sorted(along, key=lambda code: (along[code], code))
    last = max(1, len(order) - 1)
    return {code: at / last * (cells - 1) for at, code in enumerate(order)}


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return round((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2, 9)


def _without_gaps(placed: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Move squares together where a row or a column is empty."""
    columns = _numbered(column for column, _row in placed.values())
    rows = _numbered(row for _column, row in placed.values())
    return {code: (columns[column], rows[row]) for code, (column, row) in placed.items()}


def _numbered(used: Iterable[int]) -> dict[int, int]:
    return {old: new for new, old in enumerate(sorted(set(used)))}


@cache
def coordinates() -> dict[str, Point]:
    """Return, by the codes of jurisdictions, where a large town of each lies.

    Source: zone.tab of the IANA time zone database, which is in the public domain; of several lines
    for a country the first.
    """
    found: dict[str, Point] = {}
    text = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            code, written, *_rest = line.split("\t")
            found.setdefault(code, _degrees(written))
    by_alpha3 = {
        alpha3: found[code] for alpha3, code in jurisdiction_codes().items() if code in found
    }
    return {**by_alpha3, **_BESIDE_IT}


def _degrees(written: str) -> Point:
    """Return degrees of what is written as ±DDMM[SS]±DDDMM[SS] (ISO 6709)."""
    read = _COORDINATES.fullmatch(written)
    if read is None:
        raise ValueError(f"no coordinates: {written}")
    south, degrees, minutes, west, east, east_minutes = read.groups()
    return (
        float(f"{south}{int(degrees) + int(minutes) / 60}"),
        float(f"{west}{int(east) + int(east_minutes) / 60}"),
    )
