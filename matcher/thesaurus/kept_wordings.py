"""The tables of wordings kept in a file between one start and the next.

Making them reads tens of thousands of words; a start that finds them kept decodes those that it
needs. The file is named by all that they follow from: the rows of the thesaurus, the code and the
data that read words, and the stemmer. It stands in the user's folder for such files
(``$XDG_CACHE_HOME/expert-matcher``, see the XDG Base Directory Specification), holds what can be
made again, and is left aside when it is damaged; where it cannot be written all goes on without.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from matcher.file_replacement import replace_file
from matcher.language import tables_digest
from matcher.thesaurus.model import Concept, Sense
from matcher.thesaurus.wordings import Wordings, tables_of

# Fewer rows are read as fast as a file of their tables.
_WORTH_KEEPING: Final = 200
# Files of other editions that stay: another version, or other themes, may be in use beside this.
_OTHERS: Final = 3
_PACKAGES: Final = ("language", "thesaurus")


def wordings_of(digest: str, concepts: Collection[Concept], senses: Collection[Sense]) -> Wordings:
    """The wordings of concepts and senses, kept or made; ``digest`` names these rows."""
    if len(concepts) + len(senses) < _WORTH_KEEPING:
        return Wordings(tables_of(concepts, senses))
    path = _folder() / f"wordings-{_key(digest)}"
    tables = _kept(path)
    if tables is None:
        tables = tables_of(concepts, senses)
        _keep(path, tables)
    return Wordings(tables)


def _folder() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    # By the specification a relative path counts for nothing.
    base = Path(named) if os.path.isabs(named) else Path(os.path.expanduser("~"), ".cache")
    return base / "expert-matcher"


def _key(digest: str) -> str:
    content = hashlib.sha256(f"{digest} {tables_digest()} {_reading_digest()}".encode())
    return content.hexdigest()


@cache
def _reading_digest() -> str:
    """What tells the code that reads words from another version of it."""
    content = hashlib.sha256(unicodedata.unidata_version.encode())
    for package in ("snowballstemmer", "pystemmer"):
        content.update(f" {package} {_version(package)}".encode())
    base = Path(__file__).resolve().parents[1]
    for package in _PACKAGES:
        for source in sorted((base / package).glob("*.py")):
            content.update(source.read_bytes())
    return content.hexdigest()


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


class _LateTables(dict[str, Any]):
    """Tables by name, each decoded when it is asked for: who reads English needs an eighth."""

    def __init__(self, lines: Mapping[str, bytes]) -> None:
        super().__init__()
        self._lines = lines

    def __missing__(self, name: str) -> Any:
        table = self[name] = json.loads(self._lines[name])
        return table


def _kept(path: Path) -> Mapping[str, Any] | None:
    """What a file holds: a checksum, and a line for each table with its name before it; nothing if
    it is not there or not whole."""
    try:
        checksum, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        return None
    lines = (line.partition(b"\t") for line in body.splitlines())
    return _LateTables({name.decode(): table for name, _, table in lines})


def _keep(path: Path, tables: Mapping[str, Any]) -> None:
    body = b"\n".join(
        name.encode()
        + b"\t"
        + json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
        for name, table in tables.items()
    )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        others = [other for other in path.parent.glob("wordings-*") if other != path]
        others.sort(key=lambda other: other.stat().st_mtime, reverse=True)
        for other in others[_OTHERS:]:
            other.unlink(missing_ok=True)
    except OSError:
        # A read-only system, or a full disk: the tables are made again at each start.
        return
