"""Runs a reader of files within bounds; it is a program of its own (core/files/bounded_process.py).

Its argument is the file of a reader, which stands alone as well, so that both run without the
platform: without its database, its secrets and its memory. It sets bounds to itself before it looks
at what came: memory, time of the processor, how much it answers, and no further file or network
connection opened at all. What came stands on the standard input, and what is told of it is written
to the standard output, as one JSON object: what the reader returns, or the code of a `fault`.

A reader has `extract`, which takes bytes and returns such an object or raises its `FaultError`, the
bounds `MEMORY` (bytes), `SECONDS`, `LARGEST_INPUT` and `LARGEST_ANSWER` (bytes), and `LIBRARIES`,
the modules that it would else load when it needs them.
"""

import codecs
import importlib
import json
import resource
import runpy
import signal
import sys
from typing import Any

# Texts may need them, and nothing can be loaded afterwards.
ENCODINGS = (
    "ascii", "cp437", "cp1250", "cp1251", "cp1252", "idna", "latin-1", "mac-roman",
    "raw-unicode-escape", "unicode-escape", "utf-8", "utf-8-sig", "utf-16", "utf-16-be",
    "utf-16-le", "utf-32-be",
)  # fmt: skip


def load(path: str) -> dict[str, Any]:
    """Return what a reader defines, with all that it will need in memory."""
    reader = runpy.run_path(path)
    for name in reader["LIBRARIES"]:
        importlib.import_module(name)
    for name in ENCODINGS:
        codecs.lookup(name)
    return reader


def bound(reader: dict[str, Any]) -> None:
    """Take from this program what a hostile file would use; whatever it needs is open already.

    The answer is a file for the operating system, which ends whoever writes more than was allowed.
    """
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, reader["LARGEST_ANSWER"]),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_CPU, reader["SECONDS"]),
        (resource.RLIMIT_AS, reader["MEMORY"]),
    ):
        resource.setrlimit(limit, (most, most))


def answer(reader: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Return what the reader tells of a file."""
    try:
        told: dict[str, Any] = reader["extract"](data)
    except reader["FaultError"] as fault:
        return {"fault": str(fault)}
    except (MemoryError, RecursionError):
        return {"fault": "bomb"}
    return told


def main() -> None:
    """Read the standard input as a file."""
    reader = load(sys.argv[1])
    bound(reader)
    json.dump(answer(reader, sys.stdin.buffer.read(reader["LARGEST_INPUT"])), sys.stdout)


if __name__ == "__main__":
    main()
