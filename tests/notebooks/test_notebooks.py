"""The notebooks run from start to end, offline and in a folder with spaces in its name, and what
they show is what today's code gives."""

import json
import re
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from notebooks.execute import execute

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
# Its figures are those of the machine.
OF_THE_MACHINE = {"speed.ipynb"}
LARGEST = 300_000


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the notebooks need, in a folder with spaces in its name and nothing else beside it."""
    root = tmp_path_factory.mktemp("a clean checkout")
    for folder in ("matcher", "data", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def shown(notebook: nbformat.NotebookNode) -> list[tuple[int, str]]:
    """The texts among the outputs, with the number of their cell."""
    return [
        (number, output.data["text/markdown"])
        for number, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", ())
        if "text/markdown" in output.get("data", {})
    ]


def figures(notebook: nbformat.NotebookNode) -> int:
    """How many figures are among the outputs."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return sum("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.long
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_and_shows_what_is_committed(name: str, checkout: Path) -> None:
    """If only figures differ, the code has changed: `make notebooks` writes the new ones."""
    committed = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    fresh = execute(checkout / "notebooks" / name)
    nbformat.validate(fresh)
    assert figures(fresh) == figures(committed) > 0
    if name not in OF_THE_MACHINE:
        assert shown(fresh) == shown(committed)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_light_and_tells_nothing_of_the_machine(name: str) -> None:
    path = ROOT / "notebooks" / name
    text = path.read_text("utf-8")
    assert len(text) < LARGEST
    assert str(ROOT) not in text
    assert not re.search(r"/(home|root|tmp|Users|usr|work)/", text)
    notebook = json.loads(text)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not any(output["output_type"] == "error" for cell in code for output in cell["outputs"])


@pytest.mark.long
@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("1 / 0", CellExecutionError, "ZeroDivisionError"),
        ("import warnings\nwarnings.warn('beware')", ValueError, "beware"),
        ("import not_of_this_checkout", CellExecutionError, "not_of_this_checkout"),
        # The matcher beside the notebook is the one that is imported.
        ("import matcher\nraise ValueError(matcher.__file__)", CellExecutionError, "only this one"),
    ],
)
def test_a_notebook_that_fails_is_noticed(
    source: str, error: type[Exception], words: str, tmp_path: Path
) -> None:
    folder = tmp_path / "only this one" / "notebooks"
    folder.mkdir(parents=True)
    (folder.parent / "matcher").mkdir()
    (folder.parent / "matcher" / "__init__.py").touch()
    path = folder / "faulty.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source)]), path)
    with pytest.raises(error, match=words):
        execute(path)


@pytest.mark.parametrize("name", ["ipykernel", "matplotlib", "nbclient", "nbformat", "pillow"])
def test_what_draws_the_notebooks_may_be_passed_on(name: str) -> None:
    about: Any = metadata.metadata(name)  # Its type lacks the method that finds one field.
    said = f"{about.get('License-Expression')} {about.get('License')} " + " ".join(
        about.get_all("Classifier") or ()
    )
    assert re.search(r"BSD|MIT|Python Software Foundation|HPND", said), said
