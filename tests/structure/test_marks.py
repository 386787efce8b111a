"""Marks that tests must carry, or a command that runs them by their mark would pass them over."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
# With these many press at one moment or side by side.
OF_RACES = {"at_once", "by_turns", "done_once", "press_at_once", "Barrier"}
FILES = sorted(
    path for folder in ("attack", "faults") for path in (TESTS / folder).glob("test_*.py")
)


def imported(source: str) -> set[str]:
    """Return the names that a file imports."""
    return {
        name.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def attacks(path: Path, source: str) -> bool:
    """Tell whether a file of tests attacks the platform, or lets people race."""
    return path.parent.name == "attack" or bool(imported(source) & OF_RACES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_race_is_run_by_the_command_that_attacks(path: Path) -> None:
    source = path.read_text("utf-8")
    if attacks(path, source):
        marked = source.partition("pytestmark = ")[2].partition("]")[0]
        assert "pytest.mark.attack" in marked, f"{path.name} lacks the mark `attack`"


def test_a_race_is_known_by_what_it_presses_with() -> None:
    races = "from tests.faults.crowd import CLIENTS, at_once\n"
    assert attacks(Path("faults/test_faults_new.py"), races)
    assert not attacks(Path("faults/test_faults_new.py"), "from tests.faults.crowd import Office\n")
