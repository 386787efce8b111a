"""What a request asks of an expert beside the subject is read in the platform's languages."""

import dataclasses

import pytest

from matcher import CONSIDERATIONS, Expert, ExpertIndex, Request
from matcher.considerations import profile_facts
from matcher.considerations.evidence import RANK, YEARS

INDEX = ExpertIndex([Expert("e", summary="Marks weapons with a laser.")])


def read(description: str) -> dict[str, int]:
    """Name and number of each wish of a request."""
    request = Request("r", title="Weapons marking", description=description)
    return {wish.name: wish.value for wish in INDEX.rank(request).wishes}


@pytest.mark.parametrize(
    ("description", "years"),
    [
        ("An adviser with at least ten years of experience.", 10),
        ("Minimum 15 years of relevant professional experience.", 15),
        ("Experience: no less than 7 years.", 7),
        ("Au moins dix ans d'expérience.", 10),
        ("Опыт работы не менее десяти лет.", 10),
        ("Досвід роботи не менше 12 років.", 12),
        ("Cel puțin zece ani de experiență.", 10),
        ("Të paktën dhjetë vjet përvojë.", 10),
        ("Најмалку десет години искуство.", 10),
        ("Najmanje petnaest godina iskustva.", 15),
        ("Desetogodišnje iskustvo.", 10),
        ("10-летний опыт.", 10),
    ],
)
def test_years_are_read(description: str, years: int) -> None:
    assert read(description)["years"] == years


@pytest.mark.parametrize(
    ("description", "rank"),
    [
        ("The rank of colonel or above.", 6),
        ("A senior police officer.", 4),
        ("Major or higher.", 4),
        ("Grade de colonel ou plus.", 6),
        ("В звании не ниже полковника.", 6),
        ("У званні не нижче майора.", 4),
        ("Cu gradul de colonel sau mai mare.", 6),
        ("Me gradën kolonel ose më lart.", 6),
        ("Со чин полковник или повисок.", 6),
        ("Čin potpukovnik ili viši.", 5),
    ],
)
def test_ranks_are_read(description: str, rank: int) -> None:
    assert read(description)["rank"] == rank


@pytest.mark.parametrize(
    "description",
    [
        "Our ministry has 30 years of experience.",
        "The law is ten years old.",
        "Marking of major weapons, and a general overview at least.",
        "The general staff is informed.",
        "In the last two years weapons were marked at the border.",
        "Background:\nThe organisation has at least 20 years of experience in the region.",
    ],
)
def test_what_merely_looks_like_a_wish_is_none(description: str) -> None:
    assert not {"years", "rank"} & read(description).keys()


def test_words_of_a_wish_rank_nobody_unless_it_is_switched_off() -> None:
    index = ExpertIndex(
        [
            Expert("marks", summary="Marks weapons with a laser."),
            Expert("writes", summary="Wrote of a colonel, of novels, and of horses."),
        ]
    )
    text = "A colonel or above."
    asked = Request("r", title="Marking of weapons by laser", description=text)
    assert [match.expert_id for match in index.rank(asked).ranked] == ["marks"]
    off = dataclasses.replace(asked, without=CONSIDERATIONS)
    assert {match.expert_id for match in index.rank(off).ranked} == {"marks", "writes"}


def test_a_request_of_nothing_but_wishes_is_read_all_the_same() -> None:
    index = ExpertIndex([Expert("a", summary="Colonel of the guard, on parade.")])
    assert index.rank(Request("r", title="Colonel or above")).ranked


@pytest.mark.parametrize(
    ("expert", "rank", "years"),
    [
        (Expert("e", rank="Colonel"), 6, 0),
        (Expert("e", rank="Major"), 4, 0),
        (Expert("e", headline="Major crimes investigator"), 0, 0),
        (Expert("e", headline="Lieutenant colonel, head of stores"), 5, 0),
        (Expert("e", headline="Полковник полиции", summary="Стаж 22 года."), 6, 22),
        (Expert("e", summary="Potpukovnik u penziji, 18 godina iskustva."), 5, 18),
        (Expert("e", summary="Secretary to nobody. The general had 30 years."), 0, 0),
    ],
)
def test_ranks_and_years_are_read_in_profiles(expert: Expert, rank: int, years: int) -> None:
    facts = profile_facts([expert])[0]
    assert (facts[RANK], facts[YEARS]) == (rank, years)
