"""The picture of the packages shows the imports there are."""

from pathlib import Path

import pytest

from docs import draw_architecture

ROOT = Path(__file__).resolve().parents[2]


def test_the_picture_of_the_packages_shows_their_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    drawn = draw_architecture.draw(draw_architecture.read_imports())
    stored = draw_architecture.PICTURE.read_text("utf-8")
    assert stored == drawn, "run .venv/bin/python docs/draw_architecture.py"


def test_an_import_that_others_bring_about_is_not_drawn_and_every_other_is() -> None:
    imports = {
        "views": frozenset({"rules", "tables"}),
        "rules": frozenset({"tables"}),
        "tables": frozenset[str](),
    }
    shown = draw_architecture.without_what_follows(imports)
    assert shown == {**imports, "views": frozenset({"rules"})}
    assert draw_architecture.draw(imports).count('<path d="M') == 1 + 2, "the tip and two arrows"
