"""What a coordinator asks of a team as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Quota:
    """How many of some people, by their ids, a team has; None for any number."""

    those: Collection[str]
    least: int | None = None
    most: int | None = None

    def __post_init__(self) -> None:
        if (self.least or 0) < 0 or (self.most is not None and self.most < (self.least or 0)):
            raise ValueError("a quota needs least <= most, neither of them negative")


@dataclass(frozen=True)
class TeamRules:
    """Quotas, each of them hard.

    ``languages``: for each language the least CEFR level and how many members must have it (sr, bs,
    hr and cnr are accepted for each other). ``sexes``: least members of each. ``at_most_from_one``:
    members from one jurisdiction; somebody whose jurisdiction is not known counts in every one.
    ``jurisdictions``: least number of them. ``max_load``: open assignments a member may have
    already. ``apart``: pairs who must not go together. ``groups``: quotas on people whom the caller
    names, such as those of one institution or those who have led a mission; for what no profile
    that is ranked tells.

    ``coverage`` is no quota but the weight w of the value (0 to 1): how much it counts that every
    subject has somebody who covers it, against how well each member fits the whole.
    """

    languages: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    sexes: Mapping[str, int] = field(default_factory=dict)
    at_most_from_one: int | None = None
    jurisdictions: int | None = None
    max_load: int | None = None
    must: Collection[str] = ()
    must_not: Collection[str] = ()
    apart: Collection[tuple[str, str]] = ()
    groups: Mapping[str, Quota] = field(default_factory=dict)
    coverage: float = 0.2

    def __post_init__(self) -> None:
        if not 0 <= self.coverage <= 1:
            raise ValueError("the weight of coverage must lie between 0 and 1")
