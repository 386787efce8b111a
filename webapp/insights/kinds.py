"""What is asked of the statistics, and the form in which each of them answers."""

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webapp.core.words.translation import LabelledEnum, Message, _
from webapp.core.words.vocabularies import jurisdiction_name
from webapp.insights.rules import Number

NOT_KNOWN = _("not known")


def place_name(code: str | None) -> str | Message:
    """Return the name of a jurisdiction, which an old request or profile may lack."""
    return jurisdiction_name(code) if code else NOT_KNOWN


@dataclass(frozen=True)
class Asked:
    """The period that is counted, both days included, and what narrows it.

    `besides` are the requests for which the reader asks: of them is told what was asked for, and
    whom it led to, and no step between.
    """

    first: date
    last: date
    theme: str | None = None
    jurisdiction: str | None = None
    besides: frozenset[int] = frozenset()


class Part(LabelledEnum):
    """The pages of the statistics."""

    THEMES = "themes", _("Supply and demand")
    PEOPLE = "people", _("Who is sent")
    TIMES = "times", _("How long it takes")
    PLACES = "places", _("From where to where")
    CHOICES = "choices", _("Choices and refusals")
    COSTS = "costs", _("Costs")


class Chart(enum.Enum):
    """How a statistic is drawn."""

    BARS = "bars"
    RANGES = "ranges"
    FLOW = "flow"
    MAP = "map"


@dataclass(frozen=True)
class Line:
    """What is counted for one thing; `code` is that of the jurisdiction, if it is one."""

    label: str | Message
    values: tuple[Number, ...]
    code: str | None = None


@dataclass(frozen=True)
class Statistic:
    """Numbers with their words; `name` stands in addresses, `says` tells what is counted."""

    name: str
    title: Message
    says: Message
    of: Message
    columns: tuple[str | Message, ...]
    lines: tuple[Line, ...]
    chart: Chart = Chart.BARS

    @property
    def largest(self) -> float | Decimal:
        """Return the largest number, which takes the whole width of a chart."""
        return max((v for line in self.lines for v in line.values if v is not None), default=0) or 1

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to draw."""
        return not any(value for line in self.lines for value in line.values if value is not None)

    @property
    def hides(self) -> bool:
        """Tell whether a number is left out because it is small."""
        return any(value is None for line in self.lines for value in line.values)
