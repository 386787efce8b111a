"""The shapes of a chart of flows: from each line on the left to each column on the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.core.words.translation import Message
from webapp.insights.kinds import Statistic

# In the chart's own units of 360: where bands begin and end, their height together, their distance.
# Beside the bands a name of sixteen letters and a number have room, Cyrillic ones too.
LEFT, RIGHT, TALL, GAP = 136, 224, 230, 6
# So many of each side stand by themselves; the table has all.
MOST = 10
# A name has a line of its own, however thin its band is.
LINE = 13


@dataclass(frozen=True)
class Side:
    """One end: its name, its number, and where it stands."""

    label: str | Message
    count: int
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Return the height at which its name stands."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class Band:
    """A flow as the path of a shape."""

    path: str
    number: int


@dataclass(frozen=True)
class Flow:
    """A chart of flows, ready to be drawn."""

    height: float
    homes: tuple[Side, ...]
    hosts: tuple[Side, ...]
    bands: tuple[Band, ...]


def draw(found: Statistic) -> Flow:
    """Return the shapes of a statistic of which lines and columns come largest first."""
    matrix = [[int(value or 0) for value in line.values[:MOST]] for line in found.lines[:MOST]]
    lefts = [sum(row) for row in matrix]
    rights = [sum(column) for column in zip(*matrix, strict=True)]
    scale = TALL / (sum(lefts) or 1)
    homes = _stack([line.label for line in found.lines], lefts, scale)
    hosts = _stack(list(found.columns), rights, scale)
    height = max((side.top + max(side.height, LINE) for side in (*homes, *hosts)), default=0) + GAP
    return Flow(height, tuple(homes), tuple(hosts), tuple(_bands(matrix, homes, hosts, scale)))


def _stack(labels: Sequence[str | Message], counts: Sequence[int], scale: float) -> list[Side]:
    sides, top = [], float(GAP)
    for label, count in zip(labels, counts, strict=False):
        sides.append(Side(label, count, round(top, 1), round(count * scale, 1)))
        top += max(count * scale, LINE) + GAP
    return sides


def _bands(
    matrix: Sequence[Sequence[int]], homes: Sequence[Side], hosts: Sequence[Side], scale: float
) -> list[Band]:
    bands, middle = [], (LEFT + RIGHT) / 2
    used = [0.0] * len(hosts)
    for number, (row, home) in enumerate(zip(matrix, homes, strict=True)):
        top = home.top
        for column, count in enumerate(row):
            if count:
                other, thick = hosts[column].top + used[column], count * scale
                path = (
                    f"M{LEFT} {top:.1f}C{middle} {top:.1f} {middle} {other:.1f} {RIGHT} {other:.1f}"
                    f"v{thick:.1f}C{middle} {other + thick:.1f} {middle} {top + thick:.1f}"
                    f" {LEFT} {top + thick:.1f}Z"
                )
                bands.append(Band(path, number))
                top, used[column] = top + thick, used[column] + thick
    return bands
