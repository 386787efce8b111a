"""Profiles read from the records of experts, in this process or in several.

Reading takes most of the time of a build. Each process has terms of its own, numbered as they come;
its profiles are renumbered when they arrive, in the order of the experts. An index is therefore the
same however many processes have read it.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from matcher.analysis import Analyzer
from matcher.errors import MatcherError
from matcher.records import Expert
from matcher.store import ProfileTable, Vocabulary, numbered_anew, profiles_of

# Profiles are drawn up so many at a time: arrays of one profile are so short that making them costs
# more than what is in them.
_FEW: Final = 32
# Profiles are joined so many at a time, which takes less memory than each by itself.
_TOGETHER: Final = 4096
# A process reads so many at a time, in some seconds; starting it takes one.
_TASK: Final = 256
# Tasks at hand for each process, so that none waits for its next one.
_AT_HAND: Final = 2
_SERVING: Final = "import sys; from matcher.reading import serve; serve(int(sys.argv[1]))"

_Read = tuple[list[str], ProfileTable]


class ReadingError(MatcherError):
    """A process that read profiles ended before it was done, for want of memory perhaps."""


def read_profile(expert: Expert, analyzer: Analyzer, vocabulary: Vocabulary) -> ProfileTable:
    """The profile of one expert; O(its text)."""
    return _read_together([expert], analyzer, vocabulary)


def _read_together(
    experts: Iterable[Expert], analyzer: Analyzer, vocabulary: Vocabulary
) -> ProfileTable:
    # As they will be read from a stored index; a record that could not be is refused here.
    stored = [Expert.from_dict(expert.to_dict()) for expert in experts]
    read = [(expert, analyzer.expert_passages(expert)) for expert in stored]
    return profiles_of(read, vocabulary)


def read_profiles(
    experts: Iterable[Expert], analyzer: Analyzer, vocabulary: Vocabulary, processes: int = 1
) -> Iterator[ProfileTable]:
    """The profiles of experts, many in each table, in order.

    Several ``processes`` are started for it, and ended. Raises :class:`ReadingError` if one of them
    ends too early.
    """
    if processes > 1:
        pieces = _read_by_others(experts, analyzer, vocabulary, processes)
    else:
        pieces = (_read_together(few, analyzer, vocabulary) for few in _by_few(experts))
    waiting, size = list[ProfileTable](), 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _TOGETHER:
            yield ProfileTable.joined(waiting)
            waiting, size = [], 0
    if waiting:
        yield ProfileTable.joined(waiting)


def _read_by_others(
    experts: Iterable[Expert], analyzer: Analyzer, vocabulary: Vocabulary, processes: int
) -> Iterator[ProfileTable]:
    with ExitStack() as ends:
        readers = SimpleQueue[_Reader]()
        for _ in range(processes):
            readers.put(ends.enter_context(_reader(analyzer)))
        # Each thread waits for one reader.
        threads = ends.enter_context(ThreadPoolExecutor(processes))
        ends.callback(threads.shutdown, wait=False, cancel_futures=True)

        def read(task: Sequence[Expert]) -> _Read:
            reader = readers.get()
            try:
                return reader.read(task)
            finally:
                # One that has ended says so to each who asks; kept back, it would be waited for.
                readers.put(reader)

        waiting, left = deque[Future[_Read]](), iter(experts)
        while task := list(islice(left, _TASK)):
            waiting.append(threads.submit(read, task))
            if len(waiting) > processes * _AT_HAND:
                yield _renumbered(waiting.popleft(), vocabulary)
        while waiting:
            yield _renumbered(waiting.popleft(), vocabulary)


def _by_few(experts: Iterable[Expert]) -> Iterator[list[Expert]]:
    left = iter(experts)
    while few := list(islice(left, _FEW)):
        yield few


def _renumbered(read: Future[_Read], vocabulary: Vocabulary) -> ProfileTable:
    terms, table = read.result()
    return numbered_anew(table, vocabulary.add(terms), vocabulary)


class _Reader:
    """Another process that reads what it is sent, until nothing more comes.

    It hangs on a connection of its own, so that it ends with the process that started it, however
    that ends; the workers of :mod:`concurrent.futures` outlive one that is killed.
    """

    def __init__(self, connection: Connection, analyzer: Analyzer) -> None:
        self._connection = connection
        with _ends_told():
            # A copy of the thesaurus, without what this process has worked out for itself.
            connection.send(replace(analyzer, thesaurus=replace(analyzer.thesaurus)))

    def read(self, task: Sequence[Expert]) -> _Read:
        """Have some experts read."""
        with _ends_told():
            self._connection.send(task)
            read: _Read = self._connection.recv()
        return read


@contextmanager
def _ends_told() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError) as error:
        raise ReadingError("a process that read profiles ended before it was done") from error


@contextmanager
def _reader(analyzer: Analyzer) -> Iterator[_Reader]:
    ours, theirs = Pipe()
    folders = [str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    with (
        ours,
        subprocess.Popen(  # noqa: S603 - This very program.
            [sys.executable, "-c", _SERVING, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, folders))},
        ) as process,
    ):
        theirs.close()
        try:
            yield _Reader(ours, analyzer)
        finally:
            process.kill()


def serve(connected: int) -> None:
    """Read the experts that come through a connection until it is closed: what a process does that
    was started for it."""
    # Whoever asks the platform to stop by Ctrl+C asks its readers too; the connection tells them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = Connection(connected)
    with suppress(EOFError):
        analyzer: Analyzer = connection.recv()
        # Nothing that is read refers back to itself, so nobody need look for what is unused.
        gc.disable()
        while True:
            connection.send(_read_task(connection.recv(), analyzer))


def _read_task(experts: Sequence[Expert], analyzer: Analyzer) -> _Read:
    vocabulary = Vocabulary(analyzer.settings)
    tables = [_read_together(few, analyzer, vocabulary) for few in _by_few(experts)]
    return vocabulary.terms, ProfileTable.joined(tables)
