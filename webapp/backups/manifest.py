"""What must be in a backup: written last, and looked into first."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

MANIFEST, DATABASE, HEADS, KEYS = "manifest.json", "database.sqlite", "audit-heads", "keys"
# It is raised when what is in the folder changes in a way that older code would not understand.
FORM = 1


class DamagedBackupError(RuntimeError):
    """The folder holds no backup, half of one, or one that has changed since it was written."""


@dataclass(frozen=True)
class Manifest:
    """When a backup was made, of what, and what its files must hold.

    `files` has the SHA-256 of each, `rows` how many each table has; `head` stands for the log.
    """

    form: int
    made: str
    revision: str
    head: str
    rows: dict[str, int]
    files: dict[str, str]

    def as_bytes(self) -> bytes:
        """Return the manifest as it is written."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def read(folder: Path) -> Manifest:
    """Return what is written of a backup whose files are whole. Raises DamagedBackupError."""
    path = folder / MANIFEST
    if not path.exists():
        raise DamagedBackupError(f"{folder} holds no backup, or one that was not finished")
    try:
        found = json.loads(path.read_bytes())
        if found["form"] > FORM:
            raise DamagedBackupError(f"{folder} was made by a newer version of the platform")
        manifest = Manifest(**found)
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedBackupError(f"{path} cannot be read") from error
    for name, digest in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise DamagedBackupError(f"{file} is missing")
        if digest_of(file) != digest:
            raise DamagedBackupError(f"{file} is not as it was written")
    return manifest


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(path: Path, content: bytes) -> None:
    """Write a file that outlasts a loss of power."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
