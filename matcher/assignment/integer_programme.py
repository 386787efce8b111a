"""Exact choices under constraints that have names.

A programme has whole-number unknowns, rows ``least <= Σ a_j x_j <= most`` that always hold, and
named constraints of such rows. All numbers are whole, so a solution is checked without rounding:
every row is computed again in integers, and the bound that the solver proved must be less than one
point above the value found. HiGHS solves it (Huangfu and Hall 2018, doi:10.1007/s12532-017-0130-5).

If nothing fulfils the named constraints together, a deletion filter (Chinneck and Dravnieks 1991,
doi:10.1287/ijoc.3.2.157) finds some that clash: together impossible, and possible as soon as any
one of them is left out.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from matcher.errors import MatcherError

if TYPE_CHECKING:
    # The solver takes longer to import than a ranking to make; who only ranks does without.
    from scipy.optimize import OptimizeResult
    from scipy.sparse import csr_array

# Relative scores and coverage are counted in ten thousandths of one: finer differences say nothing
# about people, and whole numbers make sums and ties exact.
POINTS: Final = 10_000
# Unknowns whose tie is broken in one run; 2^14 as the largest weight is far within the solver's
# precision.
_TIES_AT_ONCE: Final = 15
# What a caller who sets no limit waits at most; most cases take a tenth of it (decision 21).
SECONDS_AT_MOST: Final = 30.0
# How far from whole the solver may leave what it calls whole.
_WHOLE: Final = 1e-5
_INFEASIBLE: Final = 2

Terms = Mapping[int, int]


@dataclass(frozen=True)
class Row:
    """``least <= Σ terms[j] · x_j <= most``; a bound that is None does not bind."""

    terms: Terms
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Constraint:
    """A constraint that can be named, and relaxed by its name.

    ``name`` is the code, and where there are several of it what tells them apart, after a colon:
    ``languages:fr``. ``detail`` holds the facts of ``code``, ready to be put into words and
    translated; ``sentence`` says the same in English, without a full stop.
    """

    name: str
    code: str
    detail: Mapping[str, Any]
    sentence: str
    rows: tuple[Row, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The constraint as JSON can hold it."""
        return {"name": self.name, "code": self.code, "detail": dict(self.detail)}


class InfeasibleError(MatcherError):
    """Named constraints that cannot hold together: ``clash`` has them, and none that is not
    needed."""

    def __init__(self, clash: Sequence[Constraint]) -> None:
        sentences = "; ".join(constraint.sentence for constraint in clash)
        together = "cannot hold together" if len(clash) > 1 else "cannot hold"
        super().__init__(f"This {together}: {sentences}.")
        self.clash = tuple(clash)


class UnprovenError(MatcherError):
    """The solver ran out of time, or gave an answer that could not be proved; nothing is chosen."""


class Programme:
    """Unknowns with an upper bound, rows that always hold, and named constraints.

    ``constraints`` are tried for deletion in their order, so of several clashes one of the later
    constraints is told. All runs of the solver together may take ``seconds``, counted from the
    making of the programme.
    """

    def __init__(self, seconds: float = SECONDS_AT_MOST) -> None:
        self._until = time.monotonic() + seconds
        # One unknown that is always 0: the solver wants at least one, and a programme without
        # people is still to be told what is impossible about it.
        self._upper = [0]
        self._rows: list[Row] = []
        self.constraints: list[Constraint] = []

    def add(self, upper: int = 1) -> int:
        """A new unknown from 0 to ``upper``; its place."""
        self._upper.append(upper)
        return len(self._upper) - 1

    def always(self, terms: Terms, *, least: int | None = None, most: int | None = None) -> None:
        """Add a row that is part of what the unknowns mean and is never relaxed."""
        self._rows.append(Row(terms, least, most))

    def solve(
        self, stages: Iterable[Terms], order: Sequence[int], draws: Iterable[Terms] = ()
    ) -> tuple[int, ...]:
        """The values of all unknowns that are best in the first stage, of those best in the second
        and so on; shape (unknowns,).

        Each stage is maximised, and likewise each of ``draws``, which only tell equal solutions
        apart and are left out once one is left. Of several solutions equal in all of them the one
        is taken that has the first unknown of ``order`` if any of them has it, then the second, and
        so on; ``order`` holds unknowns from 0 to 1 that settle the others. So there is one answer,
        whatever way the solver took. Raises :class:`InfeasibleError` and :class:`UnprovenError`.
        """
        rows = self._all_rows(self.constraints)
        best: tuple[int, ...] | None = None
        for stage in stages:
            best = self._maximise(stage, rows)
            if best is None:
                raise InfeasibleError(self.clash())
            rows.append(Row(stage, least=_value(stage, best)))
        if best is None:
            raise ValueError("at least one stage is needed")
        for draw in draws:
            if self._is_only(best, rows, order):
                return best
            best = self._again(draw, rows)
            rows.append(Row(draw, least=_value(draw, best)))
        for start in range(0, len(order), _TIES_AT_ONCE):
            if self._is_only(best, rows, order):
                break
            best, fixed = self._settle(order[start : start + _TIES_AT_ONCE], rows)
            rows += fixed
        return best

    def clash(self) -> tuple[Constraint, ...]:
        """Constraints that cannot hold together, while any of them could be left out for the others
        to hold; empty if all hold together."""
        kept = list(self.constraints)
        if self._possible(kept):
            return ()
        for constraint in self.constraints:
            fewer = [other for other in kept if other is not constraint]
            if not self._possible(fewer):
                kept = fewer
        return tuple(kept)

    def holds(self, constraint: Constraint, fixed: Mapping[int, int]) -> bool:
        """Whether a constraint can hold when some unknowns have these values."""
        rows = [Row({place: 1}, value, value) for place, value in fixed.items()]
        return self._maximise({}, [*self._all_rows([constraint]), *rows]) is not None

    def _all_rows(self, constraints: Iterable[Constraint]) -> list[Row]:
        return [*self._rows, *(row for constraint in constraints for row in constraint.rows)]

    def _possible(self, constraints: Iterable[Constraint]) -> bool:
        return self._maximise({}, self._all_rows(constraints)) is not None

    def _is_only(self, solution: tuple[int, ...], rows: list[Row], order: Sequence[int]) -> bool:
        """Whether no other choice of the unknowns in ``order`` fulfils the rows."""
        chosen = [place for place in order if solution[place]]
        other = {place: -1 if solution[place] else 1 for place in order}
        return self._maximise({}, [*rows, Row(other, least=1 - len(chosen))]) is None

    def _settle(self, places: Sequence[int], rows: list[Row]) -> tuple[tuple[int, ...], list[Row]]:
        """The solution that has the first of some places rather than all after it, and the rows
        that say so."""
        weights = {place: 1 << power for power, place in enumerate(reversed(places))}
        best = self._again(weights, rows)
        return best, [Row({place: 1}, best[place], best[place]) for place in places]

    def _again(self, objective: Terms, rows: Sequence[Row]) -> tuple[int, ...]:
        """The best values where a solution is known to be."""
        best = self._maximise(objective, rows)
        if best is None:
            raise UnprovenError("the solver lost a solution that it had found")
        return best

    def _maximise(self, objective: Terms, rows: Sequence[Row]) -> tuple[int, ...] | None:
        """The best values, proved, or None if nothing fulfils the rows."""
        seconds = max(0.0, self._until - time.monotonic())
        result = _run(objective, rows, self._upper, seconds)
        if result.status == _INFEASIBLE:
            return None
        if result.status != 0:
            raise UnprovenError(f"the solver gave up: {result.message}")
        solution = tuple(round(value) for value in result.x)
        if not _is_sound(solution, result.x, rows) or not _is_best(solution, objective, result):
            raise UnprovenError("the solver's answer does not stand up to exact arithmetic")
        return solution


def _run(
    objective: Terms, rows: Sequence[Row], upper: Sequence[int], seconds: float
) -> OptimizeResult:
    from scipy.optimize import Bounds, LinearConstraint, milp

    costs = np.zeros(len(upper))
    costs[list(objective)] = [-float(weight) for weight in objective.values()]
    constraints = [LinearConstraint(*_matrix(rows, len(upper)))] if rows else []
    return milp(
        costs,
        integrality=np.ones(len(upper)),
        bounds=Bounds(0, np.array(upper, dtype=np.float64)),
        constraints=constraints,
        options={"mip_rel_gap": 0.0, "time_limit": seconds},
    )


def _matrix(
    rows: Sequence[Row], unknowns: int
) -> tuple[csr_array, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    from scipy.sparse import csr_array

    values = [float(weight) for row in rows for weight in row.terms.values()]
    columns = [place for row in rows for place in row.terms]
    starts = np.cumsum([0, *(len(row.terms) for row in rows)])
    least = [-math.inf if row.least is None else row.least for row in rows]
    most = [math.inf if row.most is None else row.most for row in rows]
    matrix = csr_array((values, columns, starts), shape=(len(rows), unknowns))
    return matrix, np.array(least), np.array(most)


def _value(terms: Terms, solution: Sequence[int]) -> int:
    return sum(weight * solution[place] for place, weight in terms.items())


def _is_sound(solution: Sequence[int], found: Sequence[float], rows: Iterable[Row]) -> bool:
    if any(abs(value - near) > _WHOLE for value, near in zip(solution, found, strict=True)):
        return False
    values = ((row, _value(row.terms, solution)) for row in rows)
    return all(
        (row.least is None or row.least <= value) and (row.most is None or value <= row.most)
        for row, value in values
    )


def _is_best(solution: Sequence[int], objective: Terms, result: OptimizeResult) -> bool:
    """Whether the solver's bound leaves no room for a whole point more."""
    return not objective or -float(result.mip_dual_bound) < _value(objective, solution) + 1
