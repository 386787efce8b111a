"""What `make run` gives to the processes that it starts."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return an environment whose programs only say what they are given."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, line in {"python": "", "flask": "", "honcho": 'echo "sent to $PLATFORM_URL"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    (tmp_path / "installed").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("given", "url"),
    [({}, "http://localhost:8123"), ({"PLATFORM_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9")],
)
def test_all_processes_send_people_to_the_address_of_the_first(
    installed: Path, given: dict[str, str], url: str
) -> None:
    """Honcho gives each process a port of its own: the second one would mail people a wrong one."""
    known = {name: value for name, value in os.environ.items() if name != "PLATFORM_URL"}
    environment = os.path.relpath(installed, ROOT)
    ran = subprocess.run(
        [
            # What is installed here is none of its business.
            "make", "--silent", f"--old-file={environment}/installed", "run", "PORT=8123",
            f"VENV={environment}", f"INSTANCE={installed / 'instance'}",
        ],
        cwd=ROOT, env=known | given, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"sent to {url}\n" in ran.stdout
