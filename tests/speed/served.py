"""What the processes of the platform have worked and hold, as the system counts it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """What a process holds, in MB: in all, with its part of what it shares, and alone."""

    rss: int
    pss: int
    private: int


@dataclass(frozen=True)
class Process:
    """A process that serves pages, or does the jobs."""

    number: int
    what: str

    def memory(self) -> Memory:
        """Return what it holds now."""
        lines = Path(f"/proc/{self.number}/smaps_rollup").read_text().splitlines()[1:]
        told = dict(line.split(":", 1) for line in lines)
        kb = {name: int(value.split()[0]) for name, value in told.items()}
        private = kb["Private_Clean"] + kb["Private_Dirty"]
        return Memory(*(size // 1024 for size in (kb["Rss"], kb["Pss"], private)))


def processes() -> list[Process]:
    """Return the processes of the platform that this one has started, and those that they have."""
    found: list[Process] = []
    waiting = [(os.getpid(), False)]
    while waiting:
        parent, is_served = waiting.pop()
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for number in map(int, children):
            command = Path(f"/proc/{number}/cmdline").read_bytes()
            serves = b"gunicorn" in command
            if serves:
                found.append(Process(number, "worker" if is_served else "master"))
            elif b"huey_consumer" in command:
                found.append(Process(number, "job worker"))
            waiting.append((number, serves))
    return sorted(found, key=lambda process: process.number)


def worked(some: Iterable[Process]) -> float:
    """Return how many seconds some processes have worked until now."""
    ticks = 0
    for process in some:
        told = Path(f"/proc/{process.number}/stat").read_text().rpartition(")")[2].split()
        ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def machine_worked() -> float:
    """Return how many seconds the cores of the machine have worked until now, for whomever."""
    told = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    idle = told[3] + told[4]
    return (sum(told[:8]) - idle) / os.sysconf("SC_CLK_TCK")
