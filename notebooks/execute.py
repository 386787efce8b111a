"""Execute notebooks and write their figures into them: ``python notebooks/execute.py [name …]``.

The kernel is this Python, whatever kernels are installed; it needs no network. What differs from
machine to machine (times, versions, folders) is left out of the file.
"""

from __future__ import annotations

import base64
import io
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

FOLDER = Path(__file__).resolve().parent
SECONDS = 300
COLOURS = 64


def execute(path: Path) -> NotebookNode:
    """Return a notebook with the outputs of a fresh run in its own folder.

    Raises ``CellExecutionError`` for a cell that fails, and ``ValueError`` for one that writes to
    standard error, warnings included.
    """
    # Made here, so that its message is in no output.
    import matplotlib.font_manager

    del matplotlib
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as aside:
        # Without folders to look in, only the kernel that comes with this Python is found.
        kernel = AsyncKernelManager(
            kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
        )
        # Its sockets are files in that folder: no port is opened.
        kernel.transport = "ipc"
        kernel.connection_file = str(Path(aside) / "kernel.json")
        client = NotebookClient(
            notebook,
            km=kernel,
            timeout=SECONDS,
            record_timing=False,
            resources={"metadata": {"path": str(path.parent)}},
        )
        client.execute(cleanup_kc=True, env=_environment(path.parent.parent, aside))
    _refuse_errors(path, notebook)
    return _without_the_machine(notebook)


def _environment(root: Path, aside: str) -> dict[str, str]:
    """The matcher of this checkout, and none of the settings that a person has at home."""
    return {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONWARNINGS": "default",
        "IPYTHONDIR": aside,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _refuse_errors(path: Path, notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise ValueError(f"{path.name} writes to standard error: {output.text}")


def _without_the_machine(notebook: NotebookNode) -> NotebookNode:
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = _smaller(output.data["image/png"])
        cell.metadata = {}
        cell.id = f"cell-{number}"
    return notebook


def _smaller(image: str) -> str:
    """A figure in fewer colours, a third of its size; base64 of a PNG both times."""
    with Image.open(io.BytesIO(base64.b64decode(image))) as full, io.BytesIO() as file:
        full.convert("RGB").quantize(COLOURS).save(file, "png", optimize=True)
        return base64.b64encode(file.getvalue()).decode("ascii")


def main(names: list[str]) -> None:
    """Execute the notebooks named, or all of them, in place."""
    for path in [FOLDER / name for name in names] or sorted(FOLDER.glob("*.ipynb")):
        print(path.name, flush=True)
        nbformat.write(execute(path), path)


if __name__ == "__main__":
    main(sys.argv[1:])
