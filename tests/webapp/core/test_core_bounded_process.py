"""Whoever reads a file of strangers tells no more of it than the platform has room for."""

from pathlib import Path

import pytest

from webapp.core.files import bounded_process
from webapp.core.files.bounded_process import BoundsError

READER = """
MEMORY, SECONDS, LARGEST_INPUT, LARGEST_ANSWER, LIBRARIES = 200_000_000, 4, 100, 5_000, ()

class FaultError(Exception): pass

def extract(data):
    return {"text": "a" * int(data)}
"""


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    """A reader that tells as much as it is asked for."""
    path = tmp_path / "reader.py"
    path.write_text(READER, "utf-8")
    return path


def test_an_answer_is_read(reader: Path) -> None:
    assert bounded_process.run(reader, b"4900") == {"text": "a" * 4900}


def test_an_answer_larger_than_any_ends_its_program(reader: Path) -> None:
    with pytest.raises(BoundsError, match="bomb"):
        bounded_process.run(reader, b"5100")
