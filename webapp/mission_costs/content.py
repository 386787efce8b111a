"""What is planned and paid for one item of a mission."""

from dataclasses import dataclass
from decimal import Decimal

from webapp.core.words.money import ZERO
from webapp.expertise_requests.models import Payer


@dataclass(frozen=True)
class Cost:
    """An item as it is typed: what it costs by plan and in the end, and who pays."""

    planned: Decimal | None
    actual: Decimal | None
    payer: Payer


@dataclass(frozen=True)
class Sums:
    """What things cost together, by plan and in the end."""

    planned: Decimal = ZERO
    actual: Decimal = ZERO
