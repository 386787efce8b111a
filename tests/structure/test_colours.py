"""The colours of the pages, reckoned from the style sheets: what is read and what tells something.

The checker in the browser passes over what is hidden from screen readers, such as the days of the
calendar, and does not look at edges; this does, in both schemes.
"""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "webapp/static/css"
# Texts that stand on these grounds, by the names of the variables.
TEXTS = [
    *((text, ground) for text in ("ink", "ink-soft", "muted", "link-rgb", "link-hover-rgb")
      for ground in ("ground", "surface", "quiet")),
    ("ink-soft", "quiet-strong"), ("ink-soft", "teal-soft"), ("on-teal-soft", "teal-soft"),
    ("amber", "amber-soft"), ("amber", "surface"), ("red", "red-soft"), ("red", "surface"),
    ("red", "ground"), ("green", "green-soft"), ("ink", "mark"), ("on-accent", "accent"),
    ("on-accent", "accent-strong"), ("on-red", "red"), ("on-red", "red-strong"),
]  # fmt: skip
# Edges, bars, dots and the outline of the focus against what lies around them.
SHAPES = [
    *((edge, ground) for edge in ("edge", "accent", "red", "focus")
      for ground in ("ground", "surface")),
    ("accent", "track"), ("amber-edge", "surface"), ("amber-edge", "ground"),
    ("focus", "red-soft"), ("focus", "quiet"), ("focus", "teal-soft"),
]  # fmt: skip
# The header and the first page's head are dark in both schemes.
ALWAYS = [("#fff", "#12324a", 4.5), ("#e6eef3", "#12324a", 4.5), ("#fff", "#084f50", 4.5),
          ("#ffc247", "#12324a", 3), ("#ffc247", "#084f50", 3), ("#b9c9d4", "#12324a", 3),
          ("#fff", "#17827e", 3)]  # fmt: skip


def schemes() -> dict[str, dict[str, str]]:
    """Return the colours of each scheme by their names; the dark one keeps what it does not say."""
    source = (CSS / "theme.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z-]+): ([^;]+);", block))
        for block in re.findall(r":root \{(.*?)\}", source, re.DOTALL)[:2]
    )
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2.2 defines it."""
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    else:
        parts = [int(part) / 255 for part in colour.split(",")]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def test_the_reckoning_knows_the_extremes() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "255, 255, 255") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_and_shapes_stand_out_from_their_grounds(scheme: str) -> None:
    colours = schemes()[scheme]
    pairs = [(*pair, 4.5) for pair in TEXTS] + [(*pair, 3.0) for pair in SHAPES]
    weak = [
        f"{one} on {ground}: {contrast(colours[one], colours[ground]):.2f}"
        for one, ground, least in pairs
        if contrast(colours[one], colours[ground]) < least
    ]
    assert not weak, weak


def test_the_header_stands_out_in_every_scheme() -> None:
    for one, ground, least in ALWAYS:
        assert contrast(one, ground) >= least, (one, ground)


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_colours_are_named_in_one_place(path: Path) -> None:
    """A colour written elsewhere would not follow the scheme: only the fixed ones may be."""
    fixed = {colour for row in ALWAYS for colour in row[:2]} | {"#dfeaf0"}
    source = re.sub(r":root \{.*?\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    found = set(re.findall(r"#[0-9a-f]{3,8}\b", source))
    if path.name != "print.css":
        assert found <= {*fixed, "#ffffff24", "#ffffff4d"}, found - fixed
