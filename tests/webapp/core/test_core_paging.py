"""Pages of long lists: whatever number an address asks for, a page answers."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import writing
from webapp.accounts.models import Account
from webapp.core.paging import get_page, page_number

ABSURD = ["0", "-3", "x", "", "²", "1.5", "1e3", "+2", "٣", "\x00", None]


@pytest.mark.parametrize("asked", ABSURD)
def test_what_is_no_number_is_the_first_page(asked: str | None) -> None:
    assert page_number(asked) == 1


@pytest.mark.parametrize(("asked", "number"), [("1", 1), ("7", 7), (" 12 ", 12), ("007", 7)])
def test_a_number_is_read(asked: str, number: int) -> None:
    assert page_number(asked) == number


@pytest.mark.parametrize("digits", [9, 10, 11, 5000])
def test_what_is_beyond_all_pages_is_one_number(digits: int) -> None:
    assert page_number("9" * digits) == 999_999_999


@pytest.fixture
def seven(app: Flask) -> list[int]:
    """Return the ids of seven accounts."""
    with writing(app) as session:
        return [factories.account(session).id for _ in range(7)]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("asked", "number", "positions"),
    [
        ("1", 1, [0, 1, 2]),
        ("2", 2, [3, 4, 5]),
        ("3", 3, [6]),
        ("4", 3, [6]),
        ("9" * 4000, 3, [6]),
        ("9" * 5000, 3, [6]),
        ("-" + "9" * 4000, 1, [0, 1, 2]),
        (str(2**63), 3, [6]),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest(
    session: Session, seven: list[int], asked: str, number: int, positions: list[int]
) -> None:
    chosen = sa.select(Account).order_by(Account.id)
    page = get_page(session, chosen, page_number(asked), size=3)
    assert [account.id for account in page.items] == [seven[position] for position in positions]
    assert (page.total, page.number, page.pages) == (7, number, 3)


@pytest.mark.parametrize("size", [6, 7, 8])
def test_the_last_page_is_never_empty(session: Session, seven: list[int], size: int) -> None:
    page = get_page(session, sa.select(Account).order_by(Account.id), 9, size=size)
    assert page.items
    assert page.pages == (2 if size == 6 else 1)


def test_an_empty_list_has_one_empty_page(session: Session) -> None:
    page = get_page(session, sa.select(Account), 5, size=3)
    assert (list(page.items), page.total, page.number, page.pages) == ([], 0, 1, 1)
