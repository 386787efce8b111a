"""What may be told of people in numbers, and how shares are reckoned."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import TypeAlias

# A number, or None for one that is too small to be told.
Number: TypeAlias = int | float | Decimal | None
# A number of people below this could tell who they are.
FEWEST = 5
# What is told to strangers is true of so many missions and so many people at least.
MISSIONS_AT_LEAST = 5


def tellable(count: int) -> Number:
    """Return a number of people, or None for one so small that it could name somebody."""
    return None if 0 < count < FEWEST else count


def tellable_parts(parts: Sequence[int]) -> tuple[Number, ...]:
    """Return the parts of a whole that is told, too: all, or none if one of them is too small.

    Of two parts the one that is left out could be reckoned from the other.
    """
    told = tuple(map(tellable, parts))
    return (None,) * len(told) if None in told else told


def hide_small(counts: Sequence[int]) -> list[Number]:
    """Return numbers of people of which the sum is told, too, without those that are too small.

    Several are hidden at least, which together are no small number, or what is hidden could be
    reckoned from the sum; so the next larger ones are hidden, too. Of equal ones all are: tables of
    the same numbers hide the same.
    """
    most = 0
    for count in sorted({FEWEST - 1, *(one for one in counts if one >= FEWEST)}):
        hidden = [one for one in counts if 0 < one <= most]
        is_any_small = any(0 < one < FEWEST for one in counts)
        if is_any_small and (len(hidden) < 2 or sum(hidden) < FEWEST):
            most = count
    return [None if 0 < one <= most else one for one in counts]


def share_of_busiest_tenth(missions: Mapping[int, int]) -> int | None:
    """Return how many of a hundred missions the busiest tenth of the experts had.

    `missions` has, by the number of missions, how many experts had as many.
    """
    everybody = sum(missions.values())
    all_missions = sum(number * count for number, count in missions.items())
    if not all_missions:
        return None
    left, theirs = ceil(everybody / 10), 0
    for number in sorted(missions, reverse=True):
        taken = min(left, missions[number])
        theirs, left = theirs + number * taken, left - taken
    return round(100 * theirs / all_missions)
