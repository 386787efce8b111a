"""An index on disk: one JSON file and one of arrays in a folder; nothing in it is ever executed on
reading.

``index.json`` has two lines: a header with format, version and the SHA-256 of the second line; and
the facts, with the name of the file of arrays, how long each is there, and checksums. That file
is an array of bytes as NumPy writes it; it is mapped into memory, so that all processes that read
it share it. It has its name from its content and is written first, the JSON file last, by renaming:
whoever reads sees either the old index or the new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

try:
    import fcntl
except ImportError:  # Not on Windows.
    fcntl = None  # type: ignore[assignment]

from matcher.errors import IndexFormatError
from matcher.file_replacement import replace_file, write_and_rename
from matcher.store.serialization import KINDS, Arrays

FORMAT: Final = "expert-matcher-index"
# 2: entries have weights. 3: the places of terms in the text are kept. 4: and of sentences. 5: all
# that is drawn up is kept, in one file that is mapped. 6: so are the facts of entries.
# 7: and the notice that experts need, and the years in which they go no more.
VERSION: Final = 7
_PASSING_FILE: Final = re.compile(r"\.(?:index\.json|arrays)\.\d+\.\d+\.tmp")
_ARRAY_FILE: Final = re.compile(r"arrays-[0-9a-f]{64}\.npy")
# Bytes of which one checksum is made.
_STRETCH: Final = 1 << 24
# Arrays begin at such a multiple, as the numbers of the processor like it.
_ALIGNED: Final = 64


@dataclass(frozen=True)
class StoredIndex:
    """What a folder holds: facts as JSON has them, and the arrays of each block."""

    facts: Mapping[str, Any]
    blocks: Sequence[Arrays]


def write_index(
    path: str | os.PathLike[str], facts: Mapping[str, Any], blocks: Sequence[Arrays]
) -> None:
    """Write an index into a folder, replacing one that is there; arrays are not copied for it."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(folder, exclusively=True):
        name, checksums = _write_arrays(folder, blocks)
        lengths = [{name: arrays[name].nbytes for name in KINDS} for arrays in blocks]
        stored = {"file": name, "sha256": checksums, "lengths": lengths}
        body = json.dumps({**facts, "arrays": stored}).encode("ascii")
        header = {"format": FORMAT, "version": VERSION, "sha256": hashlib.sha256(body).hexdigest()}
        replace_file(folder / "index.json", json.dumps(header).encode("ascii") + b"\n" + body)
        for left in folder.iterdir():
            # Nobody else is writing here, so a passing file is one of a process that was killed.
            old = _ARRAY_FILE.fullmatch(left.name) and left.name != name
            if old or _PASSING_FILE.fullmatch(left.name):
                left.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(folder: Path, *, exclusively: bool) -> Iterator[None]:
    """Hold a lock on a folder: one writer at a time and no reader beside it, among threads and
    processes; it ends with the process that holds it. Where the system has no such locks, files are
    still replaced whole."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if exclusively else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def _write_arrays(folder: Path, blocks: Sequence[Arrays]) -> tuple[str, list[str]]:
    """Write the arrays of all blocks into one file; returns its name and its checksums."""
    arrays = [block[name] for block in blocks for name in KINDS]
    total = sum(_aligned(array.nbytes) for array in arrays)
    checksums = list[str]()

    def write(file: BinaryIO) -> str:
        whole = {"descr": "|u1", "fortran_order": False, "shape": (total,)}
        np.lib.format.write_array_header_1_0(file, whole)
        for array in arrays:
            # An array without numbers has no bytes that could be looked at.
            file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
            file.write(bytes(_aligned(array.nbytes) - array.nbytes))
        file.flush()
        checksums.extend(_checksums(np.memmap(file, dtype=np.uint8, mode="r")))
        return f"arrays-{hashlib.sha256(''.join(checksums).encode()).hexdigest()}.npy"

    return write_and_rename(folder, "arrays", write), checksums


def _checksums(whole: NDArray[np.uint8]) -> list[str]:
    """The SHA-256 of each stretch of the bytes of a file, two at a time."""
    stretches = [whole[at : at + _STRETCH] for at in range(0, len(whole), _STRETCH)]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda stretch: hashlib.sha256(stretch).hexdigest(), stretches))


def _aligned(length: int) -> int:
    return -(-length // _ALIGNED) * _ALIGNED


def read_index(path: str | os.PathLike[str]) -> StoredIndex:
    """Read an index from a folder; raises :class:`IndexFormatError` unless every byte is as it was
    written."""
    folder = Path(path)
    try:
        with _locked(folder, exclusively=False):
            facts = _read_facts(folder)
            return StoredIndex(facts, _read_arrays(folder, facts["arrays"]))
    except OSError as error:
        raise IndexFormatError(f"{folder}: cannot be read ({error})") from error
    except (EOFError, KeyError, TypeError, ValueError) as error:
        raise IndexFormatError(f"{folder}: not a whole index ({error})") from error


def _read_facts(folder: Path) -> dict[str, Any]:
    with open(folder / "index.json", "rb") as file:
        first, body = file.readline(), file.read()
    try:
        header = json.loads(first)
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise IndexFormatError(f"{folder}: not an index of this library")
        if header.get("version") != VERSION:
            raise IndexFormatError(
                f"{folder}: version {header.get('version')!r}, version {VERSION} is expected"
            )
        if header.get("sha256") != hashlib.sha256(body).hexdigest():
            raise IndexFormatError(f"{folder}: damaged, the checksum of index.json differs")
        facts = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise IndexFormatError(f"{folder}: index.json cannot be read ({error})") from error
    if not isinstance(facts, dict):
        raise IndexFormatError(f"{folder}: index.json holds no object")
    return facts


def _read_arrays(folder: Path, stored: Mapping[str, Any]) -> list[Arrays]:
    name = str(stored["file"])
    if not _ARRAY_FILE.fullmatch(name):
        raise IndexFormatError(f"{folder}: {name!r} holds no arrays of an index")
    with open(folder / name, "rb") as file:
        # It is opened once, so that what is read is what was checked.
        # A plain array of it is sliced in a fraction of the time.
        whole = np.memmap(file, dtype=np.uint8, mode="r").view(np.ndarray)
        if _checksums(whole) != stored["sha256"]:
            raise IndexFormatError(f"{folder / name}: damaged, a checksum differs")
        file.seek(0)
        np.lib.format.read_magic(file)
        np.lib.format.read_array_header_1_0(file)
        at, blocks = file.tell(), list[Arrays]()
    for lengths in stored["lengths"]:
        arrays = {}
        for array, (kind, width) in KINDS.items():
            found = whole[at : at + int(lengths[array])].view(kind)
            arrays[array] = found if width is None else found.reshape(-1, width)
            at += _aligned(int(lengths[array]))
        blocks.append(arrays)
    return blocks
