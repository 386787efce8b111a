"""The facts that considerations go by, as a reader is told them for each profile."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Final

import numpy as np

from matcher.arrays import Counts, Mask
from matcher.considerations.evidence import ATTENDED, CONFIRMED, PART, RANK, TAUGHT
from matcher.considerations.weighing import Case
from matcher.records import CONSIDERATIONS

Remark = Mapping[str, Any]


def remarks(case: Case, names: Container[str] = CONSIDERATIONS) -> Mapping[str, Sequence[Remark]]:
    """For each of some considerations that counts, what each profile has of it; empty for nothing.

    ``recency`` has the ``last`` month (YYYY-MM); ``length`` the ``months``; ``place`` how many
    entries are from the ``same`` ``jurisdiction`` as the request and from one ``like`` it;
    ``taught`` how many were ``taught`` and ``attended``; ``confirmed`` how many are (``entries``);
    ``years`` how many are ``asked`` for and ``shown``, and ``rank`` likewise, from 1 to 7, 0 where
    the profile does not say.
    """
    return {name: _TOLD[name](case) for name in case.weighing.weights if name in names}


def _count(case: Case, chosen: Mask) -> list[int]:
    owners = case.facts.owners[case.earned & chosen]
    found: list[int] = np.bincount(owners, minlength=len(case.facts.of_profiles)).tolist()
    return found


def _filled(**columns: Sequence[int]) -> list[Remark]:
    """One remark for each profile; empty where all its numbers are 0."""
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return [row if any(row.values()) else {} for row in rows]


def _recency(case: Case) -> list[Remark]:
    _, end = case.periods
    last: Counts = np.zeros(len(case.facts.of_profiles), dtype=np.int64)
    np.maximum.at(last, case.facts.owners[case.earned], end[case.earned])
    return [
        {"last": f"{month // 12:04}-{month % 12 + 1:02}"} if month else {}
        for month in last.tolist()
    ]


def _length(case: Case) -> list[Remark]:
    return _filled(months=case.months.astype(np.int64).tolist())


def _place(case: Case) -> list[Remark]:
    same, like = case.is_like
    rows = _filled(same=_count(case, same), like=_count(case, like))
    return [row and {**row, "jurisdiction": case.weighing.jurisdiction} for row in rows]


def _taught(case: Case) -> list[Remark]:
    part = case.facts.of_entries[:, PART]
    return _filled(taught=_count(case, part == TAUGHT), attended=_count(case, part == ATTENDED))


def _confirmed(case: Case) -> list[Remark]:
    return _filled(entries=_count(case, case.facts.of_entries[:, CONFIRMED] > 0))


def _years(case: Case) -> list[Remark]:
    asked = case.weighing.asked("years")
    return [{"asked": asked, "shown": n} for n in case.years_shown.astype(np.int64).tolist()]


def _rank(case: Case) -> list[Remark]:
    asked = case.weighing.asked("rank")
    return [{"asked": asked, "shown": n} for n in case.facts.of_profiles[:, RANK].tolist()]


_TOLD: Final[Mapping[str, Callable[[Case], list[Remark]]]] = {
    "recency": _recency,
    "length": _length,
    "place": _place,
    "taught": _taught,
    "confirmed": _confirmed,
    "years": _years,
    "rank": _rank,
}
