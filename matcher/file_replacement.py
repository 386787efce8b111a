"""Files that are replaced as a whole: whoever reads meets the old one or the new one."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

# Profiles are nobody's but the platform's.
_MODE: Final = 0o600


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it there, so that no reader and no crash meets half
    of it."""

    def write(file: BinaryIO) -> str:
        file.write(content)
        return path.name

    write_and_rename(path.parent, path.name, write)


def write_and_rename(folder: Path, label: str, write: Callable[[BinaryIO], str]) -> str:
    """Have a file written under a passing name, and rename it to what ``write`` returns, which may
    follow from the content."""
    # Threads that save into one folder must not write into one another's files.
    temporary = folder / f".{label}.{os.getpid()}.{threading.get_ident()}.tmp"
    try:
        with _opened_to_write(temporary, folder / label) as file:
            name = write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, folder / name)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return name


def _opened_to_write(temporary: Path, meant: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, _MODE), "w+b")
    except OSError as error:
        # The reader knows the file that was asked for, not the passing one.
        raise OSError(error.errno, error.strerror, str(meant)) from error
