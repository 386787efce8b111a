"""A roster read by several processes is the one that a single process reads."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from matcher import Expert, ExpertIndex, RecordError, Request, reading
from matcher.experiments.benchmark.rosters import roster
from matcher.reading import ReadingError
from matcher.thesaurus import default_thesaurus, empty_thesaurus

EXPERTS = 30
REQUEST = Request("r", "Training of border police on trafficking in firearms and on first aid")


@pytest.fixture(scope="module")
def experts() -> list[Expert]:
    """Return a small roster."""
    return list(roster(EXPERTS, seed=1, thesaurus=default_thesaurus()))


@pytest.fixture(autouse=True)
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the roster be read in several tasks."""
    monkeypatch.setattr(reading, "_TASK", 7)


def bytes_of(index: ExpertIndex, folder: Path) -> list[bytes]:
    """Return what an index is saved as."""
    index.save(folder)
    return [file.read_bytes() for file in sorted(folder.iterdir())]


def test_the_index_is_the_same_to_the_byte(experts: list[Expert], tmp_path: Path) -> None:
    alone = bytes_of(ExpertIndex(experts), tmp_path / "alone")
    assert bytes_of(ExpertIndex(experts, processes=3), tmp_path / "together") == alone


@pytest.mark.thorough
def test_many_are_taken_into_an_index_that_has_some_of_them(experts: list[Expert]) -> None:
    grown = ExpertIndex(experts[:5])
    grown.update_all(experts, processes=2)
    found, wanted = grown.rank(REQUEST).ranked, ExpertIndex(experts).rank(REQUEST).ranked
    assert [(match.expert_id, match.score) for match in found] == [
        (match.expert_id, match.score) for match in wanted
    ]


def test_the_processes_read_with_the_thesaurus_of_the_index(experts: list[Expert]) -> None:
    without = ExpertIndex(experts, thesaurus=empty_thesaurus(), processes=2)
    assert not any(term.concept_id for term in without.top_terms(experts[0].id, n=100))


@pytest.mark.thorough
def test_an_id_that_comes_twice_is_refused(experts: list[Expert]) -> None:
    with pytest.raises(RecordError, match="twice"):
        ExpertIndex([*experts, experts[0]], processes=2)


def test_a_process_that_ends_is_told(
    experts: list[Expert], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_SERVING", "import sys; sys.exit(3)")
    with pytest.raises(ReadingError, match="ended before it was done"):
        ExpertIndex(experts, processes=2)


def test_processes_that_are_killed_while_they_read_are_waited_for_by_nobody(
    experts: list[Expert], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More tasks are left than there are processes, as when a machine has no memory for them."""
    killed = """
        import os, sys
        from multiprocessing.connection import Connection
        connection = Connection(int(sys.argv[1]))
        analyzer, task = connection.recv(), connection.recv()
        os.kill(os.getpid(), 9)
    """
    monkeypatch.setattr(reading, "_SERVING", textwrap.dedent(killed))
    with pytest.raises(ReadingError, match="ended before it was done"):
        ExpertIndex(experts, processes=2)


@pytest.mark.thorough
def test_no_process_outlives_one_that_is_killed(tmp_path: Path) -> None:
    """The readers hang on their connection to the process that started them."""
    program = """
        import itertools, sys
        from pathlib import Path
        from matcher import Expert, ExpertIndex
        def endless():
            for number in itertools.count():
                if number == 2000:
                    print("reading", flush=True)
                yield Expert.from_dict({"id": str(number), "summary": "Trains border police."})
        ExpertIndex(endless(), processes=2)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"reading\n"
    readers = children(parent.pid)
    assert len(readers) == 2
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 60
    while any(Path(f"/proc/{reader}").exists() for reader in readers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in listed for child in file.read_text().split()]
