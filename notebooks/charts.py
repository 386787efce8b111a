"""Figures and tables of the notebooks.

Colours are those of Okabe and Ito 2008 ("Color universal design"), which people with every kind of
colour vision tell apart; heat maps use cividis and print their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown, display
from matplotlib.axes import Axes

from matcher.experiments.metrics import Estimate

BLUE, ORANGE, GREEN, RED, SKY, PINK, YELLOW, GREY = COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#999999",
)  # fmt: skip
HATCHES = ("", "//", "..", "xx", "\\\\", "++")

plt.rcParams.update(
    {
        "figure.dpi": 80,
        "figure.constrained_layout.use": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "font.size": 10,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "svg.hashsalt": "notebooks",
    }
)


def say(text: str) -> None:
    """Show a sentence, with figures worked out above it."""
    display(Markdown(text))


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Show a table."""
    lines = [head, ["---"] * len(head), *rows]
    say("\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines))


def worded(found: Estimate, sign: str = "") -> str:
    """An estimate as people read it: mean and 95 % interval."""
    return f"{found.mean:{sign}.3f} [{found.low:{sign}.3f}, {found.high:{sign}.3f}]"


def figure(height: float = 3.6, width: float = 8.5) -> Axes:
    """An empty figure with one set of axes."""
    return plt.subplots(figsize=(width, height))[1]


def bars(
    title: str, label: str, groups: Mapping[str, Mapping[str, Estimate]], start: float | None = None
) -> None:
    """Horizontal bars with 95 % intervals: ``{row: {series: estimate}}``; ``start`` is where the
    axis of values begins."""
    series = list(dict.fromkeys(name for row in groups.values() for name in row))
    ax = figure(0.9 + len(groups) * (0.14 + 0.2 * len(series)))
    thick = 0.82 / len(series)
    for number, name in enumerate(series):
        found = [row[name] for row in groups.values()]
        means = np.array([estimate.mean for estimate in found])
        spread = np.abs(np.array([(e.low, e.high) for e in found]).T - means)
        places = np.arange(len(groups)) + (number - (len(series) - 1) / 2) * thick
        ax.barh(
            places, means, thick * 0.92, xerr=spread, label=name, color=COLOURS[number],
            hatch=HATCHES[number], edgecolor="white", error_kw={"lw": 1.2, "capsize": 2.5},
        )  # fmt: skip
    ax.set_yticks(range(len(groups)), groups)
    ax.invert_yaxis()
    ax.axvline(0, color="black", lw=0.8)
    ax.set(title=title, xlabel=label)
    if start is not None:
        ax.set_xlim(left=start)
    if len(series) > 1:
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    plt.show()


def histogram(title: str, label: str, values: Sequence[float], marks: Mapping[str, float]) -> None:
    """How values spread, with lines at some of them."""
    ax = figure(3)
    ax.hist(values, bins=30, color=SKY, edgecolor="white")
    for number, (name, value) in enumerate(marks.items()):
        ax.axvline(value, color=(GREY, RED, BLUE, RED)[number % 4], lw=2, label=name,
                   ls=("-", "--", "-", ":")[number % 4])  # fmt: skip
    ax.set(title=title, xlabel=label, ylabel="number of divisions")
    ax.legend(frameon=False)
    plt.show()


def stacked(title: str, label: str, rows: Mapping[str, Mapping[str, float]], most: int = 7) -> None:
    """Stacked bars: ``{row: {part: value}}``; all parts but the ``most`` largest are one."""
    totals: dict[str, float] = {}
    for row in rows.values():
        for part, value in row.items():
            totals[part] = totals.get(part, 0.0) + value
    named = sorted(totals, key=lambda part: -totals[part])[:most]
    ax = figure(1.2 + 0.33 * len(rows), 10)
    left = np.zeros(len(rows))
    for number, part in enumerate(named):
        values = np.array([row.get(part, 0.0) for row in rows.values()])
        ax.barh(
            range(len(rows)), values, left=left, label=part, edgecolor="white",
            color=COLOURS[number % 8], hatch=HATCHES[number % 6],
        )  # fmt: skip
        left += values
    rest = np.array([sum(row.values()) for row in rows.values()]) - left
    if rest.max() > 1e-9:
        ax.barh(range(len(rows)), rest, left=left, label="all others", color="#DDDDDD")
    ax.set_yticks(range(len(rows)), rows)
    ax.invert_yaxis()
    ax.set(title=title, xlabel=label)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=8)
    plt.show()


def heat_map(
    title: str, rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[int]],
    label: str,
) -> None:  # fmt: skip
    """A table of numbers in colours, each number written in its field."""
    numbers = np.array(values)
    ax = figure(1.4 + 0.24 * len(rows), 10)
    image = ax.imshow(numbers, cmap="cividis", aspect="auto")
    ax.set_xticks(range(len(columns)), columns, rotation=30, ha="right", fontsize=9)
    ax.set_yticks(range(len(rows)), rows, fontsize=8)
    middle = numbers.max() / 2
    for (row, column), number in np.ndenumerate(numbers):
        colour = "white" if number < middle else "black"
        ax.text(column, row, number, ha="center", va="center", color=colour, fontsize=8)
    ax.figure.colorbar(image, label=label)
    ax.spines[:].set_visible(False)
    ax.set_title(title)
    plt.show()


def lines(
    title: str,
    labels: tuple[str, str],
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
) -> None:
    """Lines over two logarithmic axes: ``{name: (x, y)}``."""
    ax = figure(4)
    for number, (name, (x, y)) in enumerate(series.items()):
        ax.plot(x, y, marker="osD^vX"[number % 6], color=COLOURS[number % 8], label=name)
    ax.set(title=title, xlabel=labels[0], ylabel=labels[1], xscale="log", yscale="log")
    ax.grid(alpha=0.3)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    plt.show()
