"""People who may stand on the roster twice: found however they are spelled, and no one else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.databases import reading, writing
from tests.pages import Pages
from tests.webapp.roster.pairs import compare_everybody, seek
from webapp.core.roles import Role
from webapp.experts.models import Expert, ExpertState
from webapp.roster import duplicates, merging
from webapp.roster.duplicates import Hint
from webapp.roster_imports.twins import MOST_NAMESAKES, has_all_of

SignIn = Callable[..., Pages]
HOME = "Fictional Ministry of Interior"
ONE: dict[str, Any] = {"name": "Jelena Đorđević", "institution": HOME, "jurisdiction": "SRB"}


def hints(app: Flask, one: dict[str, Any], other: dict[str, Any]) -> set[Hint]:
    """Put two people on the roster and return what speaks for their being one."""
    with writing(app) as session:
        for values in (one, other):
            factories.expert(session, signs_in=False, **values)
        pairs = compare_everybody(session)
    return set(pairs[0].hints) if pairs else set()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Јелена Ђорђевић", Hint.SAME_NAME),
        ("ĐORĐEVIĆ Jelena", Hint.SAME_NAME),
        ("Djordjevic, Jelena", Hint.SAME_NAME),
        ("dr Jelena Dordevic", Hint.SAME_NAME),
        ("Jelena Marija Đorđević", Hint.NEAR_NAME),
        ("J. Đorđević", Hint.NEAR_NAME),
        ("Jelena Đorđević-Marić", Hint.NEAR_NAME),
        ("Jelena Đorđevič", Hint.SAME_NAME),
        ("Jelena Đorđevi", Hint.NEAR_NAME),
        ("Jelena Đođrević", Hint.NEAR_NAME),
    ],
)
def test_one_person_is_found_under_other_spellings(app: Flask, name: str, found: Hint) -> None:
    assert found in hints(app, ONE, {**ONE, "name": name})


@pytest.mark.parametrize(
    "name", ["Jelena Marija Đorđević", "Ђорђевић Јелена М.", "Jelena Đorđević (Kos)"]
)
def test_a_name_with_further_words_is_pointed_out_wherever_somebody_works(
    app: Flask, name: str
) -> None:
    """As an import points it out, so that a doubt of its dry run outlives it."""
    other = {**ONE, "name": name, "institution": "Another fictional ministry"}
    assert Hint.NEAR_NAME in hints(app, ONE, other)


# Each is one person with some of the others: by name, address or telephone.
CROWD: list[dict[str, Any]] = [
    ONE,
    *({**ONE, "name": name} for name in ("Јелена Ђорђевић", "Djordjevic, Jelena", "J. Đorđević")),
    {**ONE, "name": "dr Jelena Dordevic", "institution": "МВД Српске"},
    {**ONE, "name": "Jelena Đorđević-Marić", "jurisdiction": None},
    {**ONE, "name": "Ђорђевић Јелена Петра", "institution": "Another fictional ministry"},
    {**ONE, "name": "Јелена Ђорђеви", "institution": "MVD Srpske"},
    {**ONE, "name": "Milica Neko", "telephone": "+381 (11) 234-5678"},
    {**ONE, "name": "Ruža Druga", "telephone": "011/2345678", "institution": ""},
    {**ONE, "name": "Iva Treća", "contact_email": "iva@example.org", "jurisdiction": "MNE"},
    {**ONE, "name": "Petar Četvrti", "contact_email": "iva@example.org"},
    {**ONE, "name": "Ana Đorđević", "institution": "50% of an office_"},
    {**ONE, "name": "Ana de la Cruz", "institution": "Another fictional ministry"},
    {**ONE, "name": "Ана Круз де ла", "institution": ""},
]


@pytest.mark.both_databases
def test_the_list_is_what_comparing_everybody_finds(app: Flask) -> None:
    with writing(app) as session:
        people = [factories.expert(session, signs_in=False, **values) for values in CROWD]
    seek(app)
    with reading(app) as session:
        listed = duplicates.list_pairs(session)
        assert listed == compare_everybody(session)
        assert len(listed) > len(CROWD)
    with writing(app) as session:
        one, other = listed[0].numbers
        session.get_one(Expert, one).name = "Marta Primer"
        session.get_one(Expert, people[-1].id).state = ExpertState.ERASED
        office = factories.work(session, factories.account(session, Role.COORDINATOR))
        merging.tell_apart(office, *(session.get_one(Expert, n) for n in listed[-1].numbers))
    with reading(app) as session:
        assert duplicates.list_pairs(session) == compare_everybody(session)
        assert {one, other} not in [set(pair.numbers) for pair in duplicates.list_pairs(session)]


@pytest.mark.both_databases
def test_of_one_expert_the_same_is_found_as_in_the_whole_list(app: Flask) -> None:
    """The page of an expert asks the database for a few, and must not miss one of them."""
    with writing(app) as session:
        people = [factories.expert(session, signs_in=False, **values) for values in CROWD]
        pairs = compare_everybody(session)
        for expert in people:
            likely = {other.id for other, _hints in duplicates.list_likely(session, expert)}
            whole = {one.id for pair in pairs for one in (pair.kept, pair.gone)
                     if expert.id in (pair.kept.id, pair.gone.id)} - {expert.id}  # fmt: skip
            assert likely == whole, expert.name
        assert len(pairs) > len(CROWD)


def test_of_more_namesakes_than_can_be_compared_nobody_is_pointed_out(app: Flask) -> None:
    """Neither in the list nor on the page of one of them."""
    with writing(app) as session:
        people = [
            factories.expert(
                session,
                signs_in=False,
                name=f"Ion Popescu {'abcdefghij'[at % 10]}{at}x",
                institution=f"Office {at}",
                post=f"Post {at}",
            )
            for at in range(MOST_NAMESAKES + 1)
        ]
        assert compare_everybody(session) == []
        assert duplicates.list_likely(session, people[0]) == []


def test_one_word_or_a_sentence_is_within_no_name() -> None:
    assert not has_all_of("Đorđević", "Jelena Đorđević")
    assert has_all_of("Ana de la Cruz", "Ana Cruz")
    assert not has_all_of("Jelena Đorđević of the office for all things at home", "Jelena Đorđević")


@pytest.mark.parametrize(
    "other",
    [
        {**ONE, "name": "Jelena Petrović"},
        {**ONE, "jurisdiction": "MNE"},
        {**ONE, "name": "Jelena Marija Đorđević", "jurisdiction": "MNE"},
        {**ONE, "name": "Jelena Đorđevi", "institution": "Another fictional ministry"},
        {**ONE, "name": "Milena Đorđević-Kovač"},
        {**ONE, "name": "Ana Đorđević"},
    ],
)
def test_others_are_left_alone(app: Flask, other: dict[str, Any]) -> None:
    assert not hints(app, ONE, other)


def test_the_ends_of_two_countries_numbers_can_be_alike(app: Flask) -> None:
    with writing(app) as session:
        for name, telephone in (("Ana Prva", "+381 21 0000 001"), ("Bo Drugi", "+386 1 000 0001")):
            factories.expert(session, name=name, telephone=telephone, contact_email="")
    with reading(app) as session:
        assert list(compare_everybody(session)) == []


def test_an_address_or_telephone_is_enough_unless_it_is_an_offices(app: Flask) -> None:
    reached: dict[str, Any] = {"contact_email": "j@example.org", "telephone": "+381 11 222 333"}
    found = hints(app, {**ONE, **reached}, {"name": "Jelena Kovač", **reached})
    assert {Hint.SAME_ADDRESS, Hint.SAME_TELEPHONE} <= found
    with writing(app) as session:
        for _ in range(3):
            factories.expert(session, signs_in=False, **reached)
        assert not compare_everybody(session)


def test_who_was_erased_or_told_apart_is_not_pointed_out(app: Flask, sign_in_as: SignIn) -> None:
    coordinator = sign_in_as(Role.COORDINATOR)
    with writing(app) as session:
        one, other = (factories.expert(session, signs_in=False, **ONE) for _ in range(2))
        gone = factories.expert(session, signs_in=False, **ONE)
        gone.state = ExpertState.ERASED
    seek(app)
    page = coordinator.get("/roster/duplicates")
    assert "1 pair." in page.text
    assert "1 pair." in coordinator.get("/roster/duplicates", query={"page": "7"}).text
    assert "Perhaps stands on the roster twice" in coordinator.get(f"/roster/{other.id}").text
    page = page.follow(f"Compare: {ONE['name']}, {ONE['name']}")
    page = page.submit("These are two people")
    assert "Nobody seems to stand on the roster twice" in page.text
    assert "Perhaps stands" not in coordinator.get(f"/roster/{one.id}").text


def test_the_one_who_stands_further_on_the_roster_would_be_kept(app: Flask) -> None:
    with writing(app) as session:
        active = factories.expert(session, **ONE)
        factories.expert(session, signs_in=False, state=ExpertState.NOMINATED, **ONE)
        pair = compare_everybody(session)[0]
    assert pair.kept.id == active.id
    assert isinstance(active, Expert)
