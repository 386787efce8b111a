"""An index on disk: one JSON file and NumPy arrays in a folder; nothing in it is ever executed on
reading.

``index.json`` has two lines: a header with format, version and the SHA-256 of the second line; and
the content, which names each array's file with its own SHA-256. Arrays get names from their content
and are written first, the JSON file last, by renaming: whoever reads sees either the old index or
the new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

try:
    import fcntl
except ImportError:  # Not on Windows.
    fcntl = None  # type: ignore[assignment]

from matcher.errors import IndexFormatError, RecordError
from matcher.records import Expert
from matcher.store.serialization import KINDS, Pieces, ProfileArrays

FORMAT: Final = "expert-matcher-index"
# 2: entries have weights. 3: the places of terms in the text are kept. 4: and of sentences.
VERSION: Final = 4
_PASSING_FILE: Final = re.compile(r"\.(?:index\.json|" + "|".join(KINDS) + r")\.\d+\.\d+\.tmp")
_ARRAY_FILE: Final = re.compile(r"(?:" + "|".join(KINDS) + r")-[0-9a-f]{64}\.npy")


@dataclass(frozen=True)
class StoredIndex:
    """What is kept of an index: everything else follows from it."""

    fingerprint: str
    revision: int
    vocabulary: Sequence[str]
    profiles: ProfileArrays


def write_index(
    path: str | os.PathLike[str],
    *,
    fingerprint: str,
    revision: int,
    vocabulary: Sequence[str],
    experts: Iterable[Expert],
    arrays: Mapping[str, Pieces],
) -> None:
    """Write an index into a folder, replacing one that is there; piece by piece, so that it needs
    little memory beside the index."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder, exclusively=True):
        files = {name: _write_array(folder, name, arrays[name]) for name in KINDS}
        _write_content(folder, _content(fingerprint, revision, vocabulary, experts, files))
        for left in folder.iterdir():
            # Nobody else is writing here, so a passing file is one of a process that was killed.
            old = _ARRAY_FILE.fullmatch(left.name) and left.name not in files.values()
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


def _write_content(folder: Path, content: Iterable[str]) -> None:
    def write(file: BinaryIO) -> str:
        # The header is as long with one checksum as with another, so its place can be kept free.
        file.write(_header("0" * 64))
        checksum = _write_pieces(file, (piece.encode("ascii") for piece in content))
        file.write(b"\n")
        file.seek(0)
        file.write(_header(checksum))
        return "index.json"

    _write_and_rename(folder, "index.json", write)


def _header(checksum: str) -> bytes:
    header = {"format": FORMAT, "version": VERSION, "sha256": checksum}
    return json.dumps(header).encode("ascii") + b"\n"


def _content(
    fingerprint: str,
    revision: int,
    vocabulary: Iterable[str],
    experts: Iterable[Expert],
    files: Mapping[str, str],
) -> Iterator[str]:
    """The second line of index.json in pieces."""
    yield f'{{"fingerprint": {json.dumps(fingerprint)}, "revision": {revision}, "vocabulary": '
    yield from _json_list(vocabulary)
    yield ', "experts": '
    yield from _json_list(expert.to_dict() for expert in experts)
    yield f', "arrays": {json.dumps(files)}}}'


def _json_list(items: Iterable[object]) -> Iterator[str]:
    yield "["
    for place, item in enumerate(items):
        yield (", " if place else "") + json.dumps(item, ensure_ascii=True)
    yield "]"


def _write_array(folder: Path, name: str, pieces: Pieces) -> str:
    def write(file: BinaryIO) -> str:
        return f"{name}-{_write_pieces(file, _npy(pieces, KINDS[name]))}.npy"

    return _write_and_rename(folder, name, write)


def _npy(pieces: Pieces, kind: str) -> Iterator[bytes]:
    """The file that :func:`numpy.save` would write of the array put together."""
    whole = {
        "descr": np.lib.format.dtype_to_descr(np.dtype(kind)),
        "fortran_order": False,
        "shape": (sum(piece.size for piece in pieces),),
    }
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, whole)
    yield header.getvalue()
    for piece in pieces:
        yield piece.astype(kind, copy=False).tobytes()


def _write_pieces(file: BinaryIO, pieces: Iterable[bytes]) -> str:
    """Write pieces one after the other; returns the SHA-256 of all of them."""
    checksum = hashlib.sha256()
    for piece in pieces:
        checksum.update(piece)
        file.write(piece)
    return checksum.hexdigest()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it there, so that no reader and no crash meets half
    of it."""

    def write(file: BinaryIO) -> str:
        file.write(content)
        return path.name

    _write_and_rename(path.parent, path.name, write)


def _write_and_rename(folder: Path, label: str, write: Callable[[BinaryIO], str]) -> str:
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
        return open(temporary, "wb")
    except OSError as error:
        # The reader knows the file that was asked for, not the passing one.
        raise OSError(error.errno, error.strerror, str(meant)) from error


def read_index(path: str | os.PathLike[str]) -> StoredIndex:
    """Read an index from a folder; raises :class:`IndexFormatError` unless every byte is as it was
    written."""
    folder = Path(path)
    try:
        with _locked(folder, exclusively=False):
            return _read_whole(folder)
    except OSError as error:
        raise IndexFormatError(f"{folder}: cannot be read ({error})") from error


def _read_whole(folder: Path) -> StoredIndex:
    content = _read_content(folder)
    try:
        files = content["arrays"]
        arrays = {name: _read_array(folder, files[name], kind) for name, kind in KINDS.items()}
        experts = [Expert.from_dict(row) for row in content["experts"]]
        vocabulary = [str(term) for term in content["vocabulary"]]
        profiles = ProfileArrays(experts, arrays)
        profiles.check(len(vocabulary))
        return StoredIndex(
            str(content["fingerprint"]), int(content["revision"]), vocabulary, profiles
        )
    except (KeyError, TypeError, ValueError, RecordError) as error:
        raise IndexFormatError(f"{folder}: not a whole index ({error})") from error


def _read_content(folder: Path) -> dict[str, Any]:
    with _opened(folder / "index.json") as file:
        try:
            header = json.loads(file.readline())
            if not isinstance(header, dict) or header.get("format") != FORMAT:
                raise IndexFormatError(f"{folder}: not an index of this library")
            if header.get("version") != VERSION:
                raise IndexFormatError(
                    f"{folder}: version {header.get('version')!r}, version {VERSION} is expected"
                )
            content = json.loads(_checked_body(folder, file, header.get("sha256")))
        except (ValueError, RecursionError) as error:
            raise IndexFormatError(f"{folder}: index.json cannot be read ({error})") from error
    if not isinstance(content, dict):
        raise IndexFormatError(f"{folder}: index.json holds no object")
    return content


def _checked_body(folder: Path, file: BinaryIO, checksum: object) -> str:
    body = file.read()
    # A view, because the body of a large index should not be copied for the sake of one newline.
    line = memoryview(body)[: len(body) - body.endswith(b"\n")]
    if checksum != hashlib.sha256(line).hexdigest():
        raise IndexFormatError(f"{folder}: damaged, the checksum of index.json differs")
    return body.decode("ascii")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """A file to read from, whose failures are those of the index."""
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise IndexFormatError(f"{path}: cannot be read ({error})") from error


def _read_array(folder: Path, name: str, kind: str) -> Any:
    if not _ARRAY_FILE.fullmatch(name):
        raise IndexFormatError(f"{folder}: {name!r} is no array of an index")
    # It is opened once, so that what is loaded is what was checked.
    with _opened(folder / name) as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
        if checksum != name.removesuffix(".npy").rpartition("-")[2]:
            raise IndexFormatError(f"{folder / name}: damaged, the checksum differs")
        file.seek(0)
        array = np.lib.format.read_array(file, allow_pickle=False)
    if array.ndim != 1 or array.dtype != kind:
        raise IndexFormatError(f"{folder / name}: a list of {kind} numbers is expected")
    return array
