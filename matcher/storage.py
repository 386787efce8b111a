"""An index on disk: one JSON file and NumPy arrays in a folder; nothing in it is ever executed on
reading.

``index.json`` has two lines: a header with format, version and the SHA-256 of the second line; and
the content, which names each array's file with its own SHA-256. Arrays get names from their content
and are written first, the JSON file last, by renaming: whoever reads sees either the old index or
the new one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matcher.errors import IndexFormatError, RecordError
from matcher.profile_arrays import KINDS, ProfileArrays
from matcher.records import Expert

FORMAT: Final = "expert-matcher-index"
# 2: entries have weights. 3: the places of terms in the text are kept.
VERSION: Final = 3
_ARRAY_FILE: Final = re.compile(r"(?:" + "|".join(KINDS) + r")-[0-9a-f]{64}\.npy")


@dataclass(frozen=True)
class StoredIndex:
    """What is kept of an index: everything else follows from it."""

    fingerprint: str
    revision: int
    vocabulary: Sequence[str]
    profiles: ProfileArrays


def write_index(path: str | os.PathLike[str], stored: StoredIndex) -> None:
    """Write an index into a folder, replacing one that is there."""
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = stored.profiles.arrays
    files = {name: _write_array(folder, name, array) for name, array in arrays.items()}
    content = {
        "fingerprint": stored.fingerprint,
        "revision": stored.revision,
        "vocabulary": list(stored.vocabulary),
        "experts": [expert.to_dict() for expert in stored.profiles.experts],
        "arrays": files,
    }
    body = json.dumps(content, ensure_ascii=True).encode("ascii")
    header = {"format": FORMAT, "version": VERSION, "sha256": hashlib.sha256(body).hexdigest()}
    replace_file(folder / "index.json", json.dumps(header).encode("ascii") + b"\n" + body + b"\n")
    for file in folder.iterdir():
        if _ARRAY_FILE.fullmatch(file.name) and file.name not in files.values():
            file.unlink(missing_ok=True)


def _write_array(folder: Path, name: str, array: NDArray[Any]) -> str:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    content = buffer.getvalue()
    file = f"{name}-{hashlib.sha256(content).hexdigest()}.npy"
    replace_file(folder / file, content)
    return file


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it there, so that no reader and no crash meets half
    of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def read_index(path: str | os.PathLike[str]) -> StoredIndex:
    """Read an index from a folder; raises :class:`IndexFormatError` unless every byte is as it was
    written."""
    folder = Path(path)
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
    data = _read_file(folder / "index.json")
    first, _, rest = data.partition(b"\n")
    body = rest.removesuffix(b"\n")
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
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise IndexFormatError(f"{folder}: index.json cannot be read ({error})") from error
    if not isinstance(content, dict):
        raise IndexFormatError(f"{folder}: index.json holds no object")
    return content


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexFormatError(f"{path}: cannot be read ({error})") from error


def _read_array(folder: Path, file: str, kind: str) -> Any:
    if not _ARRAY_FILE.fullmatch(file):
        raise IndexFormatError(f"{folder}: {file!r} is no array of an index")
    data = _read_file(folder / file)
    if hashlib.sha256(data).hexdigest() != file.removesuffix(".npy").rpartition("-")[2]:
        raise IndexFormatError(f"{folder / file}: damaged, the checksum differs")
    array = np.load(io.BytesIO(data), allow_pickle=False)
    if array.ndim != 1 or array.dtype != kind:
        raise IndexFormatError(f"{folder / file}: a list of {kind} numbers is expected")
    return array
