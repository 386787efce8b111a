"""The machine that is measured on, and how fast one of its cores reads memory."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import resource
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_info

from matcher.store import kernels

# What a ranking must read of a posting: the row of the entry as int32, and a float32 value.
POSTING_BYTES: Final = 8
# Larger than the last-level caches of today's servers, so that memory is read and not the cache.
_READ_BYTES: Final = 512 * 1024 * 1024
_REPEATS: Final = 5
_PACKAGES: Final = ("numpy", "scipy", "scikit-learn", "bm25s", "numba", "tantivy")


def describe() -> dict[str, Any]:
    """Processor, cores, memory in bytes (None where it is not known), versions, and whether the
    loops of the matcher are compiled."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_bytes": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "compiled": not str(kernels.__file__).endswith(".py"),
        "packages": {name: _version(name) for name in _PACKAGES},
        "blas": sorted({f"{p['internal_api']} {p['version']}" for p in threadpool_info()}),
    }


def read_bandwidth(size: int = _READ_BYTES) -> float:
    """Bytes per second that one core reads from ``size`` bytes in order: the best of several passes
    of a reduction that the processor does not hold up."""
    numbers = np.ones(max(1, size // 8), dtype=np.int64)
    best = float("inf")
    for _ in range(_REPEATS):
        started = time.perf_counter()
        numbers.max()
        best = min(best, time.perf_counter() - started)
    return numbers.nbytes / best


def limit_seconds(postings: float, bandwidth: float) -> float:
    """The time in which ``postings`` can be read once at ``bandwidth`` bytes per second."""
    return postings * POSTING_BYTES / bandwidth


def resident_bytes() -> int:
    """Memory of this process that lies in RAM, after giving back what was freed; where the system
    does not tell, the highest that it has been."""
    _give_back()
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return pages * resource.getpagesize()


def _give_back() -> None:
    # The C library keeps freed memory for later; without this it would count as the engine's.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
