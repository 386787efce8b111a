"""Draw which package imports which: `.venv/bin/python docs/draw_architecture.py`.

The picture is made from the imports alone. Of an arrow that follows from others nothing is drawn:
where A imports B and B imports C, A may import C as well. tests/structure/test_architecture.py
compares the stored picture with the imports.
"""

import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "img" / "architecture.svg"
BOX, BEND, HEIGHT, ACROSS, DOWN, MARGIN = 170, 20, 38, 24, 56, 16

Imports = Mapping[str, frozenset[str]]
# A point of a row: a package, or the place where an arrow from the first to the second passes.
Point = str | tuple[str, str, int]
Places = Mapping[Point, tuple[float, int]]


def read_imports() -> dict[str, frozenset[str]]:
    """Return for each package of the platform, and for the matcher, which of them it imports."""
    graph = grimp.build_graph("webapp", "matcher", cache_dir=None)
    names = {name for name in graph.find_children("webapp") if graph.find_children(name)}
    for name in (*names, "matcher"):
        graph.squash_module(name)
    names.add("matcher")
    return {
        _short(name): frozenset(
            map(_short, graph.find_modules_directly_imported_by(name) & names - {name})
        )
        for name in sorted(names)
    }


def _short(name: str) -> str:
    return name.removeprefix("webapp.")


def without_what_follows(imports: Imports) -> dict[str, frozenset[str]]:
    """Return the imports without those that others of the same package bring about."""

    def below(name: str) -> frozenset[str]:
        return imports[name].union(*map(below, imports[name]))

    return {
        name: frozenset(to for to in direct if all(to not in below(o) for o in direct))
        for name, direct in imports.items()
    }


def _rows_of(imports: Imports) -> dict[str, int]:
    """Return how far above the lowest row each package stands: higher than all that it imports."""

    def height(name: str) -> int:
        return max((height(to) + 1 for to in imports[name]), default=0)

    rows = {name: height(name) for name in imports}
    for name in [name for name in imports if not imports[name]]:
        # What imports nothing stands right below those who import it, for a short arrow.
        rows[name] = min((rows[n] for n in imports if name in imports[n]), default=1) - 1
    return rows


def _paths(imports: Imports, rows: Mapping[str, int]) -> list[list[Point]]:
    """Return each arrow with a point in every row that it passes, so that it crosses no box."""
    return [
        [name, *((name, to, row) for row in range(rows[name] - 1, rows[to], -1)), to]
        for name in imports
        for to in sorted(imports[name])
    ]


def _place(paths: list[list[Point]], rows: Mapping[str, int]) -> dict[Point, tuple[float, int]]:
    """Return where each point stands: near to those that lead to it from the row above."""
    all_points = dict.fromkeys([*sorted(rows), *(point for path in paths for point in path)])
    middles: dict[Point, tuple[float, int]] = {}
    for row in range(max(rows.values()), -1, -1):
        points = [p for p in all_points if (rows[p] if isinstance(p, str) else p[2]) == row]

        def wish(point: Point) -> tuple[float, str]:
            above = [middles[a][0] for path in paths for a, b in pairwise(path) if b == point]
            return (sum(above) / len(above) if above else 1000.0, str(point))

        points.sort(key=wish)
        widths = [BOX if isinstance(point, str) else BEND for point in points]
        left = -(sum(widths) + ACROSS * (len(points) - 1)) / 2
        for point, width in zip(points, widths, strict=True):
            middles[point] = (left + width / 2, (max(rows.values()) - row) * (HEIGHT + DOWN))
            left += width + ACROSS
    return middles


def _box(name: str, places: Places) -> str:
    x, y = places[name]
    kind = "library" if name == "matcher" else "package"
    return (
        f'<rect class="{kind}" x="{x - BOX / 2:g}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{x:g}" y="{y + HEIGHT / 2 + 5:g}">{escape(name)}</text>'
    )


def _arrow(path: list[Point], places: Places) -> str:
    x, y = places[path[0]]
    drawn = f"M{x:g} {y + HEIGHT}"
    for above, below in pairwise(path):
        (x, y), (to_x, to_y) = places[above], places[below]
        middle = y + HEIGHT + DOWN / 2
        end = to_y - 6 if below == path[-1] else to_y
        drawn += f"C{x:g} {middle:g} {to_x:g} {middle:g} {to_x:g} {end}"
        if below != path[-1]:
            drawn += f"V{to_y + HEIGHT}"
    return f'<path d="{drawn}"/>'


def draw(imports: Imports) -> str:
    """Return the picture as an SVG document."""
    shown = without_what_follows(imports)
    rows = _rows_of(shown)
    paths = _paths(shown, rows)
    places = _place(paths, rows)
    half = max(abs(x) for x, _ in places.values()) + BOX / 2 + MARGIN
    tall = max(rows.values()) * (HEIGHT + DOWN) + HEIGHT + 2 * MARGIN
    area = f'x="{-half:g}" y="{-MARGIN}" width="{2 * half:g}" height="{tall}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{2 * half:g}" height="{tall}"'
        f' viewBox="{-half:g} {-MARGIN} {2 * half:g} {tall}">',
        "<title>Which package imports which</title>",
        "<style>",
        "text { font: 15px sans-serif; text-anchor: middle; fill: #1b1b1b }",
        "rect { fill: #fff } .package { fill: #e8f0f8; stroke: #2b5c8a }",
        ".library { fill: #fdf1dc; stroke: #8a5a00 } path { fill: none; stroke: #555 }",
        "</style>",
        '<marker id="tip" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto"><path d="M0 0L8 4L0 8z" style="fill: #555"/></marker>',
        f"<rect {area}/>",
        '<g marker-end="url(#tip)">',
        *(_arrow(path, places) for path in paths),
        "</g>",
        *(_box(name, places) for name in sorted(shown)),
        "</svg>\n",
    ])  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    PICTURE.write_text(draw(read_imports()), "utf-8")
