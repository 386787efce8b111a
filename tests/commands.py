"""What commands say when they refuse."""

from click.testing import Result


def refused(result: Result, words: str) -> None:
    """Check that a command ended with one sentence."""
    assert result.exit_code == 1, result.output
    lines = [line for line in result.output.splitlines() if line]
    assert len(lines) == 1, result.output
    assert lines[0].startswith("Error: ")
    assert words in lines[0]
