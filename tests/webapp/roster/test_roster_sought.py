"""Pairs sought only where profiles have changed are those of the whole roster, with less work."""

import random

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import reading, writing
from tests.webapp.roster.pairs import compare_everybody, seek
from webapp.accounts.models import Account
from webapp.experts.models import Expert, ExpertState
from webapp.experts.revisions import touch
from webapp.roster import duplicates, marks, sketches, sweep
from webapp.roster.sought import Sought

FIRST = ("Ana", "Ана", "Jelena", "Jelna", "J.", "Jelena Marija")
LAST = ("Kos", "Kosić", "Kosic-Zgled", "Primer", "Primerr", "Primerić")
INSTITUTIONS = ("", "Fictional Ministry", "Fictional Police")
ADDRESSES = ("", "one@example.org", "two@example.org")
TELEPHONES = ("", "+381 11 234 5678", "011 2345678", "+386 1 234 5678")
STATES = (ExpertState.ACTIVE, ExpertState.WITHDRAWN, ExpertState.NOMINATED, ExpertState.ERASED)


def edit(session: Session, chance: random.Random, numbers: list[int]) -> None:
    """Do one of the things that change who may be whom, some without raising any revision."""
    chosen = chance.choice(numbers)
    field = {
        "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        "institution": chance.choice(INSTITUTIONS),
        "contact_email": chance.choice(ADDRESSES),
        "telephone": chance.choice(TELEPHONES),
        "jurisdiction": chance.choice(("MNE", "SRB", None)),
        "state": chance.choice(STATES),
    }
    what = chance.choice([*field, "account", "new", "deleted"])
    if what == "new":
        numbers.append(factories.expert(session, signs_in=False, name=field["name"]).id)
    elif what == "deleted":
        numbers.remove(chosen)
        session.execute(sa.delete(Expert).where(Expert.id == chosen))
    elif what == "account":
        account = session.scalars(sa.select(Account).order_by(Account.id)).first()
        assert account is not None
        account.email = f"{chance.choice('abc')}@example.org"
    else:
        of_one = sa.update(Expert).where(Expert.id == chosen)
        session.execute(of_one.values({what: field[what]}))
    session.flush()
    session.expunge_all()


@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_the_same_is_found_as_from_the_beginning(
    app: Flask, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few may share a mark here, so that groups become too large to be compared, or no more."""
    monkeypatch.setattr(marks, "MOST_OF_KIND", (2, 4, 3, 3, 2))
    chance, sought, met = random.Random(seed), Sought(), set()
    with writing(app) as session:
        factories.expert(session, name="Ana Kos")
        numbers = [
            factories.expert(session, signs_in=False, name=f"{first} {last}", institution=where).id
            for first in FIRST[:4]
            for last in LAST[:3]
            for where in INSTITUTIONS[:2]
        ]
        for _round in range(60):
            for _edit in range(chance.choice((1, 1, 1, 5))):
                edit(session, chance, numbers)
            found = sought.follow(session)
            assert found == {pair.numbers for pair in compare_everybody(session)}
            met.add(frozenset(found))
    assert len(met) > 20


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """Collect the numbers of those who are compared."""
    pairs: list[set[int]] = []
    compare = duplicates.compare

    def collect(one: sketches.Sketch, other: sketches.Sketch) -> tuple[duplicates.Hint, ...]:
        pairs.append({one.id, other.id})
        return compare(one, other)

    monkeypatch.setattr(duplicates, "compare", collect)
    return pairs


def test_only_whose_profile_has_changed_is_compared_again(
    app: Flask, compared: list[set[int]]
) -> None:
    with writing(app) as session:
        numbers = [
            factories.expert(session, signs_in=False, name=f"Ana {last}", institution="Police").id
            for last in ("Kos", "Kosić", "Kosjak", "Komar", "Kolar", "Kovač", "Kodrič", "Koren")
        ]
    seek(app)
    assert len(compared) == 28
    compared.clear()
    with writing(app) as session:
        expert = session.get_one(Expert, numbers[0])
        expert.post = "Another post"

        touch(session, expert)
    seek(app)
    assert len(compared) == 7
    assert all(numbers[0] in pair for pair in compared)


def test_of_an_office_that_grows_and_shrinks_the_others_are_found_again(app: Flask) -> None:
    """Whoever comes to its address, or leaves it, changes what is found of the others."""
    sought = Sought()
    with writing(app) as session:
        for name in ("Ana Kos", "Iva Primer", "Eva Zgled", "Mia Vzorec"):
            factories.expert(session, signs_in=False, name=name, contact_email="o@example.org")
        assert len(sought.follow(session)) == 6
        fifth = factories.expert(
            session, signs_in=False, name="Pia Tuja", contact_email="o@example.org"
        )
        assert sought.follow(session) == set()
        fifth.contact_email = ""
        session.flush()
        assert len(sought.follow(session)) == 6


def test_after_an_exception_the_next_time_begins_from_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app) as session:
        for name in ("Ana Kos", "Kos, Ana"):
            factories.expert(session, signs_in=False, name=name)
    with app.app_context(), monkeypatch.context() as broken:
        broken.setattr(duplicates, "compare", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sweep.seek_due()
    seek(app)
    with reading(app) as session:
        assert len(duplicates.list_since(session)) == 1
