"""The Containerfile says what the rest of the project says; no image is built where tests run.

What it copies is served with its settings by its command, in folders that stand for those of the
image; the packages are those of the tests.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import free_port, wait_until_ready

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "CMD"}
# They are no settings of ours.
OF_OTHERS = {"PATH", "XDG_CACHE_HOME", "PYTHONUNBUFFERED"}


@pytest.fixture
def instructions() -> list[tuple[str, str]]:
    """Return the instructions with their words, those over several lines as one."""
    text = (ROOT / "deploy" / "Containerfile").read_text()
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    parts = [line.split(maxsplit=1) for line in lines if line.strip()]
    return [(name, words) for name, words in parts]


def words_of(instructions: list[tuple[str, str]], name: str) -> list[str]:
    """Return the words of all instructions of a name."""
    return [words for found, words in instructions if found == name]


def test_each_instruction_is_known_and_both_stages_have_one_python(
    instructions: list[tuple[str, str]],
) -> None:
    assert {name for name, _words in instructions} <= KNOWN
    built, served = words_of(instructions, "FROM")
    # What is installed knows the name of its folder and the version of its Python.
    assert built.split(" AS ")[0] == served
    assert words_of(instructions, "WORKDIR")[0] == "/opt/rssrp"
    assert ("COPY", "--from=built /opt/rssrp /opt/rssrp") in instructions


def test_the_container_starts_what_the_procfile_starts(
    instructions: list[tuple[str, str]],
) -> None:
    (command,) = words_of(instructions, "CMD")
    procfile = (ROOT / "Procfile").read_text()
    assert f"web: exec {' '.join(json.loads(command))}\n" in procfile


def test_its_settings_are_those_that_the_documents_name(
    instructions: list[tuple[str, str]],
) -> None:
    told = (ROOT / "docs" / "production.md").read_text()
    names = set(re.findall(r"(\w+)=", " ".join(words_of(instructions, "ENV"))))
    assert names > OF_OTHERS
    assert [name for name in names - OF_OTHERS if f"`{name}`" not in told] == []


def test_it_installs_what_a_fresh_machine_is_given(instructions: list[tuple[str, str]]) -> None:
    given = (ROOT / ".ci" / "run").read_text()
    installs = " ".join(re.findall(r"no-install-recommends (.*?)&&", str(instructions)))
    packages = set(installs.replace("fonts-dejavu-core", "").split())
    assert {"gcc", "make", "libpangoft2-1.0-0"} <= packages
    assert [package for package in packages if package not in given] == []


def _project(folder: Path) -> None:
    """Copy what a repository has, as `COPY . .` does in one that was just cloned."""
    ignored = (ROOT / ".containerignore").read_text().split()
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = filter(None, listed.stdout.split("\0"))
    for name in (name for name in names if name.split("/")[0] not in ignored):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


@pytest.mark.thorough
def test_what_it_copies_is_served_by_its_command_with_its_settings(
    instructions: list[tuple[str, str]], tmp_path: Path
) -> None:
    image, volume = tmp_path / "opt" / "rssrp", tmp_path / "var" / "lib" / "rssrp"
    volume.mkdir(parents=True)
    _project(image)
    said = dict(pair.split("=", 1) for pair in " ".join(words_of(instructions, "ENV")).split())
    environ = {
        **{name: value.replace("/var/lib/rssrp", str(volume)) for name, value in said.items()},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(image),
        # Here nobody else is to reach it.
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
    }
    (command,) = words_of(instructions, "CMD")
    install = ["flask", "--app", "wsgi", "install"]
    subprocess.run(install, cwd=image, env=environ, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(json.loads(command), cwd=image, env=environ)
    try:
        wait_until_ready(process, f"http://127.0.0.1:{environ['PORT']}")
        assert (volume / "platform.sqlite").exists()
        assert not list(image.rglob("*.sqlite")), "it writes into the volume alone"
    finally:
        process.terminate()
        assert process.wait(timeout=60) == 0
