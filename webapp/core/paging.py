"""Long lists in pages: one way to read the number of a page, to count, and to fetch its items."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

T = TypeVar("T")
# More pages than any list has; what is beyond is the last one.
_MOST_DIGITS = 9


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list: its items, how many all pages have, its number, and how many there are."""

    items: Sequence[T]
    total: int
    number: int
    pages: int


def page_number(asked: str | None) -> int:
    """Return the number of the page that an address asks for; 1 for what is no such number."""
    digits = re.fullmatch("0*([1-9][0-9]*)", (asked or "").strip())
    # Python refuses to read thousands of digits as a number.
    return int(digits[1][:_MOST_DIGITS]) if digits else 1


def place(number: int, total: int, *, size: int) -> tuple[int, int]:
    """Return the number of the nearest page that is there, and how many pages there are."""
    pages = max(1, -(-total // size))
    return min(max(number, 1), pages), pages


def cut(items: Sequence[T], number: int, *, size: int) -> Page[T]:
    """Return a page of a list that is there as a whole; one that is not there is the nearest."""
    number, pages = place(number, len(items), size=size)
    return Page(items[(number - 1) * size : number * size], len(items), number, pages)


def get_page(session: Session, chosen: sa.Select[Any], number: int, *, size: int) -> Page[Any]:
    """Return a page of the things that `chosen` selects; one that is not there is the nearest."""
    page = get_rows(session, chosen, number, size=size)
    return replace(page, items=[row[0] for row in page.items])


def get_behind(
    session: Session, first: Sequence[Any], others: sa.Select[Any], number: int, *, size: int
) -> Page[Any]:
    """Return a page of a list of which the `first` things are known and the `others` selected."""
    counted = sa.select(sa.func.count()).select_from(others.order_by(None).subquery())
    total = len(first) + (session.scalar(counted) or 0)
    number, pages = place(number, total, size=size)
    start = (number - 1) * size
    items = list(first[start : start + size])
    if len(items) < size:
        behind = others.limit(size - len(items)).offset(max(0, start - len(first)))
        items += session.scalars(behind)
    return Page(items, total, number, pages)


def get_rows(
    session: Session, chosen: sa.Select[*tuple[Any, ...]], number: int, *, size: int
) -> Page[Any]:
    """Return a page of rows of several columns."""
    counted = sa.select(sa.func.count()).select_from(chosen.order_by(None).subquery())
    total = session.scalar(counted) or 0
    number, pages = place(number, total, size=size)
    items = session.execute(chosen.limit(size).offset((number - 1) * size)).all()
    return Page(items, total, number, pages)
