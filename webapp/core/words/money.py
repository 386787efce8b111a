"""Amounts in euros: exact in Python, whole cents in the database, written as people write them."""

from decimal import Decimal

import sqlalchemy as sa
from babel.numbers import format_currency, format_decimal
from sqlalchemy.engine import Dialect

from webapp.core.words.language import current_locale

ZERO = Decimal(0)


class Euros(sa.types.TypeDecorator[Decimal]):
    """An amount in euros, kept as cents: SQLite has no decimal numbers, and sums stay exact."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """Return the cents; what is finer than a cent is refused rather than rounded."""
        if value is None:
            return None
        cents = value * 100
        if cents != int(cents):
            raise ValueError("an amount finer than a cent cannot be stored")
        return int(cents)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        """Return the amount; sums of it come as other kinds of whole numbers."""
        return None if value is None else Decimal(int(value)) / 100


def amount_typed(value: Decimal) -> str:
    """Return an amount as somebody types it: 1250.00, or 1250,00 where a comma is written."""
    return format_decimal(value, "0.00", locale=current_locale())


def euros_name(value: Decimal | None) -> str:
    """Return an amount with its currency: €1,250.00."""
    return "" if value is None else format_currency(value, "EUR", locale=current_locale())
