"""What an installation keeps is its owner's alone, however careless others were with its folder."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.databases import environment

pytestmark = pytest.mark.long


def open_to_others(folder: Path) -> set[tuple[str, str]]:
    """Return what in a folder, and within it, somebody else could read, write or list."""
    found = set()
    for path in [folder, *folder.rglob("*")]:
        mode = path.lstat().st_mode
        wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
        if stat.S_IMODE(mode) & ~wanted:
            found.add((str(path.relative_to(folder.parent)), oct(stat.S_IMODE(mode))))
    return found


def does(environ: dict[str, str], *words: str) -> bool:
    """Run a command of the platform, and tell whether it did what it was told."""
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT, env=environ, check=False, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return ended.returncode == 0


def is_sound(environ: dict[str, str]) -> bool:
    """Let the command look through the database."""
    return does(environ, "check")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return the settings of an installation that makes its database and its keys itself."""
    made = environment(tmp_path / "instance", "")
    for name in ("DATABASE_URL", "SECRET_KEY", "PASSWORD_SALT", "TOTP_KEY", "AUDIT_KEY"):
        del made[name]
    return made


def test_an_update_closes_what_a_careless_copy_has_left_open(
    environ: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "instance"
    assert does(environ, "install")
    for path in (folder / "roster" / "index.json", folder / "metrics" / "counter.db"):
        path.parent.mkdir()
        path.touch()
    (folder / "audit-heads").touch()
    for path in folder.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert does(environ, "install")
    assert open_to_others(folder) == set()
    assert is_sound(environ)
